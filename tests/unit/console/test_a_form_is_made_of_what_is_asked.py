"""Forms: which control each rule gets, what stands in it, and where what is wrong is told. Without a page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.core.attaching import FileRule
from engine.core.decision import Reason, Shown
from engine.core.facts import Facts
from engine.core.field import FieldRule, ListRule
from engine.core.form import Ask, Form
from engine.core.kind import Attachment, Kind, Row, Value
from engine.label import Label, verbatim
from engine.runtime.fields import FieldView
from roles.actor import Actor
from web.console.form.control import OFFERED, Choice, Control, Known
from web.console.form.forming import Filling, changes_in, form_of, written
from web.console.form.hints import hints_of

ZONE = ZoneInfo("Asia/Shanghai")
KNOWN = Known(ZONE)


def rule(type: str, **more: object) -> FieldRule:
    """A field of this type, called by it."""
    kind = Kind("text" if type in ("phone", "email") else type, "CNY" if type == "money" else None)  # type: ignore[arg-type]
    return FieldRule(type, Label(f"字段{type}", type.title()), type, kind, **more)  # type: ignore[arg-type]


def control(asked: FieldRule, present: Value | None = None, *, optional: bool = False, **more: object) -> Control:
    """The control of one field."""
    values = {asked.id: present} if present is not None else {}
    shown = {asked.id: FieldView(asked.id, asked.title, verbatim("now"))} if present is not None else {}
    return form_of([Ask.of(asked, optional=optional)], KNOWN, present=values, shown=shown, **more).controls[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[0-9]{15}", "15 digits"),
        (r"\d{4,6}", "4–6 digits"),
        ("[A-HJ-NPR-Z0-9]{17}", "17 capital letters or digits, without I, O, Q"),
        ("[A-Z]{3}", "3 capital letters"),
        ("[a-z0-9]{8}", "8 small letters or digits"),
        ("[A-C]{2}", "Form: [A-C]{2}"),
        ("(SN|PN)-[0-9]+", "Form: (SN|PN)-[0-9]+"),
        ("[A-Z#]{3}", "Form: [A-Z#]{3}"),
    ],
)
def test_a_pattern_is_said_in_words_where_there_are_some(pattern: str, said: str) -> None:
    assert [each.en for each in hints_of(rule("text", pattern=re.compile(pattern)))] == [said]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (FileRule(accept=("jpg", "png"), least=1, most=6), ["jpg png", "1–6 files", "up to 10 MB each"]),
        (FileRule(most=1), ["up to 10 MB"]),
        (FileRule(least=2, most=2, size=500_000), ["2 files", "up to 500 kB each"]),
    ],
)
def test_what_files_are_taken_is_said(files: FileRule, said: list[str]) -> None:
    assert [each.en for each in hints_of(rule("files", files=files))] == said


def test_choices_lie_open_as_long_as_they_are_few() -> None:
    few, many = ({str(n): verbatim(str(n)) for n in range(count)} for count in (6, 7))
    assert control(rule("choice", choices=few)).widget == "radio"
    assert control(rule("choice", choices=many)).widget == "select"


def test_so_does_a_short_scale() -> None:
    few, many = (control(rule("integer", minimum=1, maximum=most)) for most in (5, 7))
    assert ([each.value for each in few.choices], few.widget, few.hints) == (["1", "2", "3", "4", "5"], "radio", ())
    assert ([each.en for each in many.hints], many.widget) == (["1 to 7"], "line")


def test_that_nothing_is_less_than_nothing_goes_without_saying() -> None:
    assert hints_of(rule("money", minimum=Decimal(0))) == ()
    assert [each.en for each in hints_of(rule("integer", minimum=2))] == ["at least 2"]


def test_yes_or_no_is_asked_so_that_no_answer_is_no_answer() -> None:
    assert [each.value for each in control(rule("boolean")).choices] == ["true", "false"]
    assert [each.value for each in control(rule("boolean"), optional=True).choices] == ["true", "false", ""]


VALUES: list[tuple[str, Value, str]] = [
    ("text", "充电器", "充电器"),
    ("boolean", False, "false"),
    ("integer", 3, "3"),
    ("decimal", Decimal("1.50"), "1.50"),
    ("money", Decimal("480"), "480.00"),
    ("date", date(2026, 10, 1), "2026-10-01"),
    ("datetime", datetime(2026, 10, 1, 1, 30, tzinfo=UTC), "2026-10-01T09:30"),
]


@pytest.mark.parametrize(("type", "value", "said"), VALUES)
def test_a_value_reads_back_as_what_it_was(type: str, value: Value, said: str) -> None:
    asked = rule(type)
    assert written(asked, value, ZONE) == said
    facts = Facts(datetime(2026, 10, 1, tzinfo=UTC), Actor("tom", "person"), ZONE)
    filled, faults = Form((Ask.of(asked, optional=False),)).fill({type: said}, {}, facts, (), 1)
    assert (filled, faults) == ({type: value}, ())


def test_what_may_stay_empty_stands_there_and_what_must_be_filled_does_not() -> None:
    stays, anew = (control(rule("text"), "充电器", optional=optional) for optional in (True, False))
    assert (stays.value, stays.present) == ("充电器", None)
    assert (anew.value, anew.present, anew.before) == ("", verbatim("now"), "充电器")


def test_a_masked_value_stands_nowhere() -> None:
    asked = rule("text", personal=True)
    shown = {"text": FieldView("text", asked.title, verbatim("测**"), is_masked=True)}
    for fills in (False, True):
        (found,) = form_of([Ask.of(asked, optional=True)], KNOWN, present={"text": "测试客户甲"}, shown=shown, fills=fills).controls
        assert "测试客户甲" not in repr(found)


def test_what_was_typed_wins_over_what_is_there() -> None:
    assert control(rule("text"), "充电器", optional=True, filling=Filling({"text": ""})).value == ""
    assert control(rule("text"), "充电器", optional=True, filling=Filling({"text": "尾插"})).value == "尾插"
    assert control(rule("money"), filling=Filling({"money": Decimal("12")})).value == "12.00"  # taken over from an earlier case


def test_a_choice_that_there_is_no_more_is_shown_rather_than_changed_into_another() -> None:
    known = Known(ZONE, {None: (Choice("tom", verbatim("Tom")),)})
    (found,) = form_of([Ask.of(rule("person"), optional=False)], known, Filling({"person": "ray"})).controls
    assert (found.value, [each.value for each in found.choices]) == ("ray", ["", "tom", "ray"])


@pytest.mark.parametrize("more", [0, 1])
def test_of_few_people_one_is_chosen_and_of_many_one_is_named(more: int) -> None:
    known = Known(ZONE, {None: tuple(Choice(f"p{each}", verbatim(f"样例{each}")) for each in range(OFFERED + more))})
    asks = [Ask.of(rule(each), optional=True) for each in ("person", "people")]
    last = f"p{OFFERED + more - 1}"
    form = form_of(asks, known, Filling({"person": last, "people": [last, "tom"]}))
    one, several = form.controls
    if more:
        assert (one.widget, one.value, one.choices) == ("line", f"样例{OFFERED}", ())
        assert ([each.value for each in several.choices], several.unread) == ([last], "tom")
        assert [len(form.offers[each.offers]) for each in form.controls] == [OFFERED] * 2
    else:
        assert (one.widget, one.value, len(one.choices)) == ("select", last, OFFERED + 1)
        assert (len(several.choices), form.offers) == (OFFERED, {})


def rows(**more: object) -> FieldRule:
    """A list with two columns, one of which is its key."""
    columns = {"text": rule("text"), "integer": rule("integer")}
    return FieldRule("rows", Label("明细", "Rows"), "list", Kind("list", "rows"), rows=ListRule(columns, key=("text",), **more))  # type: ignore[arg-type]


HELD = (Row("2.1", {"text": "BAT", "integer": 2}), Row("2.2", {"text": "LCD"}))


def test_a_fault_of_a_cell_stands_beside_it_and_one_of_the_list_above_it() -> None:
    asked = rows(least=3)
    facts = Facts(datetime(2026, 10, 1, tzinfo=UTC), Actor("tom", "person"), ZONE)
    ask = Ask.of(asked, optional=False)
    typed = {"rows": [{"text": "BAT", "integer": "x"}]}
    faults = Form((ask,)).fill(typed, {}, facts, (), 1)[1]
    (found,) = form_of([ask], KNOWN, Filling(typed, faults=faults)).controls
    assert found.grid is not None
    text, number = found.grid.lines[0].cells
    assert (found.faults, text.faults) == ((), ())
    assert [each.en for each in number.faults] == ["expected a whole number, found “x”"]
    typed = {"rows": [{"text": "BAT", "integer": "1"}]}
    faults = Form((ask,)).fill(typed, {}, facts, (), 1)[1]
    (found,) = form_of([ask], KNOWN, Filling(typed, faults=faults)).controls
    assert [each.en for each in found.faults] == ["expected at least 3 rows, found 1"]


def test_rows_that_are_there_keep_their_ids_and_as_many_as_must_be_are_there_to_begin_with() -> None:
    ask = Ask.of(rows(least=2), optional=False)
    kept = form_of([ask], KNOWN, present={"rows": HELD}).controls[0].grid
    new = form_of([ask], KNOWN).controls[0].grid
    assert kept is not None
    assert new is not None
    assert [(each.row, [cell.value for cell in each.cells]) for each in kept.lines] == [("2.1", ["BAT", "2"]), ("2.2", ["LCD", ""])]
    assert [each.row for each in new.lines] == ["", ""]


def test_a_condition_that_fails_leads_to_the_first_field_that_decided() -> None:
    reason = Reason("guard_unmet", Label("超重", "Too heavy"), "weight < 30", (Shown("other", Label("", ""), Label("", "")),), ("integer",))
    form = form_of([Ask.of(rule("text"), optional=True), Ask.of(rule("integer"), optional=True)], KNOWN, Filling(faults=[reason]))
    assert [each.anchor for each in form.faults] == ["data-integer"]
    assert form.first == "data-integer"


def test_of_several_that_decided_it_leads_to_one_left_empty_else_to_the_one_asked_first() -> None:
    decided = tuple(Shown(each, Label("", ""), Label("", "")) for each in ("integer", "text"))
    reason = Reason("guard_unmet", Label("不符", "Does not fit"), "integer < 30 or text == “a”", decided)
    asks = [Ask.of(rule("text"), optional=True), Ask.of(rule("integer"), optional=True)]
    for typed, leads_to in (({"text": "b", "integer": "31"}, "data-text"), ({"text": "b"}, "data-integer")):
        assert form_of(asks, KNOWN, Filling(typed, faults=[reason])).first == leads_to


def test_a_correction_sends_only_what_is_not_as_it_was() -> None:
    photo = Attachment("a" * 64, "a.png", 9, "image/png")
    fields = {"text": rule("text"), "money": rule("money"), "files": rule("files", files=FileRule()), "rows": rows()}
    present: dict[str, Value] = {"text": "充电器", "money": Decimal("480"), "files": (photo,), "rows": HELD}
    asks = [Ask.mending(each, optional=False) for each in fields.values()]
    same: dict[str, object] = {
        "text": "充电器",
        "money": "480.00",
        "files": [{"id": photo.id, "name": "a.png"}],
        "rows": [{"row": "2.1", "text": "BAT", "integer": "2"}, {"row": "2.2", "text": "LCD", "integer": ""}],
    }
    assert changes_in(asks, same, present, ZONE, ()) == {}
    mended = [{"row": "2.1", "text": "BAT", "integer": "3"}, {"row": "2.2", "text": "LCD", "integer": ""}]
    changed = {"text": "尾插", "money": "48.00", "files": [], "rows": mended}
    assert changes_in(asks, changed, present, ZONE, ()) == changed
    assert changes_in(asks, {**same, "text": ""}, present, ZONE, {"text"}) == {}
