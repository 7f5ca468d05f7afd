"""A variant says only what is different: maps merge, `remove` deletes, lists are edited, the rest replaces. Files answer for their text."""

from __future__ import annotations

from typing import Any

import pytest

from engine.authoring.document import read
from engine.authoring.library import Checked, Library, check_documents
from tests.process import ROLES, SUPPLIES, tidy, written

BASE = """workflow: visit
version: 3
title: 到店
owner: boss
organisation: shop
number: "V{yy}-{seq:04}"
calendar: desk-hours
source: [house-rule]
fields:
  note:  {type: text, title: 备注}
  check: {type: decimal, title: 检测值}
  fault: {type: choice, title: 故障, choices: faults}
choices:
  faults: {power: {zh: 不开机, en: Power}, none: {zh: 无, en: None}}
start:
  open: {title: 开单, by: desk, asks: [note, fault], to: open}
states:
  open:
    title: 办理
    transitions:
      finish:
        title: 完工
        by: [bench, boss]
        shows: [note]
        asks: [check, note?]
        requires:
          - {that: check > 1, say: 检测值过低}
          - {that: note is set, say: 须备注}
        notify:
          - {tell: desk, template: quote-ready}
          - {tell: boss, template: ready-for-pickup}
        to: [{when: fault == none, then: closed}, {else: waiting}]
      tell: {title: 告知, by: desk, to: stay}
  waiting:
    title: 待取
    transitions:
      hand: {title: 交付, by: desk, shows: [fault], to: closed}
  closed: {title: 完成, final: success}
ladders:
  late: [{at: due, tell: boss, template: overdue}]
clocks:
  work: {title: 办理, runs_in: [open], limit: 4h, ladder: late}
"""
HEAD = "workflow: visit-{name}\nextends: {base}\nversion: 1\ntitle: 变体\n"


def head(name: str = "electric", base: str = "visit") -> str:
    return HEAD.replace("{name}", name).replace("{base}", base)


def found(*texts: str) -> Library:
    return tidy(check_documents([read(written(text).encode(), f"{index}.yaml") for index, text in enumerate(texts)], ROLES, SUPPLIES))


def variant(text: str, base: str = BASE) -> Checked:
    """The variant, which must be without fault."""
    library = found(base, head() + text)
    assert [(one.file, one.code, one.span.line, one.sentence.en) for one in library.diagnostics] == []
    return library.checked[1]


def step(text: str, name: str = "finish") -> Any:
    return variant(text).bundle.workflow.states["open"].transitions[name]


def told(*texts: str) -> list[tuple[str, str, int, int]]:
    return [(one.file, one.code, one.span.line, one.span.column) for one in found(*texts).diagnostics]


def finish(change: str) -> str:
    return f"states:\n  open:\n    transitions:\n      finish: {change}\n"


def test_a_variant_that_changes_nothing_means_what_its_base_means() -> None:
    base, same = found(BASE, head()).checked

    assert same.bundle.workflow.model_copy(update={"workflow": "visit", "version": 3, "title": base.bundle.workflow.title}) == (
        base.bundle.workflow
    )
    own = base.bundle.model_copy(
        update={
            "workflow": same.bundle.workflow.model_copy(update={"workflow": "visit", "version": 3, "title": base.bundle.workflow.title})
        }
    )
    assert own.digest() == base.compiled.digest


def test_maps_merge_by_key_and_new_entries_come_last() -> None:
    fields = variant("fields:\n  note: {lines: 3}\n  volts: {type: decimal, title: 电压, source: volts}\n").bundle.workflow.fields

    assert list(fields) == ["note", "check", "fault", "volts"]
    assert (fields["note"].type, fields["note"].lines) == ("text", 3)


def test_scalars_lists_and_cases_replace() -> None:
    found = step(finish("{title: 结束, by: [desk], to: waiting}"))

    assert (found.title.zh, found.by, found.to) == ("结束", ("desk",), "waiting")


def test_remove_deletes_an_entry() -> None:
    workflow = variant(
        "states:\n  open: {transitions: {tell: remove}}\nclocks: {work: {calendar: desk-hours}}\nsource: remove\n"
    ).bundle.workflow

    assert list(workflow.states["open"].transitions) == ["finish"]
    assert workflow.source == ()


def test_a_label_may_say_remove() -> None:
    assert step(finish("{title: {zh: 移除, en: remove}}")).title.en == "remove"


def test_a_list_is_edited_and_its_lines_are_removed_by_their_text() -> None:
    lines = "requires: {remove: note is set, add: [{that: check < 9, say: 过高}]}, notify: {remove: [ready-for-pickup]}"
    found = step(finish(f"{{asks: {{add: [fault], remove: [note]}}, {lines}}}"))

    assert found.asks == ("check", "fault")
    assert [line.that for line in found.requires] == ["check > 1", "check < 9"]
    assert [notice.template for notice in found.notify] == ["quote-ready"]


def test_one_word_is_a_list_of_one_and_what_is_not_there_an_empty_one() -> None:
    found = step("states:\n  open:\n    transitions:\n      tell: {by: {add: boss}, shows: {add: [note]}}\n", "tell")

    assert (found.by, found.shows) == (("desk", "boss"), ("note",))


def test_a_line_is_told_apart_by_as_much_of_it_as_is_needed() -> None:
    twice = BASE.replace("template: ready-for-pickup", "template: quote-ready")
    (_, checked) = found(twice, head() + finish("{notify: {remove: [{tell: boss, template: quote-ready}]}}")).checked

    assert [notice.tell for notice in checked.bundle.workflow.states["open"].transitions["finish"].notify] == [("desk",)]


def test_shared_choices_grow_for_all_or_for_one_field() -> None:
    more = "{range: {zh: 续航, en: Range}}"
    for change in (f"choices: {{faults: {more}}}\n", f"fields: {{fault: {{choices: {more}}}}}\n"):
        library = found(BASE, head() + change)
        assert library.diagnostics == ()
        assert list(library.checked[1].bundle.workflow.fields["fault"].choices or {}) == ["power", "none", "range"]


def test_a_shared_ladder_is_edited_for_one_clock() -> None:
    workflow = variant("clocks:\n  work: {ladder: {add: [{at: due + 1wd, tell: boss, template: overdue}]}}\n").bundle.workflow

    assert [rung.at for rung in workflow.clocks["work"].ladder if not isinstance(rung, str)] == ["due", "due + 1wd"]
    assert [rung.at for rung in workflow.ladders["late"]] == ["due"]


def test_number_and_source_are_inherited_and_numbers_are_counted_together() -> None:
    checked = variant("")

    assert checked.compiled.number == "V{yy}-{seq:04}"
    assert checked.bundle.workflow.source == ("house-rule",)


def test_a_stranger_with_the_number_of_a_variant_is_told() -> None:
    stranger = BASE.replace("workflow: visit", "workflow: other")

    assert told(BASE, head(), stranger) == [("2.yaml", "duplicate-across-files", 6, 9)]


def test_version_and_title_are_never_inherited() -> None:
    assert [code for _, code, *_ in told(BASE, "workflow: visit-electric\nextends: visit\n")] == ["missing-key", "missing-key"]


def test_what_no_longer_fits_is_told_where_it_was_written() -> None:
    assert told(BASE, head() + "fields: {check: remove}\n") == [("0.yaml", "unknown-field", 25, 16), ("0.yaml", "unknown-name", 27, 20)]


def test_what_the_variant_adds_is_told_in_the_variant() -> None:
    assert told(BASE, head() + finish("{requires: {add: [{that: volts > 5, say: 过低}]}}")) == [("1.yaml", "unknown-name", 8, 40)]


def test_of_a_variant_of_a_faulty_base_only_that_is_said() -> None:
    faulty = BASE.replace("by: [bench, boss]", "by: [bank, boss]")

    assert told(faulty, head() + "fields: {note: {lines: 3}}\n") == [
        ("0.yaml", "unknown-role", 23, 14),
        ("1.yaml", "unknown-workflow", 2, 10),
    ]


def test_a_variant_of_an_unreadable_base_waits_too() -> None:
    assert [(file, code) for file, code, *_ in told(BASE.replace("final: success", "final: done"), head())] == [
        ("0.yaml", "unknown-word"),
        ("1.yaml", "unknown-workflow"),
    ]


def test_a_faulty_variant_harms_nobody_else() -> None:
    library = found(BASE, head() + "fields: {nothing: remove}\n", head("plain"))

    assert [each.compiled.workflow for each in library.checked] == ["visit", "visit-plain"]


def test_what_a_variant_breaks_in_the_text_of_its_base_is_told_there_and_names_the_variant() -> None:
    (broken,) = found(BASE, head() + "states: {waiting: remove}\n").diagnostics

    assert (broken.file, broken.code) == ("0.yaml", "unknown-state")
    assert broken.sentence.en == "there is no state “waiting” (in the variant “visit-electric”)"
    assert broken.sentence.zh == "没有状态“waiting”（变体“visit-electric”中）"


def test_what_is_wrong_with_the_base_itself_is_told_once() -> None:
    colour = "fields:\n  colour: {type: text, title: 颜色}\n"
    unused = BASE.replace("asks: [note, fault]", "asks: [note, fault, colour]").replace("fields:\n", colour)
    documents = [read(written(text).encode(), f"{index}.yaml") for index, text in enumerate((unused, head()))]

    told = [one for one in check_documents(documents, ROLES, SUPPLIES).diagnostics if one.code == "asked-never-used"]

    assert [(one.file, one.sentence.en) for one in told] == [("0.yaml", "“colour” is asked for and never used")]


def test_a_chain_of_three_is_rendered_and_the_order_of_files_is_of_no_matter() -> None:
    texts = [BASE, head() + "fields: {note: {lines: 3}}\n", head("van", "visit-electric") + "clocks: {work: {limit: 2h}}\n"]

    for order in (texts, texts[::-1]):
        library = found(*order)
        assert library.diagnostics == ()
        van = next(each for each in library.checked if each.compiled.workflow == "visit-van").bundle.workflow
        assert (van.fields["note"].lines, van.clocks["work"].limit) == (3, "2h")


def test_a_chain_of_four_is_too_long() -> None:
    library = found(BASE, head("a"), head("b", "visit-a"), head("c", "visit-b"))

    assert [(one.file, one.code) for one in library.diagnostics] == [("3.yaml", "base-chain")]
    assert "visit-c → visit-b → visit-a → visit" in library.diagnostics[0].sentence.en


def test_a_circle_is_told_to_everybody_in_it() -> None:
    assert told(head("a", "visit-b"), head("b", "visit-a"), head("c", "visit-a")) == [
        ("0.yaml", "base-chain", 2, 10),
        ("1.yaml", "base-chain", 2, 10),
        ("2.yaml", "unknown-workflow", 2, 10),
    ]


def test_the_nearest_base_is_offered() -> None:
    (one,) = found(BASE, head(base="vist")).diagnostics

    assert (one.code, one.way_out.en if one.way_out else None) == ("unknown-workflow", "Did you mean “visit”?")


def test_a_base_is_found_around() -> None:
    base = read(written(BASE).encode(), "0.yaml")
    library = tidy(check_documents([read(written(head()).encode(), "1.yaml")], ROLES, SUPPLIES, [base]))

    assert library.diagnostics == ()
    assert [each.compiled.workflow for each in library.checked] == ["visit-electric"]


@pytest.mark.parametrize(
    ("change", "nearest"),
    [
        ("states:\n  opn: remove\n", "open"),
        (finish("{requires: {remove: [note is st]}}"), "note is set"),
        (finish("{notify: {remove: [ready-for-pick]}}"), "ready-for-pickup"),
        (finish("{by: {remove: [bank]}}"), "bench"),
        ("clocks: {work: {ladder: {remove: [du]}}}\n", "due"),
    ],
)
def test_what_cannot_be_removed_is_told_with_the_nearest(change: str, nearest: str) -> None:
    (one,) = found(BASE, head() + change).diagnostics

    assert one.code == "bad-removal"
    assert one.way_out is not None
    assert one.way_out.zh == f"是不是想写“{nearest}”？"
