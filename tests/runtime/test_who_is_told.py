"""Who is told is asked at the moment of telling: whoever holds the role now, nearest to the case; never no one who could be reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.runtime import staffing
from engine.runtime.addressing import NOBODY, UNREACHABLE
from engine.store import deliveries, outbox, people
from roles.assignment import Assignment
from tests.rig.desk import Desk, open_desk
from tests.runtime.company import granted, registry


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

    assert everybody(desk)["rui"] == ["due"]
    with desk.app.database.read() as reader:
        [message] = outbox.messages(reader, limit=10)
        assert [each.recipient for each in deliveries.of(reader, {message.key})[message.key]] == ["rui", "sun"]


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
