"""Pictures and files that pages show: a process with the place where a case stands in it, and what lies in the fields of a case.

Both are answered with a policy of their own: whatever they hold, nothing in them runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from engine.authoring.diagram.drawing import draw
from engine.authoring.diagram.marks import Whereabouts
from engine.authoring.diagram.palette import Theme
from engine.authoring.diagram.svg import svg
from engine.core.compiled import CompiledDefinition
from engine.errors import Unknown
from engine.label import Label, Language
from engine.runtime.attachment import fetch, held
from web.console.screen import Showing

DIAGRAM = "/diagrams/{digest}/{state}.{language}.{theme}.svg"
FILE = "/cases/{number}/files/{field}/{id}"
_FOR_GOOD = "private, max-age=31536000, immutable"
_DRAWN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Its style sheet stands in it; nothing else is in reach of it."""
_INERT = "default-src 'none'; sandbox"
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What a browser shows by itself and cannot be made to run."""

_KEPT = 128

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Pinned:
    """A definition as its digest tells it apart."""

    digest: str
    definition: CompiledDefinition = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _drawn(pinned: _Pinned, language: Language, whereabouts: Whereabouts, theme: Theme) -> str:
    # Laying out takes longer than all else on a page, and hundreds of cases share few pictures.
    return svg(draw(pinned.definition), language, None, whereabouts, theme)


@router.get(DIAGRAM)
def diagram(
    screen: Showing,
    digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    state: str,
    language: Language,
    theme: Theme,
    been: Annotated[str, Query(max_length=2_000)] = "",
) -> Response:
    """A process, with the state of a case flagged and those that it was in (`been`, with dots between) ticked. It never changes."""
    definition = next((each for each in screen.application.catalog.every_version() if each.digest == digest), None)
    states = frozenset(been.split(".")) - {""}
    if definition is None or not states | {state} <= definition.states.keys():
        raise Unknown(Label("没有这张流程图。", "There is no such picture."))
    drawn = _drawn(_Pinned(digest, definition), language, Whereabouts(state, states), theme)
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": _FOR_GOOD, "Content-Security-Policy": _DRAWN})


@router.get(FILE)
def attached(screen: Showing, number: str, field: str, id: str) -> Response:
    """The content of a file that a case holds. A masked field keeps its files."""
    application = screen.application
    view = application.views.case(number, screen.access)
    found = next((each for each in held(view, field) if each.id == id), None)
    if found is None:
        raise Unknown(Label("此字段没有这个附件。", "This field holds no such file."))
    shown = "inline" if found.media in _SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": _INERT,
        "Cache-Control": "no-store",
    }
    return Response(fetch(application.database, found), media_type=found.media, headers=headers)
