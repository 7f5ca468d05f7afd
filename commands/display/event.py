"""Events from outside on the terminal, or as objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.failure import DONE, PROBLEM
from commands.speech import say, tr
from engine.label import Label
from engine.representation.inbound import of_event, of_event_page, of_event_view
from engine.runtime.inbound import EventPage, EventView
from engine.store.inbound import InboundEvent, InboundStatus

_STATES: Mapping[InboundStatus, Label] = {
    "accepted": Label("已办理", "accepted"),
    "quarantined": Label("隔离中", "in quarantine"),
    "dropped": Label("不予处理", "dropped"),
}
_STYLES: Mapping[InboundStatus, str] = {"accepted": "green", "quarantined": "bold red", "dropped": "dim"}


def show_events(page: EventPage, zone: ZoneInfo, *, in_json: bool) -> None:
    """Events, newest first."""
    if in_json:
        terminal.as_json(of_event_page(page))
        return
    if not page.events:
        terminal.show(tr("没有事件。", "There are no events."))
    for each in page.events:
        _show(each, zone)
    if page.more:
        terminal.remark(tr("还有更多：调大 --limit", "There are more: raise --limit"))


def show_event(view: EventView, zone: ZoneInfo, *, in_json: bool) -> None:
    """One event with what it says."""
    if in_json:
        terminal.as_json(of_event_view(view))
        return
    _show(view.event, zone)
    if view.event.body is None:
        terminal.show("    " + tr("内容已删除", "what it said was forgotten"))
        return
    written = json.dumps(view.payload, ensure_ascii=False, indent=2, default=str)
    terminal.show(*(f"    {line}" for line in written.splitlines()))


def show_replayed(events: Sequence[InboundEvent], *, in_json: bool) -> int:
    """What came of a replay; the exit code."""
    left = [each for each in events if each.status == "quarantined"]
    if in_json:
        terminal.as_json({"events": [of_event(each) for each in events]})
        return PROBLEM if left else DONE
    if not events:
        terminal.show(tr("隔离中没有这样的事件。", "There is no such event in quarantine."))
    for each in events:
        if each.status == "accepted":
            terminal.show(tr("{id} 已办理：{number}", "{id} is accepted: {number}", id=_called(each), number=each.number))
    for each in left:
        why = say(each.sentence) if each.sentence is not None else ""
        terminal.remark(tr("{id} 仍在隔离中：{why}", "{id} is still in quarantine: {why}", id=_called(each), why=why))
    return PROBLEM if left else DONE


def show_dropped(event: InboundEvent) -> None:
    """That it is settled."""
    terminal.show(tr("{id} 不予处理", "{id} is dropped", id=_called(event)))


def _show(event: InboundEvent, zone: ZoneInfo) -> None:
    state = Text(say(_STATES[event.status]), _STYLES[event.status])
    about = [event.number, "  "] if event.number is not None else []
    terminal.show(Text.assemble(local(event.received_at, zone), "  ", (_called(event), "bold"), "  ", event.name, "  ", *about, state))
    if event.status == "quarantined" and event.sentence is not None:
        terminal.show(f"    {event.code}  {say(event.sentence)}")
    terminal.pairs(_details(event, zone), indent=4, width=6)


def _details(event: InboundEvent, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if event.settled_by is not None and event.settled_at is not None:
        yield tr("处理", "by"), f"{event.settled_by}  {local(event.settled_at, zone)}"
    if event.note is not None:
        yield tr("原因", "why"), event.note


def _called(event: InboundEvent) -> str:
    return f"{event.source} {event.id}"
