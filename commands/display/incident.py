"""Incidents on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.failure import DONE, PROBLEM
from commands.speech import say, tr
from engine.label import Label
from engine.representation.incident import of_incidents, of_retried
from engine.runtime.incidents import IncidentPage, IncidentView
from engine.runtime.retrying import Retried
from engine.store.incidents import Incident, IncidentState

_STATES: Mapping[IncidentState, Label] = {
    "open": Label("待处理", "open"),
    "retried": Label("已重试", "retried"),
    "resolved": Label("已解决", "resolved"),
}
_STYLES: Mapping[IncidentState, str] = {"open": "bold red", "retried": "yellow", "resolved": "dim"}


def show_incidents(page: IncidentPage, zone: ZoneInfo, *, in_json: bool) -> None:
    """Incidents, the one that happened last first."""
    if in_json:
        terminal.as_json(of_incidents(page))
        return
    if not page.lines:
        terminal.show(tr("没有待处理的异常。", "There is no incident."))
    for each in page.lines:
        _show(each, zone)
    if page.more:
        terminal.remark(tr("还有更多：调大 --limit", "There are more: raise --limit"))


def show_of_case(lines: Sequence[IncidentView], zone: ZoneInfo) -> None:
    """What a case has of open incidents; nothing where it has none."""
    for each in lines:
        terminal.show("")
        _show(each, zone)


def show_retried(retried: Retried, *, in_json: bool) -> int:
    """What came of it; the exit code."""
    incident = retried.incident
    if in_json:
        terminal.as_json(of_retried(retried))
    elif retried.is_going:
        terminal.show(
            tr("{id} {state}：{what}", "{id} {state}: {what}", id=incident.id, state=_state(incident), what=say(retried.sentence))
        )
    else:
        terminal.remark(
            tr(
                "{id} 仍{state}：{what}",
                "{id} is still {state}: {what}",
                id=incident.id,
                state=_state(incident),
                what=say(retried.sentence),
            )
        )
    return DONE if retried.is_going else PROBLEM


def show_seen(view: IncidentView) -> None:
    """Who has seen it."""
    assert view.seen_by is not None
    terminal.show(tr("{id} 已由 {who} 看到", "{id} was seen by {who}", id=view.incident.id, who=say(view.seen_by)))


def show_resolved(incident: Incident) -> None:
    """That it is settled."""
    terminal.show(tr("{id} 已解决", "{id} is resolved", id=incident.id))


def show_open(count: int) -> None:
    """That there are some, where somebody else is at work."""
    if count:
        terminal.remark(
            "  " + tr("有 {n} 个异常待处理，见 aftercare incidents", "Incidents to look at: {n}, see aftercare incidents", n=count)
        )


def _show(view: IncidentView, zone: ZoneInfo) -> None:
    incident = view.incident
    state = Text(_state(incident), _STYLES[incident.state])
    about = [incident.number, "  "] if incident.number is not None else []
    heading = Text.assemble((incident.id, "bold"), "  ", local(incident.last_at, zone), "  ", *about, say(view.kind), "  ", state)
    terminal.show(heading, f"    {say(incident.sentence)}")
    terminal.pairs(_details(view, zone), indent=4, width=6)


def _details(view: IncidentView, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    incident = view.incident
    if incident.count > 1:
        since = local(incident.opened_at, zone)
        if incident.state == "open":
            said = tr("共 {n} 次，本次自 {since}", "{n} in all, open since {since}", n=incident.count, since=since)
        else:
            said = tr("共 {n} 次，最近自 {since}", "{n} in all, last opened {since}", n=incident.count, since=since)
        yield tr("次数", "times"), said
    if view.seen_by is not None and incident.seen_at is not None:
        yield tr("看到", "seen"), f"{say(view.seen_by)}  {local(incident.seen_at, zone)}"
    if view.settled_by is not None and incident.settled_at is not None:
        yield tr("处理", "by"), f"{say(view.settled_by)}  {local(incident.settled_at, zone)}"
    if incident.note is not None:
        yield tr("说明", "note"), incident.note


def _state(incident: Incident) -> str:
    return say(_STATES[incident.state])
