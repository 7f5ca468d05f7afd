"""A case: where it stands, what I can do with it and why not the rest, what happened. Shows; what is done here is done by `steps`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from engine.runtime.access import Access
from engine.runtime.clocks import clocks_of
from engine.runtime.deed import OUTCOMES
from engine.runtime.rung import STANDINGS
from roles.roster import Roster
from web.console.case.asked import Asked
from web.console.case.because import because_of, used
from web.console.case.choices import choices_of
from web.console.case.folder import folded, gauges_of, glance_of, groups_of, stages_of, told_by
from web.console.display.words import CHANNELS, DELIVERIES, DOORS, MESSAGES
from web.console.screen import Screen, Showing, shown

PATH = "/cases/{number}"
ENTRIES = 50
"""Of the history at once."""
LATEST_MESSAGES = 20
_LOOKED_THROUGH = 20
"""Of the newest entries, for one that is worth telling whoever has the page open."""
_WORDS: dict[str, Any] = {"OUTCOMES": OUTCOMES, "DOORS": DOORS, "MESSAGES": MESSAGES, "DELIVERIES": DELIVERIES, "CHANNELS": CHANNELS}

router = APIRouter(include_in_schema=False)

Seq = Annotated[int, Query(ge=0, le=2**31)]


@router.get(PATH)
def case(screen: Showing, number: str, before: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> Response:
    """The case. `before`: the history that is older than this entry."""
    return show_case(screen, number, before=before)


def show_case(screen: Screen, number: str, *, asked: Asked | None = None, status: int = 200, before: int | None = None) -> Response:
    """The page of a case, read anew: alone, or as the answer to a wish.

    `asked`: what was filled in and refused, for the form that stands open (`choices_of`). Raises Unknown.
    """
    application, access = screen.application, screen.access
    views = application.views
    view = views.case(number, access)
    case, now = view.case, application.time.now()
    timeline = views.timeline(case, access, limit=ENTRIES, before=before)
    roster = application.directory.roster()
    going, over = gauges_of(views.dials(case, now), now)
    return screen.page(
        "case.html",
        "work",
        status,
        view=view,
        choices=choices_of(screen, view, asked),
        roster=roster,
        back_at=_back_at(roster, case.assignee, access, now),
        glance=glance_of(view),
        groups=groups_of(view),
        stages=stages_of(view, timeline.course.states),
        going=going,
        over=over,
        timeline=timeline,
        entries=list(folded(timeline.entries)),
        before=before,
        family=views.family(case, access),
        linked=application.lineage.of(case, access),
        told_by=told_by,
        messages=application.messages.outbox(LATEST_MESSAGES, number=case.number, access=access),
        **_WORDS,
    )


def _back_at(roster: Roster, holder: str | None, access: Access, now: datetime) -> datetime | None:
    """Until when the holder is away, for whoever is told of him."""
    away = roster.away_until(holder, now) if holder is not None else None
    return away if away is not None and (access.people is None or holder in access.people) else None


@router.get(f"{PATH}/clocks/{{clock}}")
def clock(screen: Showing, number: str, clock: str, part: bool = False) -> Response:
    """Why a clock is due then. `part`: only what the page of the case opens beside it."""
    application = screen.application
    view = application.views.case(number, screen.access)  # another's is as if it did not exist
    found = clocks_of(application.database, application.catalog, application.time, view.case.number, clock)
    values: dict[str, Any] = {"view": view, "found": found, "because": because_of(found), "used": used, "STANDINGS": STANDINGS}
    return shown(screen.request, "parts/case/because.html", **values) if part else screen.page("clock.html", "work", **values)


@router.get(f"{PATH}/changes")
def changes(screen: Showing, number: str, seq: Seq, filling: bool = False) -> Response:
    """What was done since an entry, for whoever has the page open still; 204 where that is nothing. `filling`: a form stands open there."""
    views = screen.application.views
    case = views.case(number, screen.access).case
    if case.seq <= seq:
        return Response(status_code=204)
    newer = views.timeline(case, screen.access, limit=_LOOKED_THROUGH, after=seq).entries
    told = [each for each in newer if not each.is_quiet]
    if not told:
        return Response(status_code=204)
    return shown(screen.request, "parts/case/changed.html", case=case, newest=told[0], count=len(told), is_filling=filling)
