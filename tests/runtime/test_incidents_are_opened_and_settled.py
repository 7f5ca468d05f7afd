"""What a person must look at is opened once, counted up, tried again in his name, and resolved when its cause is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.app import Application
from engine.core.effect import IncidentKind
from engine.errors import AftercareError, Conflict, Misuse, Unknown
from engine.label import verbatim
from engine.runtime import holidays
from engine.runtime.posting import give_up
from engine.runtime.publishing import publish
from engine.runtime.watch import EVERY
from engine.store import endpoints, incidents, people
from engine.store.endpoints import Endpoint
from engine.store.incidents import Incident
from engine.timing.official import OfficialYear
from roles.absence import Absence
from roles.delegation import Delegation
from tests.notifications.mail import serving
from tests.rig.desk import CLOCKS, HEAD, MAILS, Desk, checked, open_desk
from tests.rig.oracle import look
from tests.rig.postbox import Postbox
from tests.runtime.company import DOCUMENT, Company, caller, granted, settings
from tests.runtime.company import checked as company_checked
from tests.runtime.household import fetched, publish_family

DEALT = HEAD.replace(
    "      drop:   {title",
    "      deal:   {title: {zh: 派工, en: Deal}, by: desk-clerk, assign: {role: desk-repairer, pick: least_open}, to: stay}\n"
    "      drop:   {title",
).replace("version: 1", "version: 2")
SIGNED = DOCUMENT.replace("not_by: [finish]\n", "not_by: [finish]\n        approvals: {at_least: 2}\n").replace("version: 1", "version: 2")


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with open_desk(desk_url) as desk:
        yield desk


def alarm(there: Company, kind: IncidentKind) -> Incident:
    """The one incident of this kind."""
    with there.app.database.read() as reader:
        [found] = incidents.incidents(reader, kind=kind, limit=10)
    return found


def leave(there: Company, person: str, days: int = 1) -> None:
    now = there.app.time.now()
    with there.app.database.write() as connection:
        absence = Absence(person, now, now + timedelta(days=days))
        people.add_absence(connection, absence, at=now, by="os:owner", reason=None)


def test_a_letter_given_up_is_an_incident_until_it_arrives(desk_url: str) -> None:
    postbox = Postbox()
    postbox.answers[MAILS["rui"]] = "550 no such mailbox"
    with serving(postbox) as port, open_desk(desk_url, port=port) as desk:
        number = desk.receive("hourly")
        desk.at("10:00")
        desk.work()
        incident = alarm(desk, "dead_letter")
        assert (incident.number, incident.subject, incident.state, incident.count) == (number, "email:rui", "open", 1)
        assert "样例工程师01" in incident.sentence.zh
        assert "no such mailbox" in incident.sentence.zh

        retried = desk.app.incidents.retry(incident.id, caller("sun"))
        assert (retried.is_going, retried.incident.state, retried.incident.settled_by) == (True, "retried", "sun")
        desk.app.relay.run_once()
        assert (alarm(desk, "dead_letter").state, alarm(desk, "dead_letter").count) == ("open", 2)

        desk.app.incidents.retry(incident.id, caller("sun"))
        postbox.answers.clear()
        desk.app.relay.run_once()
        over = alarm(desk, "dead_letter")
        assert (over.state, over.settled_by) == ("resolved", "system")
    assert look(desk_url, arrived=postbox.identities()).violations == ()


def test_what_is_said_of_a_customer_names_no_address(desk_url: str) -> None:
    postbox = Postbox()
    postbox.answers["jia@example.com"] = "550 <jia@example.com> unknown"
    with serving(postbox) as port, open_desk(desk_url, port=port) as desk:
        number = desk.receive("none", customer_name="测试客户甲", mail="jia@example.com")
        granted(desk.fire(number, "take", "rui"))
        granted(desk.fire(number, "finish", "rui"))
        desk.app.relay.run_once()

        incident = alarm(desk, "dead_letter")
        assert incident.subject == "email:customer"
        assert "jia" not in incident.sentence.zh + incident.sentence.en


def test_a_refused_step_is_tried_again_and_resolved_once_it_is_done(desk: Desk) -> None:
    number = desk.receive("filing")
    desk.at("11:00")
    desk.work()
    incident = alarm(desk, "step_refused")
    assert (incident.subject, incident.state) == ("refile", "open")

    refused = desk.app.incidents.retry(incident.id, caller("sun"))
    assert (refused.is_going, alarm(desk, "step_refused").state) == (False, "open")
    assert "须先写备注" in refused.sentence.zh
    assert desk.history(number)[-1].actor == "sun"  # who tried stands in the history

    granted(desk.correct(number, "sun", notes="已核对"))
    assert desk.case(number).state == "closed"
    assert desk.app.watch.run_once().resolved == 1
    assert (alarm(desk, "step_refused").state, alarm(desk, "step_refused").settled_by) == ("resolved", "system")


def test_a_person_settles_one_with_a_note(desk: Desk) -> None:
    desk.receive("filing")
    desk.at("11:00")
    desk.work()
    id = alarm(desk, "step_refused").id
    settle = desk.app.incidents.resolve
    for wrong, error in ((("0" * 12, "sun", "好"), Unknown), ((id, "son", "好"), Unknown), ((id, "sun", " "), Misuse)):
        with pytest.raises(error):
            settle(*wrong)

    assert settle(id, "样例主管01", "人工归档").note == "人工归档"

    found = alarm(desk, "step_refused")
    assert (found.state, found.settled_by, found.settled_at) == ("resolved", "sun", desk.app.time.now())
    again: tuple[type[AftercareError], ...] = (Conflict,)
    with pytest.raises(again):
        settle(id, "sun", "再次")
    with pytest.raises(again):
        desk.app.incidents.retry(id, caller("sun"))
    assert desk.app.incidents.open() == 0


def test_a_case_that_could_be_given_to_nobody_is_given_when_somebody_is_there(desk_url: str) -> None:
    with Application.open(settings(desk_url)) as app:
        publish(app.database, [checked(DEALT + CLOCKS)], "os:owner", app.time.now())
    with open_desk(desk_url) as desk:
        number = desk.receive("none")
        for person in ("rui", "ren", "hua"):
            leave(desk, person)
        granted(desk.fire(number, "deal", "cai"))
        incident = alarm(desk, "nobody_to_assign")
        assert (incident.subject, desk.case(number).assignee) == ("desk-repairer", None)
        assert not desk.app.incidents.retry(incident.id, caller("sun")).is_going

        desk.at("2026-09-29 10:00")
        retried = desk.app.incidents.retry(incident.id, caller("sun"))
        assert (retried.is_going, retried.incident.state) == (True, "resolved")
        assert desk.case(number).assignee in ("rui", "ren")


def test_a_provisional_date_is_an_incident_until_the_holidays_are_known(desk: Desk) -> None:
    desk.at("2026-12-30 10:00")
    desk.receive("working_days")
    assert desk.app.watch.run_once().opened == 1
    incident = alarm(desk, "provisional")
    assert incident.subject == "working_days"
    assert not desk.app.incidents.retry(incident.id, caller("sun")).is_going
    desk.at("2026-12-30 11:30")
    assert desk.app.watch.run_once().opened == 0  # it is still the same

    year = OfficialYear("CN", 2027, frozenset({date(2027, 1, 1)}), frozenset())
    holidays.load(desk.app.database, [year], desk.app.time.now(), "os:owner")
    retried = desk.app.incidents.retry(incident.id, caller("sun"))
    assert (retried.is_going, retried.incident.state) == (True, "resolved")


def test_a_case_that_waits_for_somebody_who_is_away_is_noticed(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    assert company.app.watch.run_once().opened == 0
    leave(company, "rui", days=7)
    assert company.app.watch.run_once().opened == 1
    incident = alarm(company, "holder_absent")
    assert incident.number == number
    assert "样例工程师01" in incident.sentence.zh

    now = company.app.time.now()
    with company.app.database.write() as connection:
        delegation = Delegation("rui", "ren", None, now, now + timedelta(days=7))
        people.add_delegation(connection, delegation, at=now, by="os:owner", reason=None)
    assert company.app.watch.run_once().resolved == 1
    assert (alarm(company, "holder_absent").state, company.app.watch.run_once().open) == ("resolved", 0)


def test_signatures_that_cannot_be_had_any_more_are_noticed(company: Company) -> None:
    publish(company.app.database, [company_checked(SIGNED)], "os:owner", company.app.time.now())
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    granted(company.fire(number, "finish", "rui", work="换屏", fee="100"))
    assert company.app.watch.run_once().opened == 1  # the other shop has too few for it in any case
    leave(company, "ren")  # who is away can sign when he is back
    assert company.app.watch.run_once().opened == 0
    with company.app.database.write() as connection:
        people.disable(connection, "hua", company.app.time.now())
    assert company.app.watch.run_once().opened == 2  # this case, and every other of its shop
    incident = alarm(company, "approval_unreachable")
    assert (incident.number, incident.subject) == (number, "pass")
    assert "需要 2 人" in incident.sentence.zh

    with company.app.database.write() as connection:
        [hua] = [each for each in people.all_people(connection) if each.id == "hua"]
        people.save_person(connection, replace(hua, disabled_at=None))
    assert company.app.watch.run_once().resolved == 2


def test_an_endpoint_that_was_gone_is_posted_to_again(desk: Desk) -> None:
    with desk.app.database.write() as connection:
        hook = Endpoint("board", "webhook", "https://hooks.example.com/1", "desk-repairer")
        endpoints.save(connection, hook, at=desk.app.time.now(), by="os:owner")
        give_up(connection, "board", desk.app.time.now(), verbatim("410"))
    incident = alarm(desk, "dead_letter")
    assert (incident.number, incident.subject) == (None, "endpoint board")

    retried = desk.app.incidents.retry(incident.id, caller("sun"))

    assert (retried.is_going, retried.incident.state) == (True, "resolved")
    with desk.app.database.read() as reader:
        assert [each.disabled_at for each in endpoints.endpoints(reader.connection)] == [None]


def test_a_child_that_refused_to_be_cancelled_is_asked_again(company: Company) -> None:
    publish_family(company)
    number, (child,) = fetched(company)
    granted(company.fire(child, "pack", "ren"))
    granted(company.fire(number, "drop", "cai"))
    incident = alarm(company, "step_refused")
    assert (incident.number, incident.subject) == (child, "withdraw")

    for _ in range(2):
        again = company.app.incidents.retry(incident.id, caller("sun"))
        assert (again.is_going, company.app.watch.run_once().resolved) == (False, 0)
    assert alarm(company, "step_refused").state == "open"

    granted(company.fire(child, "send", "ren"))
    company.app.watch.run_once()
    assert alarm(company, "step_refused").state == "open"  # looked at once an hour
    company.app.move_time(company.app.time.now() + EVERY)
    assert company.app.watch.run_once().resolved == 1
