"""Steps that several sign, with everything stored: what was signed waits with the case, and with the last signature the step is made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.core.command import Withdraw
from engine.core.event import Signed, Voided
from engine.runtime.caller import Key
from engine.store import people
from tests.rig.desk import CLOCKS, HEAD, Desk, found, open_desk
from tests.runtime.company import caller, granted, refused

DOCUMENT = (HEAD + CLOCKS).replace(
    """      drop:   {""",
    """      hand_on:
        title: {zh: 转交, en: Hand on}
        by: [desk-clerk, desk-repairer, desk-supervisor]
        asks: [repairer, promised?]
        approvals: {at_least: 2, each_of: [desk-supervisor]}
        assign: repairer
        to: repairing
      drop:   {""",
)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    found(database_url, document=DOCUMENT)
    with open_desk(database_url) as desk:
        yield desk


def test_the_form_waits_in_the_case_and_is_written_with_the_last_signature(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "hand_on", "cai", repairer="ren", promised="2026-09-30 10:00"))
    waiting = desk.case(number)
    assert "repairer" not in waiting.data
    assert [each.actor for each in waiting.signing["hand_on"].signatures] == ["cai"]
    assert refused(desk.fire(number, "hand_on", "cai")) == {"approval_repeated"}
    assert refused(desk.fire(number, "hand_on", "sun", repairer="rui")) == {"data_invalid"}

    granted(desk.fire(number, "hand_on", "sun"))

    case = desk.case(number)
    assert (case.state, case.assignee, case.data["repairer"], case.signing) == ("repairing", "ren", "ren", {})
    assert case.performed[-1].persons == {"cai", "sun"}
    assert [entry.kind for entry in desk.history(number)] == ["opened", "signed", "moved"]


def test_a_signature_under_a_key_is_given_once(desk: Desk) -> None:
    number = desk.receive("none")
    key = Key("cli:os:tester", "once")
    first = granted(desk.fire(number, "hand_on", "cai", key=key, repairer="ren"))
    again = granted(desk.fire(number, "hand_on", "cai", key=key, repairer="ren"))
    assert (first.outcome, again.repeated) == (again.outcome, True)
    assert len(desk.case(number).signing["hand_on"].signatures) == 1


def test_what_becomes_of_signatures_is_in_the_history(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "hand_on", "cai", repairer="ren"))
    granted(desk.app.cases.handle(number, Withdraw("hand_on"), caller("cai")))
    granted(desk.fire(number, "hand_on", "cai", repairer="rui"))
    granted(desk.fire(number, "take", "ren"))
    told = [entry.event for entry in desk.history(number)]
    assert [(each.why, each.signers) for each in told if isinstance(each, Voided)] == [("withdrawn", ("cai",)), ("left", ("cai",))]
    assert [each.form for each in told if isinstance(each, Signed)] == [
        {"repairer": "ren", "promised": None},
        {"repairer": "rui", "promised": None},
    ]


def test_a_revoked_role_takes_its_signature_along(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "hand_on", "cai", repairer="ren"))
    granted(desk.fire(number, "hand_on", "rui"))
    with desk.app.database.write() as connection:
        people.revoke(connection, "rui", "desk-repairer", "shop-1", desk.app.time.now())

    granted(desk.fire(number, "hand_on", "sun"))

    assert desk.case(number).performed[-1].persons == {"cai", "sun"}
    assert [each.why for each in (entry.event for entry in desk.history(number)) if isinstance(each, Voided)] == ["revoked"]
