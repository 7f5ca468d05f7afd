"""An incident that several try again at the same instant is tried once; nobody tries one that has changed since he saw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from engine.app import Application
from engine.core.event import Assigned, Commented
from engine.errors import Conflict
from engine.runtime.publishing import publish
from engine.store.incidents import Incident
from tests.rig.desk import CLOCKS, Desk, checked, open_desk
from tests.runtime.company import caller, granted, settings
from tests.runtime.test_incidents_are_opened_and_settled import DEALT, alarm, leave
from tests.runtime.test_wishes_race import at_once


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with Application.open(settings(desk_url)) as app:
        publish(app.database, [checked(DEALT + CLOCKS)], "os:owner", app.time.now())
    with open_desk(desk_url) as desk:
        yield desk


def refiling(desk: Desk) -> tuple[str, Incident]:
    """A case whose last step the system could not perform, and the incident of it."""
    number = desk.receive("filing")
    desk.at("11:00")
    desk.work()
    return number, alarm(desk, "step_refused")


def tried(desk: Desk, incident: Incident, people: tuple[str, ...]) -> Counter[str]:
    """What each of these is told who tries it again, all at once, as all have seen it."""

    def one(person: str) -> str:
        try:
            retried = desk.app.incidents.retry(incident.id, caller(person), was=incident.mark)
        except Conflict:
            return "changed"
        return "going" if retried.is_going else "refused"

    return Counter(at_once([lambda person=person: one(person) for person in people]))  # type: ignore[misc]


def test_a_step_that_is_refused_again_is_tried_by_one_of_all_who_ask(desk: Desk) -> None:
    number, incident = refiling(desk)
    for turn in range(1, 4):
        assert tried(desk, incident, ("sun", "cai", "sun", "cai")) == {"refused": 1, "changed": 3}
        incident = alarm(desk, "step_refused")
        assert (incident.state, incident.count) == ("open", turn + 1)
        assert sum(isinstance(each.event, Commented) for each in desk.history(number)) == turn


def test_a_step_that_is_performed_is_tried_by_one_of_all_who_ask(desk: Desk) -> None:
    number, incident = refiling(desk)
    granted(desk.correct(number, "sun", notes="已核对"))
    assert desk.case(number).state == "closed"
    assert tried(desk, incident, ("sun", "cai", "sun")) == {"going": 1, "changed": 2}
    assert (alarm(desk, "step_refused").state, sum(isinstance(each.event, Commented) for each in desk.history(number))) == ("resolved", 1)


def test_a_case_that_nobody_could_be_given_is_given_once(desk: Desk) -> None:
    number = desk.receive("none")
    for person in ("rui", "ren", "hua"):
        leave(desk, person)
    granted(desk.fire(number, "deal", "cai"))
    incident = alarm(desk, "nobody_to_assign")
    desk.at("2026-09-29 10:00")
    answers = tried(desk, incident, ("sun", "sun", "sun", "sun"))
    assert (answers["refused"], answers["going"] >= 1) == (0, True)  # whoever comes when it is given already is told that
    assert sum(isinstance(each.event, Assigned) for each in desk.history(number)) == 1
    assert alarm(desk, "nobody_to_assign").state == "resolved"
