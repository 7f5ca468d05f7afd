"""Who is told is asked at the moment of telling: whoever holds the role now, nearest to the case; never no one who could be reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.app import Application
from engine.runtime import staffing
from engine.runtime.addressing import NOBODY, UNREACHABLE
from engine.store import deliveries, incidents, outbox, people
from roles.absence import Absence
from roles.assignment import Assignment
from roles.delegation import Delegation
from tests.rig.desk import Desk, open_desk
from tests.runtime.company import ROLES, caller, granted, registry, settings


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with open_desk(desk_url) as desk:
        yield desk


def give(desk: Desk, person: str, role: str, unit: str | None) -> None:
    assignment = Assignment(person, role, unit, desk.app.time.now(), None)
    staffing.assign(desk.app.database, registry(), assignment, at=desk.app.time.now(), by="os:owner")


def take_away(desk: Desk, person: str, role: str, unit: str | None = "shop-1") -> None:
    with desk.app.database.write() as connection:
        assert people.revoke(connection, person, role, unit, desk.app.time.now()) == 1


def disable(desk: Desk, *persons: str) -> None:
    with desk.app.database.write() as connection:
        for person in persons:
            people.disable(connection, person, desk.app.time.now())


def everybody(desk: Desk) -> dict[str, list[str]]:
    """Who has been told of which rungs, for all who have been told of any."""
    found = {person.id: desk.rungs(person.id) for person in desk.app.directory.roster().people.values()}
    return {person: rungs for person, rungs in found.items() if rungs}


def test_the_holder_of_the_case_is_told_and_nobody_else(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    desk.at("13:00")
    desk.work()

    assert everybody(desk) == {"ren": ["50%"]}


def test_with_nobody_assigned_those_who_could_act_are_told(desk: Desk) -> None:
    desk.receive("repair")
    desk.at("13:00")
    desk.work()

    assert everybody(desk) == {"cai": ["50%"], "ren": ["50%"], "rui": ["50%"]}


def test_a_disabled_assignee_is_not_told_but_those_who_could_act(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    disable(desk, "ren")
    desk.at("13:00")
    desk.work()

    assert everybody(desk) == {"cai": ["50%"]}


def test_the_person_in_a_field_is_told_unless_he_is_disabled(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "take", "ren"))
    granted(desk.fire(number, "urge", "cai"))
    assert desk.app.relay.run_once().told == 1
    disable(desk, "ren")
    granted(desk.fire(number, "urge", "cai"))
    assert desk.app.relay.run_once().nobody == 1

    assert everybody(desk) == {"ren": ["-"]}


def test_when_nobody_who_could_act_is_there_the_owner_is_told(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    disable(desk, "ren", "cai")
    desk.at("13:00")
    desk.work()

    assert everybody(desk) == {"sun": ["50%"]}


def test_a_role_means_its_holders_in_the_unit_of_the_case(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    desk.at("18:30")
    desk.work()

    assert everybody(desk) == {"ren": ["due"], "rui": ["due"]}


def test_else_those_of_the_nearest_unit_above(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    take_away(desk, "rui", "desk-repairer")
    disable(desk, "ren")
    desk.at("18:30")
    desk.work()

    assert everybody(desk) == {"hua": ["due"]}


def test_whoever_holds_the_role_when_it_is_told_is_told(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    desk.at("18:30")
    desk.sweep()
    take_away(desk, "rui", "desk-repairer")
    give(desk, "cui", "desk-repairer", "shop-1")
    desk.app.relay.run_once()

    assert everybody(desk) == {"cui": ["due"], "ren": ["due"]}


def test_the_assignee_of_now_is_told(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    desk.at("13:00")
    desk.sweep()
    granted(desk.fire(number, "pass_on", "cai", repairer="rui"))
    desk.app.relay.run_once()

    assert everybody(desk) == {"rui": ["50%"]}


def test_with_nobody_to_reach_it_says_so_and_can_be_sent_again(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    disable(desk, "rui", "ren", "hua")
    desk.at("18:30")
    _, relayed = desk.work()
    assert (relayed.told, relayed.nobody) == (0, 1)
    with desk.app.database.read() as reader:
        [message] = outbox.messages(reader, limit=10)
    assert (message.status, message.note) == ("nobody", NOBODY)

    give(desk, "cui", "desk-repairer", "shop-1")
    with desk.app.database.write() as connection:
        assert outbox.resend(connection, message.key, desk.app.time.now())
    desk.app.relay.run_once()

    assert everybody(desk) == {"cui": ["due"]}


def test_one_who_is_meant_twice_is_told_once(desk: Desk) -> None:
    number = desk.receive("repair")
    give(desk, "rui", "desk-supervisor", None)
    granted(desk.fire(number, "take", "rui"))
    desk.at("17:30")
    desk.work()

    with desk.app.database.read() as reader:
        [message] = outbox.messages(reader, limit=10)
        assert [each.recipient for each in deliveries.of(reader, {message.key})[message.key]] == ["rui"]  # as holder and as supervisor


def test_what_is_said_to_the_owner_names_the_step_that_was_refused(desk: Desk) -> None:
    number = desk.receive("filing")
    desk.at("11:00")
    desk.work()

    assert everybody(desk) == {"sun": ["due"]}
    with desk.app.database.read() as reader:
        [listed] = deliveries.inbox(reader, "sun", limit=10)
    assert listed.delivery.body is not None
    assert "归档" in listed.delivery.body
    assert "须先写备注" in listed.delivery.body
    granted(desk.correct(number, "sun", notes="已核对"))  # and with the next event it is tried again
    assert desk.case(number).state == "closed"
    assert desk.work()[0].rungs == 0


def test_a_customer_without_an_address_is_named_as_the_cause(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "take", "ren"))
    disable(desk, "cai", "cui")
    granted(desk.fire(number, "finish", "ren"))
    assert desk.app.relay.run_once().nobody == 1

    with desk.app.database.read() as reader:
        [message] = outbox.messages(reader, limit=10)
    assert (message.status, message.note) == ("nobody", UNREACHABLE)
    [shown] = desk.app.messages.outbox(10).lines
    assert (shown.meant.zh, shown.meant.en) == ("客户、柜台受理", "the customer, Clerk")
    assert alarms(desk) == [("nobody_to_tell", "customer, desk-clerk", "open")]  # of the clerks nobody was there either


def leave(desk: Desk, *persons: str) -> None:
    """They are away for the day."""
    now = desk.app.time.now()
    with desk.app.database.write() as connection:
        for person in persons:
            people.add_absence(connection, Absence(person, now, now + timedelta(days=1)), at=now, by="os:owner", reason=None)


def stand_in(desk: Desk, delegate: str, delegator: str, role: str | None = None) -> None:
    now = desk.app.time.now()
    delegation = Delegation(delegator, delegate, role, now, now + timedelta(days=1))
    with desk.app.database.write() as connection:
        people.add_delegation(connection, delegation, at=now, by="os:owner", reason=None)


def reporting(folder: Path) -> Path:
    """A folder with the roles of the company, where repairers report to the supervisor, and he to the clerks."""
    above = {"Repairer}": "Repairer}, reports_to: desk-supervisor", "Supervisor}": "Supervisor}, reports_to: desk-clerk"}
    text = ROLES
    for title, reports in above.items():
        text = text.replace(title, reports)
    (folder / "desk.yaml").write_text(text, encoding="utf-8")
    return folder


def alarms(desk: Desk) -> list[tuple[str, str, str]]:
    """Kind, subject and state of every incident."""
    with desk.app.database.read() as reader:
        return [(each.kind, each.subject, each.state) for each in incidents.incidents(reader, limit=100)]


def test_of_a_role_those_are_told_who_can_act(desk: Desk) -> None:
    number = desk.receive("by_promise", promised="2026-09-28 18:00")
    granted(desk.fire(number, "take", "ren"))
    granted(desk.fire(number, "release", "ren"))  # he alone may go on: the field names him
    desk.at("18:30")
    desk.work()

    assert everybody(desk) == {"ren": ["due"]}


def test_the_holder_of_a_case_is_told_for_his_role(desk: Desk) -> None:
    number = desk.receive("by_promise", promised="2026-09-28 18:00")
    granted(desk.fire(number, "take", "rui"))
    desk.at("18:30")
    desk.work()

    assert everybody(desk) == {"rui": ["due"]}


def test_who_is_away_is_not_told_for_his_role(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    desk.at("18:30")
    leave(desk, "rui")
    desk.work()

    assert everybody(desk) == {"ren": ["due"]}


def test_a_delegate_is_told_for_who_is_away(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    desk.at("18:30")
    leave(desk, "rui", "ren")
    stand_in(desk, "cai", "rui", "desk-repairer")
    desk.work()

    assert everybody(desk) == {"cai": ["due"]}


def test_an_absence_reaches_as_far_as_the_next_unit(desk: Desk) -> None:
    desk.receive("by_promise", promised="2026-09-28 18:00")
    desk.at("18:30")
    leave(desk, "rui", "ren")
    desk.work()

    assert everybody(desk) == {"hua": ["due"]}


def test_with_nobody_of_a_role_there_whom_it_reports_to_is_told(desk_url: str, tmp_path: Path) -> None:
    with Application.open(replace(settings(desk_url), roles=(reporting(tmp_path),))) as app:
        desk = Desk(app)
        desk.receive("by_promise", promised="2026-09-28 18:00")
        desk.at("18:30")
        leave(desk, "rui", "ren", "hua", "sun")
        desk.work()

        assert everybody(desk) == {"cai": ["due"]}
        assert alarms(desk) == []


def test_a_holder_who_is_away_is_told_with_those_who_can_act(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    desk.at("13:00")
    leave(desk, "ren")
    desk.work()

    assert everybody(desk) == {"cai": ["50%"], "ren": ["50%"]}


def test_with_a_delegate_he_is_left_alone(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "ren"))
    desk.at("13:00")
    leave(desk, "ren")
    stand_in(desk, "rui", "ren")
    desk.work()

    assert everybody(desk) == {"rui": ["50%"]}


def test_nobody_to_tell_is_an_incident_until_somebody_is_told(desk: Desk) -> None:
    desk.receive("hourly")
    disable(desk, "rui", "ren", "hua", "sun")
    desk.at("10:00")
    desk.work()
    desk.at("11:00")
    desk.work()
    with desk.app.database.read() as reader:
        [incident] = incidents.incidents(reader, limit=10)
    assert (incident.kind, incident.subject, incident.count) == ("nobody_to_tell", "desk-repairer, desk-supervisor", 2)
    assert incident.sentence.zh == "发给“柜台维修、柜台主管”的消息没有通知到任何人：没有应通知的人"

    give(desk, "cai", "desk-repairer", "shop-1")
    retried = desk.app.incidents.retry(incident.id, caller("cai"))
    assert (retried.is_going, retried.incident.state) == (True, "retried")
    desk.app.relay.run_once()
    assert everybody(desk) == {"cai": ["due"]}  # of the newest reminder alone
    desk.app.watch.run_once()

    assert alarms(desk) == [("nobody_to_tell", "desk-repairer, desk-supervisor", "resolved")]
