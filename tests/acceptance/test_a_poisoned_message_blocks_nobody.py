"""A message that cannot be made, a recipient who cannot be rendered, a claim whose owner died: others are told, and it is seen (bar 20).

One bad item in the middle of good ones. It ends where a person sees it – given up, with an incident – and can be sent again once mended.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.core.effect import IncidentKind
from engine.runtime.dispatch import LEASE
from engine.store import incidents
from engine.store.incidents import Incident
from notifications.backoff import MAILS
from notifications.channels.memory import Memory
from notifications.message import Message, Recipient, Result
from tests.rig.desk import Desk, going_by, open_desk
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import caller, granted

pytestmark = pytest.mark.reliability
GOOD = 9
"""Cases beside the bad one."""


def alarm(desk: Desk, kind: IncidentKind) -> Incident:
    """The one incident of this kind: as many are visible as were injected."""
    with desk.app.database.read() as reader:
        [found] = incidents.incidents(reader, kind=kind, limit=10)
    return found


def poison(desk: Desk, number: str, **columns: str) -> None:
    """Something else stands in the intent of a case than was decided."""
    what = ", ".join(f"{name} = :{name}" for name in columns)
    query = text(f"UPDATE outbox SET {what} WHERE case_id = (SELECT id FROM cases WHERE number = :number)")
    with desk.app.database.write() as connection:
        assert connection.execute(query, {**columns, "number": number}).rowcount == 1


def test_a_message_that_cannot_be_made_ends_where_it_is_seen(desk_url: str, told: Tell) -> None:
    run = Run(20, store_of(desk_url), faults=1)
    with open_desk(desk_url) as desk:
        numbers = [desk.receive("by_promise", promised="2026-09-28 09:30") for _ in range(GOOD + 1)]
        bad = numbers[GOOD // 2]
        desk.at("09:30")
        desk.sweep()
        poison(desk, bad, state="nowhere")
        relayed = desk.app.relay.run_once()

        assert (relayed.told, relayed.nobody, relayed.troubles) == (GOOD, 1, [])
        assert {each.number for each in desk.inbox("rui")} == {*numbers} - {bad}
        assert desk.app.relay.run_once().is_idle
        incident = alarm(desk, "nobody_to_tell")
        assert (incident.number, incident.state) == (bad, "open")
        assert "KeyError" in incident.sentence.en

        poison(desk, bad, state="received")
        assert desk.app.incidents.retry(incident.id, caller("sun")).is_going
        assert desk.app.relay.run_once().told == 1
        told(run, GOOD + 1, 0)
    assert look(desk_url).violations == ()


class Choking(Memory):
    """A channel that fails at one customer, each time, with an error that nobody foresaw."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.chokes_on = number

    def send(self, message: Message, recipient: Recipient) -> Result:
        """As ever, but for one."""
        if recipient.is_outside and self.chokes_on in message.text.subject:
            raise UnicodeError("cannot be said")
        return super().send(message, recipient)


def test_a_recipient_at_whom_it_fails_each_time_is_given_up_and_holds_up_nobody(desk_url: str, told: Tell) -> None:
    run = Run(20, store_of(desk_url), faults=1)
    with open_desk(desk_url) as desk:
        numbers = [desk.receive("none", customer_name=f"测试客户{place}", mail=f"c{place}@example.com") for place in range(GOOD + 1)]
        channel = Choking(numbers[0])
        slow = Desk(going_by(desk.app, desk.app.time, channel))
        for number in numbers:
            granted(slow.fire(number, "take", "rui"))
            granted(slow.fire(number, "finish", "rui"))
        relayed = slow.app.relay.run_once()
        assert (relayed.told, relayed.deferred) == (GOOD + 1, 1)
        assert len([recipient for _, recipient in channel.given if recipient.is_outside]) == GOOD  # and all the others at once
        for _ in range(3 * len(MAILS)):  # some of them fall into quiet hours
            slow.app.move_time(slow.app.time.now() + timedelta(hours=5))
            if slow.app.relay.run_once().failed:
                break
        incident = alarm(slow, "dead_letter")
        assert (incident.number, incident.subject) == (numbers[0], "memory:customer")

        channel.chokes_on = "nobody"
        slow.at("2026-10-20 10:00")
        assert slow.app.incidents.retry(incident.id, caller("sun")).is_going
        assert slow.app.relay.run_once().sent == 1
        assert alarm(slow, "dead_letter").state == "resolved"
        told(run, GOOD + 1, 0)
    assert look(desk_url).violations == ()


class Dying(Memory):
    """A channel during whose first letter the worker dies."""

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Dies with the letter in hand."""
        super().send(message, recipient)
        raise SystemExit


def test_a_claim_whose_owner_died_is_taken_up_when_its_lease_is_over(desk_url: str, told: Tell) -> None:
    run = Run(20, store_of(desk_url), faults=1)
    dying, channel = Dying(), Memory()
    with open_desk(desk_url) as desk:
        for _ in range(GOOD):
            desk.receive("by_promise", promised="2026-09-28 09:30")
        desk.at("09:30")
        desk.sweep()
        with pytest.raises(SystemExit):
            Desk(going_by(desk.app, desk.app.time, dying)).app.relay.run_once()
        heir = Desk(going_by(desk.app, desk.app.time, channel))
        assert heir.app.relay.run_once().sent == 1  # to the other person
        heir.app.move_time(heir.app.time.now() + LEASE)
        assert heir.app.relay.run_once().sent == 1
        told(run, GOOD, 0)
    [(unheard, _)] = dying.given
    assert [message.id for message, _ in channel.given][1:] == [unheard.id]  # the same nine, under the same identity
    assert [message.text for message, _ in channel.given][1:] == [unheard.text]
    assert look(desk_url).violations == ()
