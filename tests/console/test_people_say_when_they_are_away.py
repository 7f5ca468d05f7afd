"""Who is here, who is away and who stands in: seen as far as somebody is told, said by each for himself."""

from __future__ import annotations

from datetime import timedelta

from bs4 import BeautifulSoup

from tests.console.reception import SWAPPING, Reception, part
from tests.runtime.company import ZONE

PEOPLE = "#main .people .line"


def days(reception: Reception, first: int, last: int, **more: str) -> dict[str, str]:
    """The form: from so many days hence until so many."""
    today = reception.app.time.now().astimezone(ZONE).date()
    return {"first": str(today + timedelta(days=first)), "last": str(today + timedelta(days=last)), **more}


def names(page: BeautifulSoup) -> set[str]:
    """The ids of those who are listed."""
    return {part(line, ".line-main .quiet").get_text() for line in page.select(PEOPLE)}


def test_people_are_told_of_those_they_work_with(reception: Reception) -> None:
    everybody = names(reception.read("abe", "/people"))
    assert {"amy", "bea", "mia", "abe"} <= everybody
    assert not {"till", "courier"} & everybody
    own = names(reception.read("amy", "/people"))
    assert {"tom", "mia", "ken"} <= own
    assert not {"bea", "ada"} & own
    assert reception.get("amy", "/people/bea").status_code == 404
    assert reception.get("amy", "/people/tom").status_code == 200


def test_people_are_narrowed_by_what_the_address_says(reception: Reception) -> None:
    assert names(reception.read("abe", "/people?unit=phone-01&role=phone-front-desk")) == {"amy", "ann"}
    assert names(reception.read("abe", "/people?q=tom")) == {"tom"}
    assert "Nobody like that" in reception.read("abe", "/people?q=nobody").text


def test_a_person_says_that_he_is_away_and_who_stands_in(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000029")
    reception.centre.fire(number, "take", "tom")
    form = reception.read("tom", "/people/tom/away")
    assert number in part(form, ".warning").text
    assert {each["value"] for each in form.select('optgroup[label="Same roles"] option')} == {"sue", "ray"}
    filled = days(reception, 0, 2, deputy="sue", reason="病假")
    answer = reception.post("tom", "/people/tom/away", filled, headers=SWAPPING)
    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, "/people/tom")
    assert reception.post("tom", "/people/tom/away", filled).status_code == 303  # sent twice, done once
    page = reception.read("amy", "/people?here=no")
    assert "tom" in names(page)
    assert "样例维修02 stands in" in page.text
    assert "病假" not in reception.read("amy", "/people/tom").text
    assert "病假" in reception.read("abe", "/people/tom").text
    ends = [part(each, "form")["action"] for each in reception.read("tom", "/people/tom").select(".held li") if each.select_one("form")]
    assert {str(end).split("/")[3] for end in ends} == {"absences", "delegations"}
    for end in ends:
        assert reception.post("amy", str(end)).status_code == 403
        assert reception.post("ada", str(end)).status_code == 404
        assert reception.post("tom", str(end)).status_code == 303
        assert reception.post("tom", str(end)).status_code == 404
    assert "tom" not in names(reception.read("amy", "/people?here=no"))


def test_half_a_day_has_a_time(reception: Reception) -> None:
    assert reception.post("ray", "/people/ray/away", days(reception, 1, 1, begins="13:00")).status_code == 303
    today = reception.app.time.now().astimezone(ZONE).date()
    assert f"{today + timedelta(days=1):%m-%d} 13:00" in reception.read("ray", "/people/ray").text


def test_what_is_wrong_stands_beside_its_field(reception: Reception) -> None:
    for filled, field in (
        ({"first": "", "last": "x"}, "first"),
        (days(reception, 0, -3), "last"),
        (days(reception, 3, 1), "last"),
        (days(reception, 1, 1, begins="25:00"), "begins"),
        (days(reception, 1, 1, begins="13:00", ends="12:00"), "last"),
        (days(reception, 1, 1, deputy="ada"), "deputy"),
        (days(reception, 1, 1, deputy="ray"), "deputy"),
    ):
        answer = reception.post("ray", "/people/ray/away", filled)
        assert answer.status_code in (400, 404, 422), filled
        control = part(BeautifulSoup(answer.text, "html.parser"), f"#{field}")
        assert control["aria-describedby"] == f"{field}-fault", filled
    assert reception.post("ray", "/people/ray/delegate", days(reception, 0, 1)).status_code == 422


def test_nobody_says_it_for_another_but_administrators(reception: Reception) -> None:
    filled = days(reception, 5, 6, deputy="amy")
    for person in ("amy", "mia"):
        assert reception.get(person, "/people/tom/away").status_code == 403
        assert reception.post(person, "/people/tom/away", filled).status_code == 403
        assert reception.post(person, "/people/tom/delegate", filled).status_code == 403
        assert reception.read(person, "/people/tom").select_one('#main a[href$="/away"]') is None
    assert reception.post("ada", "/people/tom/away", filled).status_code == 404
    assert reception.post("abe", "/people/tom/delegate", days(reception, 5, 6, deputy="sue")).status_code == 303
    assert "stands in" in reception.read("sue", "/people/tom").text


def test_a_role_alone_is_lent_and_two_do_not_stand_in_for_each_other(reception: Reception) -> None:
    lent = days(reception, 0, 3, deputy="ann", role="phone-front-desk")
    assert reception.post("amy", "/people/amy/delegate", lent).status_code == 303
    refused = reception.post("ann", "/people/ann/delegate", days(reception, 1, 2, deputy="amy"))
    assert refused.status_code == 409
    assert "two persons cannot stand in for each other" in refused.text
    assert reception.post("ann", "/people/ann/delegate", days(reception, 1, 2, deputy="tom", role="phone-leader")).status_code == 409
