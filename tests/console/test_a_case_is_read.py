"""The page of a case: what stands there for whom, why a clock is due then, what happened, and that somebody else was there."""

from __future__ import annotations

import re

import pytest
from bs4 import Tag

from engine.core.command import Comment, Fire, Undo
from engine.runtime.attachment import arrived, store
from tests.console.reception import SWAPPING, Reception
from tests.runtime.company import caller, granted
from tests.web.centre import Busy, make_busy

VERDICT = {"fault": "charging", "cause": "尾插氧化", "in_warranty": True, "verdict_why": "性能故障", "remedy": "repair"}
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(scope="module", autouse=True)
def busy(reception: Reception) -> Busy:
    """Two phones of each shop, on their second day; Sue stands in for Tom and has judged his."""
    busy = make_busy(reception.centre)
    reception.centre.fire(busy.taken, "diagnose", "sue", **VERDICT)
    return busy


def part(page: Tag, chosen: str) -> Tag:
    """A part of a page, which must be there."""
    found = page.select_one(chosen)
    assert found is not None, chosen
    return found


def words(found: Tag) -> str:
    """What one reads there."""
    return " ".join(found.get_text(" ").split())


def titles(page: Tag) -> list[str]:
    """What happened, newest first."""
    return [words(each) for each in page.select(".entry-what strong")]


def test_it_says_where_the_case_stands_and_what_it_is_about(reception: Reception, busy: Busy) -> None:
    page = reception.read("tom", f"/cases/{busy.taken}")
    head = words(part(page, ".dossier-head"))
    assert words(part(page, "h1")) == busy.taken
    assert words(part(page, ".badge-state")) == "In repair"
    assert words(part(page, ".stage[aria-current=step]")) == "repair"
    assert [words(each) for each in page.select(".stage.is-past")] == ["Passed: receive", "Passed: diagnose"]
    for each in ("001017000000012", "测试客户甲", "12800000002", "示例 X18", "left", "Holder 样例维修01", "Phone repair shop 1"):
        assert each in head


def test_what_was_sent_back_has_the_later_phases_before_it_again(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000961")
    reception.centre.fire(number, "take", "ray")
    reception.centre.fire(number, "diagnose", "ray", **VERDICT)
    granted(reception.app.cases.handle(number, Fire("rediagnose", {}, "另有故障"), caller("ray")))
    page = reception.read("ray", f"/cases/{number}")
    assert words(part(page, ".stage[aria-current=step]")) == "diagnose"
    assert [words(each) for each in page.select(".stage.is-past")] == ["Passed: receive"]


def test_what_is_personal_is_read_by_whoever_works_on_it_and_masked_for_others(reception: Reception, busy: Busy) -> None:
    known = part(reception.read("tom", f"/cases/{busy.taken}"), ".dossier-fields")
    masked = reception.read("abe", f"/cases/{busy.taken}")
    assert part(known, 'a[href^="tel:"]')["href"] == "tel:12800000002"
    assert "测试客户甲" not in masked.text
    assert "12800000002" not in masked.text
    assert words(part(masked, ".masked")) == "Masked: 测**"


def test_a_case_of_the_other_shop_is_none(reception: Reception, busy: Busy) -> None:
    digest = reception.app.views.case(busy.taken).case.digest
    for path in ("", "/clocks/diagnosis", "/changes?seq=0", "/files/photos/" + "0" * 64):
        assert "There is no case" in reception.read("bea", f"/cases/{busy.taken}{path}", 404).text
    assert reception.centre.client.get(f"/diagrams/{digest}/repairing.en.light.svg", follow_redirects=False).status_code == 303


def test_what_is_empty_is_left_out_and_the_rest_stands_in_the_phase_that_asks_it(reception: Reception, busy: Busy) -> None:
    page = reception.read("tom", f"/cases/{busy.taken}")
    groups = {words(part(each, "h3")): [words(dt) for dt in each.select("dt")] for each in page.select(".group")}
    assert list(groups) == ["Customer", "Receive", "Diagnose"]
    assert groups["Customer"] == ["Customer", "Mobile"]
    assert "Symptom" in groups["Receive"]
    assert "Reason for the verdict" in groups["Diagnose"]
    assert "Waybill" not in page.text


def test_each_clock_shows_how_far_it_is_and_whether_it_was_kept(reception: Reception, busy: Busy) -> None:
    clocks = {words(part(each, ".clock-name")): each for each in reception.read("tom", f"/cases/{busy.taken}").select(".clock")}
    assert "is-missed" in clocks["Diagnosis"]["class"]
    assert "is-calm" in clocks["Turn-around"]["class"]
    assert re.search(r"^8 h of 5 working d due 2026-10-\d\d 1\d:00$", words(part(clocks["Turn-around"], ".clock-told")))
    assert int(str(part(clocks["Turn-around"], "progress")["value"])) in range(1, 75)
    assert "Loaner after seven days legal" in clocks


def test_why_a_clock_is_due_then_is_told_day_by_day(reception: Reception, busy: Busy) -> None:
    path = f"/cases/{busy.taken}/clocks/turnaround"
    beside = reception.read("tom", f"{path}?part=1", headers=SWAPPING)
    assert beside.find("main") is None
    days = [[words(cell) for cell in row.find_all(["th", "td"])] for row in part(beside, "tbody").find_all("tr")]
    assert days[0][:2] == ["Mon 09-28", "working day"]
    assert [row[-1] for row in days if row[1] == "public holiday"] == ["–"] * sum(row[1] == "public holiday" for row in days)
    assert words(part(reception.read("tom", path), "h1")) == "Turn-around"
    assert "has not started yet" in reception.read("tom", f"/cases/{busy.taken}/clocks/inspection").text
    assert reception.get("tom", f"/cases/{busy.taken}/clocks/nothing").status_code == 404


def test_what_happened_is_told_newest_first_with_for_whom(reception: Reception, busy: Busy) -> None:
    page = reception.read("tom", f"/cases/{busy.taken}")
    told = [each for each in titles(page) if ":" not in each]
    assert told == ["Diagnose", "Take", "Receive"]
    by = words(part(page, ".entry-who.badge-for"))
    assert "样例维修02 for " in by
    assert by.endswith("样例维修01")


def test_an_older_part_of_a_long_history_is_a_link_away(reception: Reception, busy: Busy) -> None:
    page = reception.read("tom", f"/cases/{busy.taken}?before=2")
    assert titles(page) == ["Receive"]
    assert part(page, ".timeline-turn a")["href"] == f"/cases/{busy.taken}#timeline"
    number = reception.centre.opened("amy", imei="001017000000110")
    for place in range(60):
        granted(reception.app.cases.handle(number, Comment(f"第 {place} 条"), caller("amy")))
    newest = reception.read("amy", f"/cases/{number}")
    assert len(newest.select("blockquote")) == 50
    assert words(newest.select("blockquote")[0]) == "第 59 条"
    earlier = reception.read("amy", str(part(newest, ".timeline-turn a")["href"]).partition("#")[0])
    assert words(earlier.select("blockquote")[0]) == "第 9 条"
    assert titles(earlier)[-1] == "Receive"


def test_an_undone_step_is_struck_out(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000128")
    reception.centre.fire(number, "take", "sue")
    granted(reception.app.cases.handle(number, Undo("点错"), caller("sue")))
    page = reception.read("sue", f"/cases/{number}")
    assert [words(each) for each in page.select(".is-undone strong")] == ["Take"]
    assert "Undone" in words(part(page, ".is-undone"))
    assert "Reason: 点错" in page.get_text()


def test_children_and_the_other_cases_of_the_device_are_a_link_away(reception: Reception) -> None:
    parent = reception.centre.opened("amy", imei="001017000000169")
    for step, form in (("take", {}), ("diagnose", VERDICT), ("request_parts", {"material": "尾插", "quantity": 1})):
        reception.centre.fire(parent, step, "sue", **form)
    child = reception.app.views.family(reception.app.views.case(parent).case).children[0].number
    family = part(reception.read("sue", f"/cases/{parent}"), ".dossier-family")
    assert part(family, f'a[href="/cases/{child}"]')
    page = reception.read("kay", f"/cases/{child}")
    assert part(part(page, ".dossier-family"), f'a[href="/cases/{parent}"]')
    assert [words(each) for each in page.select(".fact-main dt")] == ["Request", "IMEI", "Material"]
    first = reception.centre.opened("amy", imei="001017000000136")
    granted(reception.app.cases.handle(first, Fire("cancel", {}, "客户取消"), caller("amy")))
    reception.centre.fire(first, "release", "amy", accessories_back=True, receipt="QJ-1")
    again = reception.centre.opened("amy", imei="001017000000136")
    device = part(reception.read("amy", f"/cases/{again}"), ".dossier-device")
    assert words(part(device, ".device-told")) == "Was here one other time"
    assert words(part(device, ".relative-when")).endswith("same day")
    assert part(device, f'a[href="/cases/{first}"]')


def test_what_was_told_of_the_case_is_listed_with_what_became_of_it(reception: Reception, busy: Busy) -> None:
    messages = words(part(reception.read("tom", f"/cases/{busy.taken}"), ".dossier-messages"))
    assert "Diagnosis: due Sent" in messages
    assert re.search(r"inbox: .+ · delivered", messages)


def test_whoever_has_the_page_open_is_told_that_somebody_else_was_there(reception: Reception, busy: Busy) -> None:
    number = busy.waiting
    page = reception.read("tom", f"/cases/{number}")
    asked = part(page, "#changed")
    assert asked["hx-trigger"] == "look"
    known = str(asked["hx-get"])
    assert reception.get("tom", known, headers=SWAPPING).status_code == 204
    reception.centre.fire(number, "take", "sue")
    told = reception.read("tom", known, headers=SWAPPING)
    assert "样例维修02, just now: Take → Diagnosing" in words(part(told, ".changed"))
    assert part(told, "a")["href"] == f"/cases/{number}"


def test_a_reminder_is_nothing_to_be_interrupted_for(reception: Reception, busy: Busy) -> None:
    assert reception.app.views.case(busy.waiting_elsewhere).case.seq > 1
    assert reception.get("bea", f"/cases/{busy.waiting_elsewhere}/changes?seq=1", headers=SWAPPING).status_code == 204


def test_the_state_is_flagged_on_a_picture_that_is_kept(reception: Reception, busy: Busy) -> None:
    page = reception.read("tom", f"/cases/{busy.taken}")
    drawn = part(page, ".dossier-diagram img")
    assert drawn["loading"] == "lazy"
    assert "the case is in “In repair”" in drawn["alt"]
    answer = reception.get("tom", str(drawn["src"]).partition("#")[0])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.text.count("The case is here") == 1
    assert answer.text.count('class="tick"') == len(str(drawn["src"]).partition("been=")[2].partition("#")[0].split(".")) - 1
    assert "prefers-color-scheme" in answer.text
    digest = reception.app.views.case(busy.taken).case.digest
    assert "prefers-color-scheme" not in reception.get("tom", f"/diagrams/{digest}/repairing.zh.dark.svg").text
    for wrong in (f"{digest}/nowhere.en.light", f"{digest}/repairing.en.light", f"{'0' * 64}/repairing.en.light"):
        path = f"/diagrams/{wrong}.svg" + ("?been=nowhere" if "repairing" in wrong else "")
        assert reception.get("tom", path).status_code == 404


def test_a_file_is_read_through_the_case_that_holds_it(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000151")
    reception.centre.fire(number, "take", "sue")
    kept = [store(reception.app.database, arrived(content, ""), reception.app.time.now()) for content in (PHOTO, b"%PDF-1.7")]
    photos = [{"id": kept[0].id, "name": "进水标.png"}]
    verdict = {"fault": "liquid", "cause": "进水", "verdict_why": "进水标变红", "remedy": "repair", "photos": photos}
    reception.centre.fire(number, "exclude", "sue", **verdict)
    link = part(reception.read("sue", f"/cases/{number}"), "a.file")
    answer = reception.get("sue", str(link["href"]))
    assert words(link) == "进水标.png"
    assert answer.content == PHOTO
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline;")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert reception.get("bea", str(link["href"])).status_code == 404
    assert reception.get("sue", str(link["href"]).replace(kept[0].id, kept[1].id)).status_code == 404
