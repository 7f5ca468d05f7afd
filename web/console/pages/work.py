"""My work: what I hold, and what waits for somebody like me, by the time that is left – each with the steps that can be done at once.

The list looks for what is new by itself: it is answered again only when something that it shows has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from engine.core.codec import decode_instant, encode_instant
from engine.core.wording import left
from engine.label import Label
from engine.runtime.tally import WHOSE, Chosen
from engine.runtime.worklist import Work
from engine.store.worklist import FEW, Place
from roles.scope import Identity
from web.console.screen import Screen, Showing, shown

PATH = "/work"
LINES = 30
STEPS = 4
"""How many steps of a case stand beside it."""
_NO_TIME = "-"

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def work(screen: Showing) -> Response:
    """The list."""
    return show_work(screen, query=screen.request.query_params)


def show_work(screen: Screen, query: Mapping[str, str] | None = None) -> Response:
    """The list, read anew: alone, or as the answer to a step. `query`: how it is narrowed, as its address says."""
    query = query or {}
    chosen, after = chosen_of(query), _place(query.get("after", ""))
    found = screen.application.worklist.of(Identity(screen.person), chosen, LINES, after)
    seen = _digest(screen, found)
    is_look = screen.afterword is None and "seen" in query
    if is_look and query["seen"] == seen:
        return Response(status_code=204)
    kept = _query(chosen)
    values: dict[str, Any] = {
        "work": found,
        "chosen": chosen,
        "titles": _titles(screen, chosen),
        "is_narrowed": chosen != Chosen(),
        "after": query.get("after") if after is not None else None,
        "following": _text(found.following),
        "seen": seen,
        "here": lambda **changed: _address(kept, changed),
        "me": screen.person,
        "keys": [token_urlsafe(16) for _ in found.lines],
        "most": STEPS,
        "few": FEW,
    }
    return shown(screen.request, "parts/worklist/news.html", **values) if is_look else screen.page("work.html", "work", **values)


def chosen_of(query: Mapping[str, str]) -> Chosen:
    """How the list is narrowed, as its address says."""
    workflow, state, unit = (query.get(name) or None for name in ("workflow", "state", "unit"))
    whose = next((each for each in WHOSE if each == query.get("whose")), None)
    return Chosen(whose, workflow, state if workflow is not None else None, unit, is_late="late" in query)


def _titles(screen: Screen, chosen: Chosen) -> dict[str, Label | None]:
    """What the chosen process and state are called, also where he has no case of them."""
    process = next((each for each in screen.application.catalog.all_newest() if each.workflow == chosen.workflow), None)
    state = process.states.get(chosen.state or "") if process is not None else None
    return {"workflow": process.title if process is not None else None, "state": state.title if state is not None else None}


def _query(chosen: Chosen) -> dict[str, str | None]:
    late = "1" if chosen.is_late else None
    return {"whose": chosen.whose, "workflow": chosen.workflow, "state": chosen.state, "unit": chosen.unit, "late": late}


def _address(query: Mapping[str, str | None], changed: Mapping[str, object]) -> str:
    kept = {name: value for name, value in {**query, **changed}.items() if value is not None}
    return PATH + (f"?{urlencode(kept)}" if kept else "")


def _text(place: Place | None) -> str | None:
    """A place as an address has it."""
    if place is None:
        return None
    due_at = encode_instant(place.due_at) if place.due_at is not None else _NO_TIME
    return "~".join((due_at, encode_instant(place.opened_at), place.number))


def _place(text: str) -> Place | None:
    """The same read again; None for what is no place: the list begins at its beginning."""
    due_at, _, rest = text.partition("~")
    opened_at, _, number = rest.partition("~")
    try:
        return Place(None if due_at == _NO_TIME else decode_instant(due_at), decode_instant(opened_at), number) if number else None
    except ValueError:
        return None


def _digest(screen: Screen, found: Work) -> str:
    """What the list shows at this instant, in a word."""
    now = screen.application.time.now()
    times = [left(each.view.due_at, now) for each in found.lines]
    return sha256(f"{screen.language}{times}{found!r}".encode()).hexdigest()[:16]
