"""The menu has what somebody has something to do with; the help tells every key; both are there without script."""

from __future__ import annotations

import pytest

from engine.label import Label
from engine.store.incidents import open_incident
from tests.console.reception import SWAPPING, Reception, part


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("amy", ["/work", "/board", "/intake", "/bulk", "/people"]),
        ("mia", ["/work", "/board", "/intake", "/bulk", "/incidents", "/people"]),
        ("abe", ["/work", "/board", "/incidents", "/people"]),
    ],
)
def test_entries_go_by_what_one_may_do(reception: Reception, person: str, expected: list[str]) -> None:
    page = reception.read(person, "/people")
    assert [each["href"] for each in page.select(".menu > a")] == expected
    assert [each["href"] for each in page.select(".menu > a[aria-current]")] == ["/people"]


def test_at_the_foot_of_a_small_screen_stand_five_at_most(reception: Reception) -> None:
    page = reception.read("mia", "/people")
    assert len(page.select(".menu > a:not(.beyond)")) == 4
    assert [each["href"] for each in page.select(".rest a")] == ["/incidents", "/people"]
    assert part(page, ".rest summary")["aria-current"] == "true"
    assert reception.read("amy", "/people").select_one(".rest") is None


def test_open_incidents_are_counted_for_whoever_looks_after_them(reception: Reception) -> None:
    number = reception.centre.opened("amy")
    with reception.app.database.write() as connection:
        id, now = reception.app.views.case(number).case.id, reception.app.time.now()
        for case, subject in ((id, "mia"), (None, "webhook:till:till")):
            open_incident(connection, case, "dead_letter", subject, Label("死信", "dead letter"), now)
    fresh = reception.under()  # counts are kept for some seconds
    for person, counted in (("abe", ["2"]), ("mia", ["1"]), ("amy", [])):
        assert [each.text.split()[-1] for each in fresh.read(person, "/people").select(".menu > a .count")] == counted


def test_every_key_is_told_on_a_page_and_in_a_dialog_that_is_sent_once(reception: Reception) -> None:
    page = reception.read("amy", "/help")
    assert {each.text for each in page.select("#main kbd")} >= {"/", "n", "?", "j", "k", "g", "Enter", "Esc"}
    assert page.select_one("dialog#keys") is not None
    assert reception.read("amy", "/help", headers=SWAPPING).select_one("dialog#keys") is None
    assert part(page, '.me-menu a[href="/help"]').text.strip() == "Keys and help"
