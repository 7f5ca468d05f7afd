"""What a step emits goes to every endpoint that hears of it, with the values of its decision; what was undone goes to none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.core.command import Correct, Undo
from engine.errors import Misuse
from engine.label import Label
from engine.runtime.addressing import UNHEARD
from engine.runtime.endpoints import Wish
from engine.runtime.posting import means_nothing
from notifications.channels.memory import Memory
from notifications.message import Deferred, Matter
from tests.rig.desk import CLOCKS, HEAD, Desk, found, going_by, open_desk
from tests.runtime.company import caller, granted, registry

SILENT = Label("对方没有及时回答", "The receiver did not answer in time")

EMIT = "emit: {name: repair.finished, fields: [notes, promised, customer_name]}"
DOCUMENT = HEAD.replace("calendar: waking\n", "calendar: waking\nundo: 10m\n", 1) + CLOCKS
DOCUMENT = DOCUMENT.replace(
    "        by: repairer\n        assign: nobody\n", f"        by: repairer\n        {EMIT}\n        assign: nobody\n", 1
)
DOCUMENT = DOCUMENT.replace(
    "    by: [desk-clerk, integration]\n", "    by: [desk-clerk, integration]\n    emit: {name: repair.received, fields: [watch]}\n", 1
)
DOCUMENT = DOCUMENT.replace(
    "  pass_on: {",
    "  note: {title: {zh: 备注, en: Note}, by: desk-clerk, in: repairing, asks: [notes, customer_name], to: stay}\n  pass_on: {",
    1,
)
PROMISED = "2026-09-28T18:00+08:00"


@pytest.fixture
def programs() -> Memory:
    return Memory("webhook")


@pytest.fixture
def desk(database_url: str, programs: Memory) -> Iterator[Desk]:
    found(database_url, document=DOCUMENT)
    with open_desk(database_url) as desk:
        yield Desk(going_by(desk.app, desk.app.time, programs))


def listen(desk: Desk, name: str, *events: str, role: str | None = None, unit: str | None = None) -> None:
    wish = Wish(name, "webhook", "https://hooks.example.com/", role, unit, None, events)
    desk.app.endpoints.add(registry(), wish, by="os:owner")


def heard(programs: Memory, name: str | None = None) -> list[tuple[str, Matter]]:
    """The events that were posted to an endpoint or to any, with what they are about."""
    return [
        (message.matter.happening.name, message.matter)
        for message, recipient in programs.given
        if name in (None, recipient.id) and message.matter is not None and message.matter.happening is not None
    ]


def finished(desk: Desk) -> str:
    """A case that ren has finished at ten past nine."""
    number = desk.receive("none", customer_name="测试客户甲", promised=PROMISED)
    granted(desk.fire(number, "take", "ren"))
    granted(desk.fire(number, "note", "cai", notes="换屏", customer_name="测试客户甲"))
    desk.at("09:10")
    granted(desk.fire(number, "finish", "ren"))
    return number


def test_whoever_hears_of_an_event_is_posted_it_once_and_nobody_else(desk: Desk, programs: Memory) -> None:
    listen(desk, "one", "repair.received")
    listen(desk, "all", "*")
    listen(desk, "repairs", "repair.*", "repair.received", unit="main")
    listen(desk, "orders", "order.*")
    listen(desk, "elsewhere", "*", unit="shop-2")
    listen(desk, "supervisors", role="desk-supervisor")
    number = desk.receive("none")
    desk.work()
    assert sorted(recipient.id for _, recipient in programs.given if recipient.endpoint is not None) == ["all", "one", "repairs"]
    assert {(name, matter.number, matter.state, matter.seq) for name, matter in heard(programs)} == {
        ("repair.received", number, "received", 1)
    }
    assert {message.text.subject for message, recipient in programs.given if recipient.endpoint is not None} == {"repair.received"}
    assert len({message.id for message, _ in programs.given}) == 3
    published = desk.app.catalog.all_newest()
    vain = [each for each in ("*", "repair.*", "repair.finished", "repair.finish", "order.*") if means_nothing(each, published)]
    assert vain == ["repair.finish", "order.*"]


def test_an_event_says_what_held_when_it_was_decided_and_of_persons_what_holds_now(desk: Desk, programs: Memory) -> None:
    listen(desk, "erp", "repair.finished")
    number = finished(desk)
    granted(desk.app.cases.handle(number, Correct({"notes": "换电池", "customer_name": "测试客户乙"}, "写错了"), caller("sun")))
    desk.at("09:21")
    desk.work()
    [(name, matter)] = heard(programs)
    assert matter.happening is not None
    assert matter.happening.fields == {"notes": "换屏", "promised": "2026-09-28T10:00:00.000000Z", "customer_name": "测试客户乙"}
    assert (name, matter.version, matter.workflow) == ("repair.finished", 1, "desk-watch")
    [line] = [each for each in desk.app.messages.outbox(20, number=number).lines if each.message.emitted is not None and each.deliveries]
    assert "测试客户" not in repr(line)


def test_an_event_is_the_same_at_every_attempt(desk: Desk, programs: Memory) -> None:
    listen(desk, "erp", "*")
    programs.answer = Deferred(SILENT)
    number = desk.receive("none", promised=PROMISED)
    desk.work()
    granted(desk.fire(number, "take", "ren"))
    desk.at("09:06")
    desk.work()
    first, second = (message for message, recipient in programs.given if recipient.id == "erp")
    assert first == second


def test_what_is_undone_is_told_to_no_program(desk: Desk, programs: Memory) -> None:
    listen(desk, "erp", "repair.finished")
    number = finished(desk)
    desk.work()
    desk.at("09:19")
    granted(desk.app.cases.handle(number, Undo("点错"), caller("ren")))
    desk.at("2026-09-29 09:00")
    desk.work()
    assert heard(programs) == []
    [line] = [each for each in desk.app.messages.outbox(20, number=number).lines if each.about.en == "event repair.finished"]
    assert (line.status, line.meant.en) == ("withdrawn", "the programs that hear of this event")


def test_that_nobody_hears_of_it_is_noted_and_alarms_nobody(desk: Desk, programs: Memory) -> None:
    number = desk.receive("none")
    desk.work()
    [line] = desk.app.messages.outbox(20, number=number).lines
    assert (line.status, line.message.note) == ("nobody", UNHEARD)
    assert desk.app.incidents.page(10).lines == ()
    listen(desk, "erp", "*")
    assert desk.app.messages.resend(line.id)
    desk.work()
    assert [name for name, _ in heard(programs)] == ["repair.received"]


def test_programs_hear_of_it_in_quiet_hours_too(desk: Desk, programs: Memory) -> None:
    listen(desk, "erp", "*")
    desk.at("23:00")
    desk.receive("none")
    desk.work()
    assert len(heard(programs)) == 1


IMPOSSIBLE = [
    ("webhook", (), "expected a role or events"),
    ("feishu", ("repair.finished",), "the robot of a chat hears of no events"),
    ("webhook", ("Repair",), "found “Repair”"),
    ("webhook", ("repair.",), "found “repair.”"),
    ("webhook", ("*.finished",), "found “*.finished”"),
    ("webhook", ("repair*",), "found “repair*”"),
]


def test_what_it_hears_of_must_be_possible(desk: Desk) -> None:
    for kind, events, sentence in IMPOSSIBLE:
        with pytest.raises(Misuse, match=re.compile(re.escape(sentence), re.IGNORECASE)):
            desk.app.endpoints.add(registry(), Wish("erp", kind, "https://hooks.example.com/", None, None, None, events), by="os:owner")
    assert desk.app.endpoints.known() == []
