"""Incidents: what the system could not do by itself – seen, tried again, settled; messages that were not sent, events in quarantine.

Whoever looks after no case is told who does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BeforeValidator

from engine.core.effect import IncidentKind
from engine.errors import AftercareError, Conflict, Forbidden
from engine.label import Label
from engine.runtime.incidents import KINDS
from roles.actor import ADMINISTRATOR
from web.console.display.words import CHANNELS, MESSAGES
from web.console.screen import Filled, Screen, Showing
from web.problem import STATUS_OF_ERRORS

PATH = "/incidents"
LINES = 25
_NAMED = 5
_UNDELIVERED = ("failed", "nobody")

router = APIRouter(include_in_schema=False)
Kind = Annotated[IncidentKind | None, BeforeValidator(lambda text: text or None), Query()]
"""None where all are meant, which a form says by an empty choice."""
Told = tuple[str, Label, Label | None]
"""The id of what a sentence is about, the sentence and a way out."""


@router.get(PATH)
def incidents(screen: Showing, kind: Kind = None, settled: bool = False, after: str | None = None) -> Response:
    """Those that are open, or all; the one that happened last first."""
    return _show(screen, kind=kind, settled=settled, after=after)


@router.post(f"{PATH}/{{id}}/seen")
def see(screen: Showing, id: str, kind: Kind = None, settled: bool = False) -> Response:
    """He has seen it and looks after it."""
    screen.application.incidents.see(id, screen.person, screen.access)
    said = Label("已记下由您处理", "Noted: you are handling it")
    return screen.then(address(kind, settled), lambda: _show(screen, kind=kind, settled=settled), said)


@router.post(f"{PATH}/{{id}}/retry")
def retry(screen: Showing, id: str, form: Filled, kind: Kind = None, settled: bool = False) -> Response:
    """Try again what was refused or given up – as it stood when he asked for it: what was tried again meanwhile is not tried twice."""
    try:
        tried = screen.application.incidents.retry(id, screen.caller, screen.access, was=str(form.get("was") or ""))
    except Conflict:
        return _show(screen, 409, kind=kind, settled=settled, told=(id, _CHANGED, None))
    if not tried.is_going:
        return _show(screen, 409, kind=kind, settled=settled, told=(id, _STILL.get(tried.incident.kind, tried.sentence), None))
    said = Label("已重试：{what}", "Tried again: {what}").fill(what=tried.sentence)
    return screen.then(address(kind, settled), lambda: _show(screen, kind=kind, settled=settled), said)


@router.post(f"{PATH}/{{id}}/resolve")
def resolve(screen: Showing, id: str, form: Filled, kind: Kind = None, settled: bool = False) -> Response:
    """It is dealt with, and how."""
    note = str(form.get("note") or "").strip()
    if not note:
        return _show(screen, 422, kind=kind, settled=settled, asked=id)
    try:
        screen.application.incidents.resolve(id, screen.person, note, screen.access)
    except Conflict as error:
        there = screen.application.incidents.show(id, screen.access)
        if (there.incident.settled_by, there.incident.note) != (screen.person, note):  # else it was sent twice
            return _show(screen, 409, kind=kind, settled=True, told=(id, error.sentence, error.way_out))
    said = Label("已标为解决", "Marked as resolved")
    return screen.then(address(kind, settled), lambda: _show(screen, kind=kind, settled=settled), said)


@router.get(f"{PATH}/messages")
def messages(screen: Showing, nobody: bool = False, after: str | None = None) -> Response:
    """Messages that were given up, or that reached nobody."""
    return _show_messages(screen, nobody=nobody, after=after)


@router.post(f"{PATH}/messages/resend")
def resend(screen: Showing, form: Filled, nobody: bool = False) -> Response:
    """Send one again."""
    going = screen.application.messages.resend(str(form.get("id") or ""), screen.access)
    said = Label("将重新发送", "It will be sent again") if going else Label("已经重新发送过了", "It was sent again already")
    here = f"{PATH}/messages?nobody=true" if nobody else f"{PATH}/messages"
    return screen.then(here, lambda: _show_messages(screen, nobody=nobody), said)


@router.get(f"{PATH}/events")
def events(screen: Showing, before: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> Response:
    """Events from outside that nobody could act on. For administrators of the whole installation."""
    return _show_events(screen, before=before)


@router.post(f"{PATH}/events/replay")
def replay(screen: Showing, form: Filled) -> Response:
    """Try an event again, and what waits behind it."""
    return _settle(screen, form, lambda source, id: _replay(screen, source, id), Label("已重放", "Replayed"))


@router.post(f"{PATH}/events/drop")
def drop(screen: Showing, form: Filled) -> Response:
    """Let an event be, for good."""
    reason = str(form.get("reason") or "").strip()
    if not reason:
        return _show_events(screen, 422, asked=_event_in(form))
    dropped = Label("已不予处理", "Dropped")
    return _settle(screen, form, lambda source, id: screen.application.inbound.drop(source, id, reason, by=screen.person), dropped)


def address(kind: IncidentKind | None, settled: bool, after: str | None = None) -> str:
    """Where such a list is found."""
    query = {"kind": kind, "settled": "true" if settled else None, "after": after}
    said = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{PATH}?{said}" if said else PATH


_STILL: Mapping[IncidentKind, Label] = {
    "nobody_to_assign": Label("现在仍无人可派：请打开工单指定一人。", "Still nobody is there: open the case and give it to somebody."),
    "approval_unreachable": Label(
        "仍是如此：请给更多人授予可签署的角色，或打开工单用其他步骤退回。",
        "It is still so: give more people a role that may sign, or open the case and send it back by another step.",
    ),
    "holder_absent": Label(
        "仍是如此：请登记代理人，或打开工单改派。", "It is still so: let somebody stand in, or open the case and give it to another."
    ),
    "provisional": Label("节假日还没有载入。", "The holidays are not loaded yet."),
    "nobody_can_finish": Label("仍是如此：请给人授予所缺的角色。", "It is still so: give somebody the role that is missing."),
}
"""What is said here of an incident that only people can end; the sentence of the runtime names commands."""
_CHANGED = Label("它在此期间已有变化，请看现在的情况。", "It has changed meanwhile; look at it as it is now.")


def _show(
    screen: Screen,
    status: int = 200,
    *,
    kind: IncidentKind | None,
    settled: bool,
    after: str | None = None,
    told: Told | None = None,
    asked: str | None = None,
) -> Response:
    """`told`: what is said of one of them; `asked`: of which one a note is missing."""
    try:
        page = screen.application.incidents.page(LINES, kind=kind, with_settled=settled, access=screen.access, after=after)
    except Forbidden:
        return _closed(screen)
    return screen.page(
        "incidents.html",
        "incidents",
        status,
        page=page,
        kinds=KINDS,
        kind=kind,
        settled=settled,
        after=after,
        told=told,
        asked=asked,
        address=address,
    )


def _show_messages(screen: Screen, *, nobody: bool, after: str | None = None) -> Response:
    status = _UNDELIVERED[nobody]
    try:
        page = screen.application.messages.outbox(LINES, status=status, access=screen.access, after=after)  # type: ignore[arg-type]
    except Forbidden:
        return _closed(screen)
    following = page.lines[-1].id if page.more and nobody else None
    return screen.page(
        "undelivered.html",
        "incidents",
        page=page,
        nobody=nobody,
        following=following,
        statuses=MESSAGES,
        channels=CHANNELS,
        kinds=KINDS,
    )


def _show_events(
    screen: Screen,
    status: int = 200,
    *,
    before: int | None = None,
    told: tuple[tuple[str, str], Label] | None = None,
    asked: tuple[str, str] | None = None,
) -> Response:
    if not screen.access.administers(None):
        return _closed(screen)
    inbound = screen.application.inbound
    page = inbound.page(LINES, status="quarantined", before=before)
    seen = [inbound.show(each.source, each.id, screen.access) for each in page.events]
    return screen.page("quarantine.html", "incidents", status, page=page, events=seen, written=_written, told=told, asked=asked)


def _written(payload: object) -> str:
    """What an event says, as somebody reads it."""
    return json.dumps(payload, ensure_ascii=False, indent=2, default=str)


def _settle(screen: Screen, form: Filled, settle: Callable[[str, str], object], said: Label) -> Response:
    if not screen.access.administers(None):
        return _closed(screen)
    event = _event_in(form)
    try:
        settle(*event)
    except AftercareError as error:
        if error.fault == "system":
            raise
        return _show_events(screen, STATUS_OF_ERRORS[error.code], told=(event, error.sentence))
    return screen.then(f"{PATH}/events", lambda: _show_events(screen), said)


def _replay(screen: Screen, source: str, id: str) -> None:
    settled = screen.application.inbound.replay(source, id, by=screen.person)
    if settled.status == "quarantined" and settled.sentence is not None:
        raise Conflict(settled.sentence)


def _event_in(form: Filled) -> tuple[str, str]:
    return str(form.get("source") or ""), str(form.get("id") or "")


def _closed(screen: Screen) -> Response:
    """Who may look at this, for somebody who may not."""
    roster, now = screen.application.directory.roster(), screen.application.time.now()
    told = screen.access.people
    keepers = [roster.people[each] for each in sorted(roster.holders(ADMINISTRATOR, now)) if told is None or each in told]
    return screen.page("incidents_closed.html", "", 403, keepers=keepers[:_NAMED])
