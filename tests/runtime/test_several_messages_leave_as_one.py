"""What waits for one person leaves as one letter, what is due first coming first, and as the same letter at every attempt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from engine.label import verbatim
from engine.store import deliveries, people
from engine.store.schema import metadata
from notifications.channels.memory import Memory
from notifications.message import Deferred, Delivered
from tests.notifications.mail import serving
from tests.rig.desk import MAILS, Desk, going_by, open_desk
from tests.rig.oracle import look
from tests.rig.postbox import Postbox
from tests.runtime.company import granted


@contextmanager
def of_three_cases(url: str, port: int) -> Iterator[Desk]:
    """A desk where rui is to hear of three cases at once: one due now, one in an hour, and one whose customer he is asked to call."""
    with open_desk(url, port=port) as desk:
        late = desk.receive("by_promise", promised="2026-09-28 10:30")
        soon = desk.receive("by_promise", promised="2026-09-28 09:30")
        asked = desk.receive("none")
        assert (late, soon, asked) == ("DW26-000001", "DW26-000002", "DW26-000003")
        granted(desk.fire(asked, "take", "rui"))
        desk.app.relay.run_once()
        desk.at("09:30")
        granted(desk.fire(asked, "urge", "cai"))
        desk.sweep()
        yield desk


def test_what_waits_for_one_person_is_one_letter_in_order_of_time_left(desk_url: str) -> None:
    postbox = Postbox()
    with serving(postbox) as port, of_three_cases(desk_url, port) as desk:
        relayed = desk.app.relay.run_once()

        assert (relayed.told, relayed.sent) == (3, 2)  # rui hears of all three, ren of the two that are for all
        letters = {str(mail["To"].addresses[0].addr_spec): mail for mail in postbox.received}
        mine, other = letters[MAILS["rui"]], letters[MAILS["ren"]]
        assert str(mine["Subject"]) == "3 项待办：最急 已到期：DW26-000002 承诺（刚刚到期）"
        body = mine.get_content()
        assert [line for line in body.splitlines() if line.startswith("-")] == [
            "- 已到期：DW26-000002 承诺（刚刚到期）",
            "- 即将到期：DW26-000001 承诺（还剩 1 小时）",
            "- 请回访客户：DW26-000003",
        ]
        assert "工单 DW26-000001，2026-09-28 10:30 到期，还剩 1 小时" in body
        assert str(other["Subject"]).startswith("2 项待办")
        assert len(desk.inbox("rui")) == 3  # each by itself
        assert [each.number for each in desk.app.messages.inbox("rui", 10).lines] == ["DW26-000002", "DW26-000001", "DW26-000003"]
    assert look(desk_url, arrived=postbox.identities()).violations == ()


def test_a_letter_alone_is_what_its_template_says(desk_url: str) -> None:
    postbox = Postbox()
    with serving(postbox) as port, open_desk(desk_url, port=port) as desk:
        desk.receive("by_promise", promised="2026-09-28 09:30")
        desk.at("09:30")
        desk.work()

        assert {str(mail["Subject"]) for mail in postbox.received} == {"已到期：DW26-000001 承诺（刚刚到期）"}


def test_it_is_tried_again_as_it_was_and_what_comes_later_leaves_by_itself(desk_url: str) -> None:
    channel = Memory(answer=Deferred(verbatim("later")))
    with open_desk(desk_url) as desk:
        asked = desk.receive("none")
        granted(desk.fire(asked, "take", "rui"))
        slow = Desk(going_by(desk.app, desk.app.time, channel))
        for _ in range(2):
            granted(slow.fire(asked, "urge", "cai"))
        assert slow.app.relay.run_once().deferred == 1
        granted(slow.fire(asked, "urge", "cai"))
        channel.answer = Delivered()
        slow.app.move_time(slow.app.time.now() + timedelta(minutes=2))
        assert slow.app.relay.run_once().sent == 2

    (first, _), *others = channel.given
    again, alone = sorted((message for message, _ in others), key=lambda each: each.id != first.id)
    assert (again.id, again.text.subject) == (first.id, first.text.subject)
    assert alone.id != first.id
    assert first.text.subject.startswith("2 项待办")
    assert not alone.text.subject.startswith("2")


def test_what_is_no_longer_worth_telling_is_left_out_of_the_next_attempt(desk_url: str) -> None:
    channel = Memory(answer=Deferred(verbatim("later")))
    with open_desk(desk_url) as desk:
        slow = Desk(going_by(desk.app, desk.app.time, channel))
        numbers = [slow.receive("by_promise", promised="2026-09-28 09:30") for _ in range(3)]
        slow.at("09:30")
        slow.work()
        granted(slow.fire(numbers[0], "drop", "cai"))
        channel.answer = Delivered()
        slow.at("09:32")
        relayed = slow.app.relay.run_once()

        assert (relayed.sent, relayed.withdrawn) == (2, 2)
        message = channel.given[-1][0]
        assert message.text.subject.startswith("2 项待办")
        assert numbers[0] not in message.text.body
    assert look(desk_url).violations == ()


@pytest.mark.parametrize("person", ["rui", "ren"])
def test_who_was_disabled_meanwhile_is_told_no_more(desk_url: str, person: str) -> None:
    channel = Memory(answer=Deferred(verbatim("later")))
    with open_desk(desk_url) as desk:
        slow = Desk(going_by(desk.app, desk.app.time, channel))
        for _ in range(2):
            slow.receive("by_promise", promised="2026-09-28 09:30")
        slow.at("09:30")
        slow.work()
        with slow.app.database.write() as connection:
            people.disable(connection, person, slow.app.time.now())
        channel.answer = Delivered()
        slow.at("09:32")
        relayed = slow.app.relay.run_once()

        assert (relayed.sent, relayed.withdrawn) == (1, 2)
        assert [recipient.id for _, recipient in channel.given[2:]] == [each for each in ("ren", "rui") if each != person]
        table = metadata.tables["deliveries"]
        query = table.select().where(table.c.channel == "memory", table.c.recipient == person)
        with slow.app.database.read() as reader:
            rows = reader.connection.execute(query).fetchall()
            assert {row.status for row in rows} == {"withdrawn"}
            assert all("disabled" in row.note for row in rows)
            assert deliveries.backlog(reader.connection).failed == 0
