"""Clauses of the written procedures: every word of `source` is one, and what a document claims is carried out or left out somewhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.authoring.document import read, read_file
from engine.authoring.library import Library, check_documents, find_documents, read_library
from engine.authoring.organisation import read_roles, unknown_clauses
from engine.authoring.procedures import Procedures, check_procedures, read_procedures
from engine.authoring.supplies import Supplies
from engine.authoring.tracing import Traces, traced
from tests.process import ROLES, SUPPLIES, tidy, written

ROOT = Path(__file__).parents[3]

INDEX = """
procedures: shop
title: {zh: 规程, en: Procedures}
flows:
  parcels:
    title: {zh: 收件, en: Parcels}
    steps: {receive: {zh: 接收, en: Receive}, close: {zh: 结案, en: Close}}
    records: {note: {zh: 备注, en: Note}}
rules:
  CON3: {title: {zh: 退货, en: Return}, applies_to: parcels}
"""

PARCEL = """workflow: {name}
version: 1
title: 收件
owner: boss
organisation: shop
number: "{letter}{{yy}}-{{seq:04}}"
{head}
fields:
  note: {{type: text, title: 备注{of_field}}}
start:
  receive: {{title: 受理, by: desk, asks: note, to: open{of_start}}}
states:
  open: {{title: 办理, transitions: {{close: {{title: 结案, by: desk, shows: note, to: done{of_step}}}}}}}
  done: {{title: 完成, final: success}}
"""

ALL = {
    "head": "source: [parcels]",
    "of_field": ", source: parcels/note",
    "of_start": ", source: parcels/receive",
    "of_step": ", source: [parcels/close]",
}


def parcel(name: str = "parcel", letter: str = "P", **parts: str) -> str:
    return written(PARCEL.format(**{"head": "", "of_field": "", "of_start": "", "of_step": "", "name": name, "letter": letter, **parts}))


def index(text: str = INDEX) -> Procedures:
    return check_procedures([read(text.encode(), "shop.yaml")])


def checked(*texts: str, procedures: Procedures | None = None, around: tuple[str, ...] = ()) -> Library:
    supplies = Supplies(SUPPLIES.calendars, SUPPLIES.templates, procedures=index() if procedures is None else procedures)
    documents = [read(text.encode(), f"{number}.yaml") for number, text in enumerate(texts)]
    beside = [read(text.encode(), f"beside-{number}.yaml") for number, text in enumerate(around)]
    return tidy(check_documents(documents, ROLES, supplies, beside))


def told(library: Library) -> list[tuple[str, str]]:
    return [(one.code, one.sentence.en) for one in library.diagnostics]


def test_a_procedure_that_is_carried_out_whole_has_nothing_to_tell() -> None:
    assert told(checked(parcel(**ALL))) == []


def test_what_nobody_carries_out_is_told_at_the_claim_and_with_the_way_out() -> None:
    library = checked(parcel(**{**ALL, "of_step": ""}))
    (one,) = library.diagnostics

    assert (one.code, one.severity, one.span.line, one.span.column) == ("clause-not-carried-out", "warning", 7, 10)
    assert one.sentence.zh == "“parcels”要求的步骤“结案”（parcels/close）没有文件执行"
    assert one.way_out is not None
    assert "source: parcels/close" in one.way_out.en
    assert len(library.checked) == 1


def test_another_document_may_carry_it_out_or_say_why_not() -> None:
    claiming = parcel(**{**ALL, "of_step": ""})
    carrying = parcel("letter", "L", of_step=", source: parcels/close")
    leaving = parcel("letter", "L", head="source: [parcels]\nleft_out: [{clause: parcels/close, why: {zh: 不结案, en: Never closed}}]")

    assert told(checked(claiming, carrying)) == []
    assert told(checked(claiming, around=(carrying,))) == []
    assert told(checked(claiming, leaving)) == []


def test_a_rule_may_hold_without_a_word() -> None:
    assert told(checked(parcel(**ALL))) == told(checked(parcel(**{**ALL, "head": "source: [parcels, CON3]"}))) == []


def test_the_nearest_clause_is_offered() -> None:
    (one,) = checked(parcel(of_step=", source: parcels/clsoe")).diagnostics

    assert (one.code, one.severity) == ("unknown-clause", "error")
    assert one.way_out is not None
    assert one.way_out.en == "Did you mean “parcels/close”?"


def test_without_written_procedures_a_word_stands_for_itself() -> None:
    assert told(checked(parcel(head="source: [anything]"), procedures=Procedures())) == []


def test_of_an_index_with_mistakes_nothing_is_carried_out_and_nothing_is_missing() -> None:
    faulty = index(INDEX.replace("steps:", "stpes:"))
    library = checked(parcel(**{**ALL, "of_step": ""}), procedures=faulty)

    assert library.checked == ()
    assert {one.code for one in library.diagnostics if one.file == "0.yaml"} == {"unknown-clause"}
    assert {one.way_out.en for one in library.diagnostics if one.file == "0.yaml" and one.way_out} == {"Mend “shop.yaml” first."}
    assert {one.code for one in library.diagnostics if one.file == "shop.yaml"} == {"unknown-key"}


def test_two_files_hold_no_clause_twice() -> None:
    found = check_procedures([read(INDEX.encode(), "a.yaml"), read(INDEX.replace("parcels", "letters").encode(), "b.yaml")])

    assert [(one.code, one.file, one.sentence.en) for one in found.diagnostics] == [
        ("duplicate-name", "b.yaml", "“a.yaml” holds a clause “CON3” already")
    ]
    assert found.faulty == ("b.yaml",)


def test_a_nearer_file_stands_for_one_of_the_same_name(tmp_path: Path) -> None:
    for folder, text in (("near", INDEX.replace("CON3", "CON4")), ("far", INDEX)):
        (tmp_path / folder / "procedures").mkdir(parents=True)
        (tmp_path / folder / "procedures" / "shop.yaml").write_text(text, encoding="utf-8")

    found = read_procedures([tmp_path / "near", tmp_path / "far"])

    assert {"CON4", "parcels/close"} <= found.clauses.keys()
    assert "CON3" not in found.clauses


def test_files_of_procedures_are_no_processes(tmp_path: Path) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "shop.yaml").write_text(INDEX.replace("applies_to: parcels", "applies_to: parcel"), encoding="utf-8")
    (tmp_path / "parcel.yaml").write_text(parcel(of_step=", source: parcels/close"), encoding="utf-8")

    assert find_documents([tmp_path, tmp_path / "procedures" / "shop.yaml"]) == (tmp_path / "parcel.yaml",)
    library = read_library([tmp_path], ROLES, [tmp_path])
    assert {(one.code, Path(one.file).name) for one in tidy(library).diagnostics} == {
        ("unknown-clause", "shop.yaml"),
        ("unknown-clause", "parcel.yaml"),
    }
    assert library.checked == ()


def test_a_role_names_what_the_procedures_call_it(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(
        "organisation: shop\nroles:\n  boss: {title: {zh: 主管, en: Boss}, source: [CON3, CON5]}\n", encoding="utf-8"
    )
    _, _, documents = read_roles([tmp_path])

    (one,) = unknown_clauses(documents.values(), index())

    assert (one.code, one.span.line, one.span.column) == ("unknown-clause", 3, 52)
    assert list(unknown_clauses(documents.values(), Procedures())) == []


def test_clauses_of_elements_do_not_change_what_a_document_means() -> None:
    plain = parcel(head="source: [parcels]")
    leaving = parcel(**{**ALL, "of_step": "", "head": ALL["head"] + "\nleft_out: [{clause: parcels/close, why: {zh: 不, en: No}}]"})
    digests = [checked(text).checked[0].compiled.digest for text in (plain, parcel(**ALL), leaving, parcel())]

    assert digests[0] == digests[1] == digests[2] != digests[3]


def test_the_trace_tells_of_every_clause_what_became_of_it() -> None:
    text = parcel(
        **{**ALL, "of_step": "", "of_field": "", "head": ALL["head"] + "\nleft_out: [{clause: parcels/note, why: {zh: 不记, en: No}}]"}
    )
    library = checked(text)

    (each,) = traced(index(), Traces.of(one.bundle.workflow for one in library.checked))

    assert each.claimed_by == ("parcel",)
    assert {one.clause.id: one.fate for one in each.clauses} == {
        "parcels/receive": "carried_out",
        "parcels/close": "missing",
        "parcels/note": "left_out",
        "CON3": "unsaid",
    }
    assert (each.count("carried_out"), each.count("missing")) == (1, 1)


@pytest.mark.parametrize("source", ["shop", "parcels/", "/close"])
def test_part_of_a_name_is_no_clause(source: str) -> None:
    assert {code for code, _ in told(checked(parcel(of_step=f", source: {source}")))} == {"unknown-clause"}


def test_whoever_claims_a_shipped_procedure_carries_all_of_it_out_or_says_why_not() -> None:
    registry, _, _ = read_roles([ROOT / "roles"])
    library = read_library([ROOT / "workflows"], registry, [ROOT / "workflows"])
    procedures = read_procedures([ROOT / "workflows"])
    found = traced(procedures, Traces.of(each.bundle.workflow for each in library.checked))
    claimed = [each for each in found if each.claimed_by]

    assert procedures.diagnostics == ()
    assert Counter(one.clause.id for each in claimed for one in each.clauses if one.fate == "missing") == {}
    assert {"phone-frontdesk", "phone-repair-test", "phone-material-outbound", "dealer-callback"} <= {each.procedure.id for each in claimed}
    assert list(unknown_clauses((read_file(path) for path in sorted((ROOT / "roles").glob("*.yaml"))), procedures)) == []
