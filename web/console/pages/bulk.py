"""Plans of bulk moves: a verdict for each case, then the moves, some at a time – and what came of each, kept for good.

How a plan comes to be is asked in `pages.selecting`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from engine.label import Label
from engine.runtime.bulk import Planned, unknown_plan
from web.console.planning import STATES, maker_of, plan_view
from web.console.screen import Screen, Showing

PATH = "/bulk"
SLICE = 25
"""How many cases one request moves: the browser is answered, and asks for more."""
PLANS = 50

router = APIRouter(include_in_schema=False)
PlanId = Annotated[str, Path(pattern="^[0-9a-f]{8}$")]


@router.get(PATH)
def overview(screen: Showing) -> Response:
    """The plans that he has made; an administrator sees those of everybody."""
    return show_plans(screen)


@router.get(f"{PATH}/{{id}}")
def read(screen: Showing, id: PlanId) -> Response:
    """A plan, and what came of each of its cases."""
    return show_plan(screen, _seen(screen, id))


@router.post(f"{PATH}/{{id}}/run")
def run(screen: Showing, id: PlanId) -> Response:
    """Move some of its cases; the page that answers asks for the next ones by itself, or by a button."""
    _seen(screen, id)
    done = screen.application.bulk.confirm(id, screen.caller, most=SLICE)
    return screen.then(f"{PATH}/{id}", lambda: show_plan(screen, done, is_running=True))


@router.post(f"{PATH}/{{id}}/drop")
def drop(screen: Showing, id: PlanId) -> Response:
    """Give the plan up."""
    _seen(screen, id)
    screen.application.bulk.drop(id, screen.caller)
    said = Label("计划已作废，没有移动任何工单", "The plan is discarded; no case was moved")
    return screen.then(PATH, lambda: show_plans(screen, said))


def show_plans(screen: Screen, said: Label | None = None) -> Response:
    """The page of the plans."""
    application = screen.application
    of_everybody = screen.access.administers(None)
    found = application.bulk.newest(PLANS, None if of_everybody else screen.person)
    people = application.directory.roster().people
    return screen.page(
        "bulk.html",
        "bulk",
        said=said,
        plans=[(each, application.bulk.title_of(each), maker_of(each, people)) for each in found],
        states=STATES,
        of_everybody=of_everybody,
    )


def show_plan(screen: Screen, planned: Planned, *, is_running: bool = False) -> Response:
    """The page of a plan. `is_running`: it goes on by itself while there is something left."""
    view = plan_view(screen, planned)
    is_over = is_running and not view.left
    said = Label("已执行完毕：移动了 {n} 个工单", "Done: {n} cases were moved").fill(n=view.moved) if is_over else None
    return screen.page("bulk_plan.html", "bulk", said=said, view=view, states=STATES, is_running=is_running and not is_over)


def _seen(screen: Screen, id: str) -> Planned:
    """A plan of his own, or any for an administrator. Raises Unknown for others: they are none of his business."""
    found = screen.application.bulk.result(id)
    if found.plan.made_by != screen.person and not screen.access.administers(None):
        raise unknown_plan(id)
    return found
