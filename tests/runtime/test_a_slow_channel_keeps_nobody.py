"""A beat of the relay hands out and comes back: who is told by a channel that hangs waits, and nobody else does."""

from __future__ import annotations

from threading import Event

from notifications.channels.memory import Memory
from notifications.message import Message, Recipient, Result
from tests.rig.desk import Desk, going_by, open_desk

PATIENCE = 30.0
"""Seconds after which the test fails instead of hanging."""


class Hanging(Memory):
    """Takes nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__("hanging")
        self.begun = Event()
        self.let_go = Event()

    def send(self, message: Message, recipient: Recipient) -> Result:
        """As ever, when it is let go."""
        self.begun.set()
        assert self.let_go.wait(PATIENCE)
        return super().send(message, recipient)


class Quick(Memory):
    """Says when it has as many as somebody waits for."""

    def __init__(self) -> None:
        super().__init__("quick")
        self.awaited = 0
        self.has_them = Event()

    def expect(self, count: int) -> Event:
        """Set when it has so many."""
        self.awaited = count
        self.has_them.clear()
        return self.has_them

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Keep it."""
        result = super().send(message, recipient)
        if len(self.given) >= self.awaited:
            self.has_them.set()
        return result


def test_a_beat_waits_for_no_channel(desk_sqlite_url: str) -> None:
    hanging, quick = Hanging(), Quick()
    with open_desk(desk_sqlite_url) as opened:
        desk = Desk(going_by(opened.app, opened.app.time, hanging, quick))
        desk.receive("hourly")
        for hour in ("10:00", "11:00"):
            desk.at(hour)
            desk.sweep()
            served = quick.expect(len(quick.given) + 1)
            desk.app.relay.beat()
            while not served.wait(0.1):  # beat after beat, as the scheduler does
                desk.app.relay.beat()
            assert hanging.begun.wait(PATIENCE)
            assert hanging.given == []
        hanging.let_go.set()
        desk.app.relay.rest()
        desk.app.relay.run_once()
        assert {recipient.id for _, recipient in hanging.given} == {recipient.id for _, recipient in quick.given}
