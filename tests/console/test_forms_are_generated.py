"""Forms: whatever a definition asks stands on the page as a control of its kind, and is taken, refused and kept as the definition says."""

from __future__ import annotations

import pytest

from tests.console.desk import Desk, Paper, paper
from tests.console.reception import part, said

PNG = b"\x89PNG\r\n\x1a\n"
GOOD = {
    "serial": "001017000000011",
    "tel": "12800000001",
    "sure": "true",
    "count": "3",
    "fee": "1,200.00",
    "day": "2026-10-01",
    "at": "2026-10-01T09:30",
    "colour": "blue",
    "kind": "g",
    "repairer": "rui",
    "helpers": ["ren", "rui"],
    "shop": "shop-1",
    "spares.0.part": "BAT-1",
    "spares.0.pieces": "2",
}


@pytest.fixture(scope="module")
def form(desk: Desk) -> Paper:
    """The form that asks for everything, in English."""
    return desk.ask("cai", desk.begun(), "fill")


def test_what_must_hold_is_marked_as_it_came_out_when_it_is_tried(desk: Desk, form: Paper) -> None:
    page = desk.send("cai", form, 200, data={**form.sent(**GOOD), "do": "foresee"})
    assert part(page, ".foreseen")
    assert [each.get_text(" ", strip=True).partition(":")[0] for each in page.select(".conditions li")] == ["Holds", "Holds"]


def test_each_kind_of_value_has_its_control(form: Paper) -> None:
    page = form.page
    tags = {
        "story": None,
        "serial": ("input", "", "numeric"),
        "vin": ("input", "", ""),
        "tel": ("input", "", "tel"),
        "mail": ("input", "", "email"),
        "count": ("input", "", "numeric"),
        "weight": ("input", "", "decimal"),
        "fee": ("input", "", "decimal"),
        "day": ("input", "date", ""),
        "at": ("input", "datetime-local", ""),
        "kind": ("select", "", ""),
        "repairer": ("select", "", ""),
        "shop": ("select", "", ""),
        "repair": ("input", "", ""),
    }
    for name, expected in tags.items():
        found = page.select_one(f"#data-{name}")
        told = (found.name, said(found, "type"), said(found, "inputmode")) if found is not None else None
        assert told == expected, name
    assert [said(each, "value") for each in page.select("[name='data.sure']")] == ["true", "false"]
    assert [said(each, "value") for each in page.select("[name='data.colour']")] == ["red", "blue"]
    assert {said(each, "type") for each in page.select("[name='data.helpers']")} == {"checkbox"}
    assert [said(each, "name") for each in page.select("#data-photo [type=file]")] == ["data.photo", "data.photo"]
    assert [said(each, "capture") for each in page.select("#data-photo [type=file]")] == ["", "environment"]
    assert page.select_one("#data-papers [multiple]") is not None
    assert said(form.form, "enctype") == "multipart/form-data"


def test_every_control_has_a_label_and_says_whether_it_must_be_filled(form: Paper) -> None:
    for control in form.form.select("input:not([type=hidden]), select, textarea"):
        if control.find_parent("template") is None:
            assert form.form.select_one(f"label[for='{control['id']}']") is not None, control
    label = part(form.page, "label[for=data-serial]").get_text(" ", strip=True)
    assert label == "Serial required"
    assert part(form.page, "label[for=data-vin]").get_text(" ", strip=True) == "VIN optional"


def test_limits_are_said_before_anything_is_wrong(form: Paper) -> None:
    def hint(name: str) -> str:
        return part(form.page, f"#data-{name}-hint").get_text(" ", strip=True)

    assert hint("serial") == "15 digits"
    assert hint("vin") == "17 capital letters or digits, without I, O, Q"
    assert hint("count") == "1 to 9"
    assert hint("papers") == "png txt at most 3 files up to 10 MB each"
    assert hint("repair") == "Number of a case of “Desk repair”"


def test_those_may_be_named_who_hold_the_role_where_the_case_is(form: Paper) -> None:
    named = [said(each, "value") for each in form.page.select("#data-repairer option")]
    assert named[0] == ""
    assert set(named[1:]) == {"rui", "ren", "hua"}  # of shop 1 and of the headquarters above it, nobody of shop 2


def test_whatever_may_be_given_is_taken(desk: Desk) -> None:
    number, repair = desk.begun(), desk.company.opened(imei="001017000000029")
    form = desk.ask("cai", number, "fill")
    files = [("data.photo", ("a.png", PNG)), ("data.papers", ("b.png", PNG + b"b")), ("data.papers", ("c.txt", b"text"))]
    desk.send("cai", form, 303, data=form.sent(**GOOD, repair=repair), files=files)
    case = desk.company.case(number)
    told = {each.id: each.value.en for each in desk.app.views.case(number).fields}
    assert case.state == "filled"
    assert told["fee"] == "CNY 1,200.00"
    assert told["at"] == "2026-10-01 09:30"
    assert case.data["helpers"] == ("ren", "rui")
    assert told["papers"] == "b.png (9 B), c.txt (4 B)"
    assert told["spares"] == "1 row: BAT-1, 2"
    assert case.data["repair"] == repair


def test_what_is_wrong_is_told_beside_the_field_and_all_of_it_at_the_top(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(), "fill")
    bad = {**GOOD, "serial": "12", "count": "77", "day": "gestern", "spares.0.pieces": "0", "spares.1.part": "BAT-2"}
    back = Paper("", {}, page := desk.send("cai", form, 422, data=form.sent(**bad)), form.form)
    assert back.beside("data-count") == "must not be more than 9"
    assert back.beside("data-serial").startswith("expected 15 digits")
    assert back.beside("data-spares-0-pieces") == "must not be less than 1"
    assert back.beside("data-spares-1-pieces") == "must be filled"
    assert "Count: must not be more than 9" in back.faults
    links = [said(each, "href") for each in page.select(".faults a")]
    assert {"#data-serial", "#data-count", "#data-day", "#data-spares-0-pieces", "#data-spares-1-pieces"} == set(links)
    assert all(page.select_one(each) is not None for each in links)
    assert said(part(page, "[autofocus]"), "id") == "data-serial"
    assert said(part(page, "#data-count"), "aria-invalid") == "true"
    assert "data-count-fault" in said(part(page, "#data-count"), "aria-describedby").split()


def test_what_was_typed_stands_there_again(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(), "fill")
    page = desk.send("cai", form, 422, data=form.sent(**{**GOOD, "count": "77", "day": "2026年10月1日"}))
    back = paper(page)
    for name, value in GOOD.items():
        if name not in ("count", "day"):
            assert sorted(back.values[f"data.{name}"]) == (value if isinstance(value, list) else [value]), name
    assert (said(part(page, "#data-day"), "value"), said(part(page, "#data-day"), "type")) == ("2026年10月1日", "")
    assert back.values["key"] != form.values["key"]


def test_a_file_that_came_with_a_faulty_form_need_not_be_chosen_again(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "fill")
    sent = form.sent(**{**GOOD, "count": "77"})
    page = desk.send("cai", form, 422, data=sent, files=[("data.papers", ("b.png", PNG + b"b")), ("data.photo", ("p.txt", b"text"))])
    back = paper(page)
    assert [each.rpartition("/")[2] for each in back.values["data.papers"]] == ["b.png"]
    assert "data.photo" not in back.values
    assert Paper("", {}, page, form.form).beside("data-photo") == "“p.txt” is text/plain by its content, expected: png"
    desk.send("cai", back, 303, data=back.sent(count="7"))
    assert desk.app.views.case(number).fields[-2].value.en == "b.png (9 B)"


def test_an_empty_file_is_said_to_be_empty(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(), "fill")
    page = desk.send("cai", form, 422, data=form.sent(**GOOD), files=[("data.photo", ("p.png", b""))])
    assert Paper("", {}, page, form.form).beside("data-photo") == "“p.png” is empty"


def test_rows_come_and_go_by_buttons(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "fill")
    page = desk.send("cai", form, 200, data=form.sent(**GOOD) | {"do": "add:spares"})
    more = paper(page)
    assert (more.values["data.spares.0.part"], more.values["data.spares.1.part"]) == (["BAT-1"], [""])
    assert more.faults == []
    fewer = paper(desk.send("cai", more, 200, data=more.values | {"data.spares.1.part": "BAT-2", "do": "drop:spares.0"}))
    assert fewer.values["data.spares.0.part"] == ["BAT-2"]
    assert desk.company.case(number).state == "waiting"


def test_cells_are_asked_of_each_row_that_is_there(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "fill")
    rows = {"spares.1.part": "BAT-2", "spares.1.pieces": "1"}
    desk.send("cai", form, 303, data=form.sent(**GOOD, **rows))
    form = desk.ask("rui", number, "fit")
    assert [each.get_text(strip=True) for each in form.page.select(".form-rows .told")] == ["PartBAT-1", "PartBAT-2"]
    assert form.page.select_one("[data-add-row]") is None
    page = desk.send("rui", form, 422, data=form.sent(**{"spares.0.fitted": "true"}))
    assert Paper("", {}, page, form.form).beside("data-spares-1-fitted") == "must be filled"
    back = paper(page)
    desk.send("rui", back, 303, data=back.sent(**{"spares.1.fitted": "false"}))
    assert desk.app.views.case(number).fields[-1].value.en == "2 rows: BAT-1, 2, yes; BAT-2, 1, no"


def test_what_may_stay_empty_stands_there_as_it_is_and_what_must_be_filled_is_filled_anew(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(story="一段说明"), "edit")
    assert form.values["data.story"] == ["一段说明"]
    assert form.values["data.words"] == [""]
    hint = part(form.page, "#data-words-hint")
    assert hint.get_text(" ", strip=True).startswith("Now: 样品")
    assert said(part(hint, "[data-take-over]"), "data-take-over") == "样品"
