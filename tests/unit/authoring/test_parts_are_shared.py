"""What documents include becomes part of them: fields, choices, ladders, parties – and a mistake is told in the file that holds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.authoring.document import read
from engine.authoring.library import Library, check_documents, read_library
from engine.authoring.shelf import Shelf
from tests.process import ROLES, SUPPLIES, tidy, written

PART = """
fields:
  note: {type: text, title: {zh: 便笺, en: Note}}
  fault: {type: choice, title: {zh: 故障, en: Fault}, choices: faults}
choices:
  faults: {power: {zh: 不开机, en: Power}, screen: {zh: 屏幕, en: Screen}}
"""
DOCUMENT = """
include: [shared/desk]
fields:
  done: {type: boolean, title: 完成}
start:
  open: {title: 开单, by: desk, asks: [note, fault], to: open}
states:
  open:
    title: 办理
    transitions:
      end: {title: 完成, by: bench, shows: [note, fault], asks: [done], requires: [{that: done, say: 未完成}], to: closed}
  closed: {title: 已完成, final: success}
"""


def found(*documents: str, **parts: str) -> Library:
    shelf = Shelf(parts={f"shared/{name}": read(text.encode(), f"shared/{name}.yaml") for name, text in parts.items()})
    read_in = [read(written(text).encode(), f"{index}.yaml") for index, text in enumerate(documents, 1)]
    return tidy(check_documents(read_in, ROLES, replace(SUPPLIES, shelf=shelf)))


def told(library: Library) -> list[tuple[str, str, int, int]]:
    return [(one.file, one.code, one.span.line, one.span.column) for one in library.diagnostics]


def test_a_document_has_the_fields_of_its_parts_before_its_own() -> None:
    library = found(DOCUMENT, desk=PART)

    assert told(library) == []
    fields = library.checked[0].bundle.workflow.fields
    assert list(fields) == ["note", "fault", "done"]
    assert list(fields["fault"].choices or {}) == ["power", "screen"]


def test_a_bundle_knows_nothing_of_sharing() -> None:
    form = found(DOCUMENT, desk=PART).checked[0].bundle.form()

    assert "include" not in form
    assert "faults" not in form


def test_ladders_and_parties_are_shared_too() -> None:
    part = PART.replace("fields:", "fields:\n  mobile: {type: phone, title: {zh: 手机, en: Mobile}, personal: true}") + (
        "parties: {customer: {mobile: mobile}}\nladders: {late: [{at: due, tell: boss, template: overdue}]}\n"
    )
    clock = "calendar: desk-hours\nclocks: {work: {title: 办理, runs_in: open, limit: 4h, ladder: late}}\n"

    (checked,) = found(DOCUMENT + clock, desk=part).checked

    assert list(checked.compiled.parties) == ["customer"]
    assert [rung.at for rung in checked.bundle.workflow.ladders["late"]] == ["due"]


def test_choices_of_the_document_itself_are_taken_by_name() -> None:
    text = DOCUMENT.replace(
        "include: [shared/desk]\nfields:\n", PART.replace("choices:\n", "  done: {type: boolean, title: 完成}\nchoices:\n")
    )
    text = text.replace("screen: {zh: 屏幕, en: Screen}}\n  done: {type: boolean, title: 完成}\n", "screen: {zh: 屏幕, en: Screen}}\n")

    (checked,) = found(text).checked

    assert list(checked.bundle.workflow.fields["fault"].choices or {}) == ["power", "screen"]


def test_what_is_wrong_in_the_meaning_of_a_part_is_told_in_its_file_once() -> None:
    other = DOCUMENT.replace(
        "include", "workflow: letter\nversion: 1\ntitle: 信件\nowner: boss\norganisation: shop\nnumber: 'L{seq:04}'\ninclude"
    )
    part = PART.replace("type: text, title", 'type: text, pattern: "[", title')

    assert told(found(DOCUMENT, other, desk=part)) == [("shared/desk.yaml", "bad-pattern", 3, 31)]


def test_a_part_with_mistakes_of_its_words_is_told_once_and_whoever_includes_it_must_wait() -> None:
    library = found(DOCUMENT, desk=PART.replace("type: text", "type: txt"))

    assert told(library) == [("1.yaml", "unknown-part", 8, 11), ("shared/desk.yaml", "unknown-word", 3, 16)]
    assert library.diagnostics[0].sentence.en == "the file of the shared part “shared/desk” has mistakes"
    assert library.checked == ()


def test_a_part_includes_nothing_and_is_no_process() -> None:
    library = found(DOCUMENT, desk=PART + "include: [shared/other]\nstates: {}\n")

    assert [(file, code) for file, code, *_ in told(library)] == [
        ("1.yaml", "unknown-part"),
        ("shared/desk.yaml", "unknown-key"),
        ("shared/desk.yaml", "unknown-key"),
    ]


def test_the_nearest_part_is_offered() -> None:
    (one,) = found(DOCUMENT.replace("shared/desk", "shared/desks"), desk=PART).diagnostics

    assert one.way_out is not None
    assert one.way_out.en == "Did you mean “shared/desk”?"


def test_a_clash_names_the_part_that_has_the_key() -> None:
    (one,) = found(DOCUMENT.replace("  done:", "  note: {type: text, title: 备注}\n  done:"), desk=PART).diagnostics

    assert (one.file, one.code, one.span.line, one.span.column) == ("1.yaml", "part-clash", 10, 3)
    assert one.sentence.zh == "“note”已在共用部分“shared/desk”中"


def test_a_part_beside_the_document_comes_before_that_of_the_definition_path(tmp_path: Path) -> None:
    for folder, title in (("north", "北"), (".", "总")):
        (tmp_path / folder / "shared").mkdir(parents=True)
        (tmp_path / folder / "shared" / "desk.yaml").write_text(PART.replace("便笺", title), encoding="utf-8")
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    for name, folder in (("parcel", "north"), ("letter", "south")):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = written(DOCUMENT).replace("workflow: parcel", f"workflow: {name}").replace('"P{', f'"{name[0].upper()}{{')
        (tmp_path / folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    library = tidy(read_library([tmp_path], ROLES, [tmp_path]))

    assert told(library) == []
    titles = {each.compiled.workflow: each.bundle.workflow.fields["note"].title.zh for each in library.checked}
    assert titles == {"parcel": "北", "letter": "总"}


@pytest.mark.parametrize("named", ["folder", "file"])
def test_a_part_that_nobody_includes_is_checked_where_it_is_asked_for(tmp_path: Path, named: str) -> None:
    part = tmp_path / "shared" / "lonely.yaml"
    part.parent.mkdir()
    part.write_text("fields:\n  note: {type: txt, title: {zh: 便笺, en: Note}}\n", encoding="utf-8")

    library = read_library([tmp_path if named == "folder" else part], ROLES, [])

    assert told(library) == [(str(part), "unknown-word", 2, 16)]
