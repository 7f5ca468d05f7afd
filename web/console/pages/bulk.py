"""Plans for many cases: a verdict for each, then the moves – or assignments –, some at a time, and what came of each, kept for good.

How a plan comes to be is asked in `pages.selecting`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from engine.label import Label
from engine.runtime.bulk import Planned, unknown_plan
from engine.runtime.titles import person_title
from web.console.bulk.planning import STATES, PlanView, plan_view
from web.console.screen import Screen, Showing

PATH = "/bulk"
SLICE = 25
"""How many cases one request deals with: the browser is answered, and asks for more."""
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
    """Deal with some of its cases; the page that answers asks for the next ones by itself, or by a button."""
    _seen(screen, id)
    done = screen.application.bulk.confirm(id, screen.caller, most=SLICE)
    view = plan_view(screen, done)
    return screen.then(f"{PATH}/{id}", lambda: _show(screen, view, is_running=bool(view.left)), None if view.left else _over(view))


@router.post(f"{PATH}/{{id}}/drop")
def drop(screen: Showing, id: PlanId) -> Response:
    """Give the plan up."""
    _seen(screen, id)
    screen.application.bulk.drop(id, screen.caller)
    said = Label("计划已作废，没有改动任何工单", "The plan is discarded; nothing was done")
    return screen.then(PATH, lambda: show_plans(screen), said)


def show_plans(screen: Screen) -> Response:
    """The page of the plans."""
    application = screen.application
    of_everybody = screen.access.administers(None)
    found = application.bulk.newest(PLANS, None if of_everybody else screen.person)
    roster = application.directory.roster()
    return screen.page(
        "bulk.html",
        "bulk",
        plans=[(each, application.bulk.title_of(each), person_title(each.made_by, roster)) for each in found],
        states=STATES,
        of_everybody=of_everybody,
    )


def show_plan(screen: Screen, planned: Planned) -> Response:
    """The page of a plan."""
    return _show(screen, plan_view(screen, planned), is_running=False)


def _show(screen: Screen, view: PlanView, *, is_running: bool) -> Response:
    """`is_running`: it goes on by itself."""
    return screen.page("bulk_plan.html", "bulk", view=view, states=STATES, is_running=is_running)


def _over(view: PlanView) -> Label:
    moved = Label("已执行完毕：办理了 {n} 个工单", "Done: {n} cases were moved")
    given = Label("已执行完毕：改派了 {n} 个工单", "Done: {n} cases were assigned")
    return (given if view.plan.is_assignment else moved).fill(n=view.moved)


def _seen(screen: Screen, id: str) -> Planned:
    """A plan of his own, or any for an administrator. Raises Unknown for others: they are none of his business."""
    found = screen.application.bulk.result(id)
    if found.plan.made_by != screen.person and not screen.access.administers(None):
        raise unknown_plan(id)
    return found
