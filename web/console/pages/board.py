"""The board of a process: where its open cases stand, what is late, what waits – and the way from one column into another.

Moving a card is a step of its case: the dialog that asks for it is made here, and performed where every step is (`pages.steps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from engine.runtime.board import BoardView, Narrowing
from web.console.case.moving import moving
from web.console.screen import Screen, Showing, shown

PATH = "/board"
CARDS = 15
"""How many cards a column shows."""
LINES = 50
"""How many lines a page of one column shows."""
PAGES = 20
"""How many such pages there are: whoever looks further narrows the board, or finds."""
_ON_THE_WALL = 9
"""How many cases stand on a wall screen by name."""

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def first(screen: Showing) -> Response:
    """The board of the process with most open cases that he sees."""
    found = screen.application.board.processes(screen.access)
    if not found:
        return screen.page("board_none.html", "board")
    return screen.then(address_of(found[0].workflow, {}), lambda: show_board(screen, found[0].workflow))


@router.get(PATH + "/{workflow}")
def board(screen: Showing, workflow: str, wall: Annotated[bool, Query()] = False) -> Response:
    """The board, or the same for a screen on the wall."""
    query = dict(screen.request.query_params)
    return _show_wall(screen, workflow, query) if wall else show_board(screen, workflow, query=query)


@router.get(PATH + "/{workflow}/move/{number}")
def move(screen: Showing, workflow: str, number: str, to: str | None = None, step: str | None = None) -> Response:
    """How a card gets into a column, or anywhere: the steps that lead there, and why one does not. A dialog, or a page of its own."""
    query = {name: value for name, value in screen.request.query_params.items() if name not in ("to", "step")}
    found = moving(screen, number, to or None, step, address_of(workflow, query))
    is_dialog = screen.request.headers.get("hx-target", "").endswith("#move")
    return screen.page(
        "parts/move.html" if is_dialog else "board_move.html",
        "board",
        moving=found,
        is_dialog=is_dialog,
        form_of=lambda step: address_of(workflow, query, f"/move/{number}", to=to or None, step=step),
    )


@router.get(PATH + "/{workflow}/{phase}")
def column(screen: Showing, workflow: str, phase: str, page: Annotated[int, Query(ge=1, le=PAGES)] = 1) -> Response:
    """All cases of a column, by the time that is left."""
    query = dict(screen.request.query_params)
    view = _view(screen, workflow, narrowing_of(query), limit=page * LINES, skip=(page - 1) * LINES, column=phase)
    found = view.columns[0]
    total = found.late if "late" in query else found.cases
    return screen.page(
        "board_column.html",
        "board",
        board=view,
        column=found,
        cards=found.cards,
        page=page,
        pages=min(-(-total // LINES), PAGES),
        total=total,
        narrowed=narrowing_of(query),
        here=lambda **changed: address_of(workflow, query, f"/{phase}", **changed),
        back=address_of(workflow, query, page=None),
    )


def show_board(screen: Screen, workflow: str, query: Mapping[str, str] | None = None) -> Response:
    """The page of a board, alone or as the answer to a step. `query`: how it is narrowed, as its address says. Raises Unknown."""
    query = query or {}
    view = _view(screen, workflow, narrowing_of(query), limit=CARDS)
    seen = _digest(screen, view)
    if screen.afterword is None and screen.request.query_params.get("seen") == seen:
        return Response(status_code=204)
    kept = {name: value for name, value in query.items() if name != "seen"}
    return screen.page(
        "board.html",
        "board",
        board=view,
        narrowed=narrowing_of(query),
        seen=seen,
        here=lambda **changed: address_of(workflow, kept, **changed),
        list_of=lambda phase, **changed: address_of(workflow, kept, f"/{phase}", **changed),
        address=lambda process: address_of(process, {}),
    )


def query_of(address: str) -> Mapping[str, str]:
    """How a board is narrowed, out of its address."""
    return dict(parse_qsl(address.partition("?")[2]))


def narrowing_of(query: Mapping[str, str]) -> Narrowing:
    """The same as what is asked of the board."""
    unit, state, holder = (query.get(name) or None for name in ("unit", "state", "holder"))
    return Narrowing(unit, state, holder, is_mine="mine" in query, is_late="late" in query)


def address_of(workflow: str, query: Mapping[str, str], below: str = "", **changed: object) -> str:
    """The address of a board; `changed`: of its query, None takes a word out."""
    merged = {**query, **{name: str(value) for name, value in changed.items() if value is not None}}
    kept = {name: value for name, value in merged.items() if value and not (name in changed and changed[name] is None)}
    return f"{PATH}/{workflow}{below}" + (f"?{urlencode(kept)}" if kept else "")


def _view(screen: Screen, workflow: str, narrowing: Narrowing, *, limit: int, skip: int = 0, column: str | None = None) -> BoardView:
    application = screen.application
    return application.board.of(workflow, narrowing, screen.access, application.time.now(), limit=limit, skip=skip, column=column)


def _show_wall(screen: Screen, workflow: str, query: Mapping[str, str]) -> Response:
    view = _view(screen, workflow, narrowing_of(query), limit=_ON_THE_WALL)
    seen = _digest(screen, view)
    if query.get("seen") == seen:
        return Response(status_code=204)
    dated = [card for card in view.cards if card.line.due_at is not None]
    kept = {name: value for name, value in query.items() if name != "seen"}
    return shown(
        screen.request,
        "board_wall.html",
        board=view,
        cards=dated[:_ON_THE_WALL],
        seen=seen,
        clock=f"{screen.application.time.now().astimezone(screen.application.settings.zone):%H:%M}",
        here=lambda **changed: address_of(workflow, kept, **changed),
    )


def _digest(screen: Screen, view: BoardView) -> str:
    """What stands on a board at this minute, in a word: whoever has it needs nothing new."""
    return sha256(f"{screen.language}{screen.application.time.now():%H%M}{view!r}".encode()).hexdigest()[:16]
