"""Two people on one case: the second is told what the first did, what he typed is kept, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace

from tests.console.desk import Desk, Paper, paper
from tests.console.reception import SWAPPING, part
from tests.runtime.company import granted


def test_whoever_comes_second_is_told_what_was_done_and_by_whom(desk: Desk) -> None:
    number = desk.begun()
    mine, theirs = desk.ask("cai", number, "edit"), desk.ask("cai", number, "edit")
    desk.send("cai", theirs, 303, data=theirs.sent(words="样品乙"))
    page = desk.send("cai", mine, 412, data=mine.sent(words="样品丙"))
    told = part(page, ".overtaken").get_text(" ", strip=True)
    assert "Somebody else was faster; yours was not done." in told
    assert "样例受理01 · Edit" in told
    assert "Name = 样品乙" in told
    assert desk.company.case(number).data["words"] == "样品乙"


def test_what_the_second_typed_is_kept_and_sent_again_on_what_there_is_now(desk: Desk) -> None:
    number = desk.begun(story="第一版")
    mine = desk.ask("cai", number, "edit")
    granted(desk.company.correct(number, "sun", words="样品乙"))
    back = paper(desk.send("cai", mine, 412, data=mine.sent(words="样品丙", story="第二版")))
    assert (back.values["data.words"], back.values["data.story"]) == (["样品丙"], ["第二版"])
    assert back.values["revision"] != mine.values["revision"]
    desk.send("cai", back, 303)
    assert desk.company.case(number).data == {"words": "样品丙", "story": "第二版"}


def test_where_the_step_is_gone_what_was_typed_is_shown_to_be_copied(desk: Desk) -> None:
    number = desk.company.opened()
    desk.company.fire(number, "take", "rui")
    mine = desk.ask("rui", number, "note")
    desk.company.fire(number, "finish", "rui", work="换电池", fee="10")
    page = desk.send("rui", mine, 412, data=mine.sent(work="写了很久的说明"))
    assert page.select_one(".open-form form") is None
    assert "写了很久的说明" in part(page, ".open-form").get_text()
    assert "This step can no longer be done." in part(page, ".overtaken").get_text()


def test_two_who_take_it_at_once_leave_it_with_one(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000029")
    forms = {person: paper(desk.read(person, f"/cases/{number}"), ".deeds-steps form") for person in ("rui", "ren")}
    answers = [desk.post(person, form.action, form.values, headers=SWAPPING) for person, form in forms.items()]
    assert [each.status_code for each in answers] == [200, 412]
    assert "样例工程师01 · <strong>Take</strong>" in answers[1].text.replace("</span>", "").replace("<span>", "")
    assert desk.company.case(number).assignee == "rui"


def test_a_remark_of_another_leaves_a_form_as_it_was(desk: Desk) -> None:
    number = desk.begun()
    form = desk.ask("cai", number, "edit")
    desk.company.comment(number, "sun", "催一下")
    desk.send("cai", form, 303, data=form.sent(words="样品丁"))


TYPED = {"serial": "001017", "sure": "true", "colour": "blue", "kind": "f", "helpers": "ren", "at": "2026-09-21T10:00"}


def fill_in(desk: Desk, person: str, number: str) -> Paper:
    """The form with a field of every kind, half filled in."""
    form = desk.ask(person, number, "fill")
    rows = {"spares.0.part": "P-1", "spares.0.pieces": "2", "spares.1.part": "P-2", "spares.1.pieces": ""}
    typed = {**TYPED, **rows}
    return replace(form, values={**form.values, **{f"data.{name}": [value] for name, value in typed.items()}, "do": ["refresh"]})


def test_whoever_looks_at_what_was_done_keeps_all_that_he_has_filled_in(desk: Desk) -> None:
    number = desk.begun()
    mine = fill_in(desk, "cai", number)
    granted(desk.company.correct(number, "sun", words="样品乙"))
    text = {"data.papers": ("单.txt", "测试".encode(), "text/plain")}
    page = desk.send("cai", mine, 200, files=text)
    back = paper(page)
    told = part(page, ".overtaken").get_text(" ", strip=True)
    assert "the page is up to date" in told
    assert "样品乙" in told
    assert {name: back.values[f"data.{name}"] for name in TYPED} == {name: [value] for name, value in TYPED.items()}
    cells = {name: value for name, value in back.values.items() if name.startswith("data.spares.")}
    assert cells == {
        "data.spares.0.part": ["P-1"],
        "data.spares.0.pieces": ["2"],
        "data.spares.1.part": ["P-2"],
        "data.spares.1.pieces": [""],
    }
    assert [each.rpartition("/")[2] for each in back.values["data.papers"]] == ["单.txt"], (
        "what was chosen is kept, and need not be chosen again"
    )
    assert back.values["revision"] != mine.values["revision"]
    assert desk.company.case(number).state == "waiting", "nothing is done by looking"
    assert part(page, "#filling").has_attr("data-touched"), "it holds what was not sent yet"


def test_whoever_looks_and_finds_the_step_gone_can_copy_all_that_he_has_filled_in(desk: Desk) -> None:
    number = desk.begun()
    mine = fill_in(desk, "cai", number)
    desk.company.fire(number, "give_up", "sun", reason="客户不来")
    page = desk.send("cai", mine, 200)
    assert page.select("#filling") == []
    kept = part(page, ".open-form").get_text(" ", strip=True)
    assert "This step can no longer be done." in kept
    for words in ("001017", "Blue", "样例工程师02", "Part P-1, Pieces 2; Part P-2"):
        assert words in kept


def test_a_row_that_is_added_without_script_tells_what_happened_meanwhile(desk: Desk) -> None:
    number = desk.begun()
    mine = fill_in(desk, "cai", number)
    granted(desk.company.correct(number, "sun", words="样品乙"))
    page = desk.send("cai", mine, 200, data={**mine.values, "do": "add:spares"})
    assert "样品乙" in part(page, ".overtaken").get_text()


def test_what_is_written_beside_steps_is_kept_by_looking_too(desk: Desk) -> None:
    number = desk.begun()
    form = paper(desk.read("cai", f"/cases/{number}/comment"))
    desk.company.comment(number, "sun", "催一下")
    page = desk.send("cai", form, 200, data={**form.values, "text": "写了一半", "do": "refresh"})
    assert paper(page).values["text"] == ["写了一半"]
    assert [entry.kind for entry in desk.company.history(number)][-1] == "commented"
    assert "催一下" in part(page, ".dossier").get_text()


def test_what_is_told_leads_to_the_form_only_where_one_stands_open(desk: Desk) -> None:
    number = desk.begun()
    seen = desk.company.case(number).seq
    granted(desk.company.correct(number, "sun", words="样品乙"))
    filling, looking = (desk.get("cai", f"/cases/{number}/changes?seq={seen}{more}").text for more in ("&filling=1", ""))
    assert 'form="filling"' in filling
    assert 'form="filling"' not in looking
    assert f'href="/cases/{number}"' in looking
