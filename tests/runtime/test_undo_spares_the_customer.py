"""Undo with everything stored: the customer hears nothing of a step that was undone, and who was told inside is corrected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.core.command import Undo
from engine.runtime.answer import Answer
from notifications.channels.memory import Memory
from tests.rig.desk import CLOCKS, HEAD, Desk, found, going_by, open_desk
from tests.runtime.company import caller, granted, refused

DOCUMENT = HEAD.replace("calendar: waking\n", "calendar: sleepless\nundo: 10m\n", 1) + CLOCKS


@pytest.fixture
def mail() -> Memory:
    return Memory()


@pytest.fixture
def desk(database_url: str, mail: Memory) -> Iterator[Desk]:
    found(database_url, document=DOCUMENT)
    with open_desk(database_url) as desk:
        yield Desk(going_by(desk.app, desk.app.time, mail))


def undo(desk: Desk, number: str, person: str, *, dry_run: bool = False) -> Answer:
    """Take the newest step back."""
    return desk.app.cases.handle(number, Undo("点错"), caller(person), dry_run=dry_run)


def outsiders(mail: Memory) -> list[str]:
    """Whom of those outside a letter has left for."""
    return [recipient.id for _, recipient in mail.given if recipient.is_outside]


def finished(desk: Desk) -> str:
    """A case that ren has finished at ten past nine, of which the customer would be told."""
    number = desk.receive("repair", customer_name="测试客户甲", mail="a@example.com")
    granted(desk.fire(number, "take", "ren"))
    desk.at("09:10")
    granted(desk.fire(number, "finish", "ren"))
    return number


def test_the_customer_is_not_told_and_who_was_told_is_corrected(desk: Desk, mail: Memory) -> None:
    number = finished(desk)
    before = desk.case(number)
    desk.work()
    assert [told.rung for told in desk.inbox("cai", number)] == ["-"]

    desk.at("09:19")
    granted(undo(desk, number, "ren", dry_run=True))
    assert desk.case(number) == before
    granted(undo(desk, number, "ren"))

    case = desk.case(number)
    assert (case.state, case.outcome, case.assignee) == ("repairing", None, "ren")
    assert case.clocks["repair"].standing == "running"
    desk.at("2026-09-29 09:00")
    desk.work()
    assert outsiders(mail) == []
    messages = [each for each in desk.app.messages.outbox(20, number=number).lines if each.message.rung is None]
    assert sorted((each.message.template, each.message.status) for each in messages) == [
        ("ready-for-pickup", "told"),
        ("ready-for-pickup", "withdrawn"),
        ("step-undone", "told"),
    ]
    (recalled,) = (each for each in messages if each.message.status == "withdrawn")
    assert not desk.app.messages.resend(recalled.id), "not even by hand"
    assert [each.rung for each in desk.inbox("cai", number)] == ["-", "-"]


def test_the_customer_is_told_when_the_window_is_over_and_then_it_is_too_late(desk: Desk, mail: Memory) -> None:
    """PRODUCT scenario 19."""
    number = finished(desk)
    desk.at("09:19")
    desk.work()
    assert outsiders(mail) == []
    desk.at("09:20")
    desk.work()
    assert outsiders(mail) == ["customer"]
    assert refused(undo(desk, number, "ren")) == {"not_undoable"}


def test_a_step_is_taken_back_once_and_by_its_performer(desk: Desk) -> None:
    number = finished(desk)
    assert refused(undo(desk, number, "rui")) == {"not_undoable"}
    granted(undo(desk, number, "ren"))
    assert refused(undo(desk, number, "ren")) == {"not_undoable"}
