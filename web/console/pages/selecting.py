"""Many cases at once, until there is a plan: select them, choose a step – or that they are assigned –, fill its form once.

Everything on the way travels in the forms: nothing is kept before the plan is made, and nothing is moved by it (`pages.bulk`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, cast

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from engine.core.codec import Json
from engine.core.command import Fire
from engine.core.decision import Reason, Refused
from engine.errors import Misuse
from engine.label import Label
from engine.runtime.board import BoardView, Narrowing
from engine.runtime.colleagues import colleagues
from engine.runtime.columns import ALL
from engine.runtime.selection import Offer, Selection, selected
from web.console.bulk.giving import NOBODY, PERSON, giving_form, whom
from web.console.form.control import OFFERED
from web.console.form.filling import Sent, sent_in
from web.console.form.forming import Filling, form_of
from web.console.form.known import known_to
from web.console.form.named import naming
from web.console.pages.bulk import PATH, show_plan
from web.console.screen import Filled, Screen, Showing
from web.limits import CASES_PER_PLAN

SHOWN = 100
"""How many cases are listed to choose from."""
FILTER, MARKS = ("workflow", "unit", "state", "holder"), ("mine", "late")
"""By what they are chosen."""
ASSIGN = "assign"
"""Says in a form that the cases are to be assigned: there is no step then."""

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/new")
def choose(screen: Showing, number: Annotated[list[str] | None, Query()] = None) -> Response:
    """Which cases: those that were brought along, all that somebody holds, or of a process by what the filter says."""
    query = {name: value for name in (*FILTER, *MARKS) if (value := screen.request.query_params.get(name))}  # what it goes on with
    if number:
        return _show_brought(screen, number)
    if query.keys() == {"holder"}:
        return _show_brought(screen, screen.application.views.held([query["holder"]], screen.access).get(query["holder"], ()))
    if not query.get("workflow"):
        return screen.page("bulk_process.html", "bulk", processes=screen.application.board.processes(screen.access))
    holder = naming(screen).read(query["holder"]) if query.get("holder", "").strip() else ""
    fault = holder if isinstance(holder, Label) else None
    query |= {} if fault is not None or not holder else {"holder": str(holder)}
    view = _matching(screen, query, SHOWN)
    roster, now = screen.application.directory.roster(), screen.application.time.now()
    known = colleagues(roster, screen.access, now)
    people = [each.person for each in known.values() if each.person.kind == "person"]
    return screen.page(
        "bulk_new.html",
        "bulk",
        422 if fault is not None else 200,
        fault=fault,
        board=view,
        cards=view.cards[:SHOWN],
        total=_total(view, query),
        most=CASES_PER_PLAN,
        query=query,
        people=sorted(people, key=lambda each: each.name)[:OFFERED],
        is_long=len(people) > OFFERED,
        names={each: roster.names[each] for each in known},
    )


@router.get(f"{PATH}/step")
@router.get(f"{PATH}/form")
def again() -> Response:
    """What was selected is in no address: it is selected again."""
    return RedirectResponse(f"{PATH}/new", 303)


@router.post(f"{PATH}/step")
def choose_step(screen: Showing, form: Filled) -> Response:
    """Which step, of those that the selected cases have."""
    numbers = _numbers(screen, form)
    if not numbers:
        raise Misuse(Label("没有选中工单。", "No case is selected."), Label("请勾选至少一个工单。", "Tick at least one."))
    return screen.page("bulk_step.html", "bulk", selection=_selected(screen, numbers))


@router.post(f"{PATH}/form")
def fill(screen: Showing, form: Filled) -> Response:
    """The form of the step, once for all."""
    selection = _selected(screen, _numbers(screen, form))
    return (
        _show_giving(screen, selection, _giving(screen, form))
        if form.get(ASSIGN)
        else _show_form(screen, selection, _offer(selection, form))
    )


@router.post(PATH)
def plan(screen: Showing, form: Filled) -> Response:
    """Make the plan: a verdict for each case, and nothing moved."""
    application = screen.application
    selection = _selected(screen, _numbers(screen, form))
    if form.get(ASSIGN):
        return _plan_giving(screen, selection, form)
    offer = _offer(selection, form)
    sent = sent_in(form, offer.asks, screen)
    faults = sent.faults or (() if sent.is_changed_only else _faults(screen, selection, offer, sent))
    if sent.is_changed_only or faults:
        return _show_form(screen, selection, offer, sent, faults, 422 if faults else 200)
    made = application.bulk.plan(offer.step.id, selection.numbers, _given(sent), sent.reason or None, screen.caller, most=CASES_PER_PLAN)
    return screen.then(f"{PATH}/{made.plan.id}", lambda: show_plan(screen, made))


def _plan_giving(screen: Screen, selection: Selection, form: Filled) -> Response:
    sent = _giving(screen, form)
    person = whom(screen, str(sent.data[PERSON]))
    if isinstance(person, Label):
        return _show_giving(screen, selection, sent, person)
    to, reason = None if person == NOBODY else person, sent.reason or None
    made = screen.application.bulk.assign(to, selection.numbers, reason, screen.caller, most=CASES_PER_PLAN)
    return screen.then(f"{PATH}/{made.plan.id}", lambda: show_plan(screen, made))


def _giving(screen: Screen, form: Filled) -> Sent:
    return replace(sent_in(form, (), screen), data={PERSON: str(form.get(PERSON) or "")})


def _show_giving(screen: Screen, selection: Selection, sent: Sent | None = None, fault: Label | None = None) -> Response:
    form = giving_form(screen, selection, sent, fault)
    return screen.page("bulk_assign.html", "bulk", 422 if fault is not None else 200, selection=selection, form=form)


def _show_brought(screen: Screen, numbers: Sequence[str]) -> Response:
    selection = _selected(screen, numbers)
    with screen.application.database.read() as reader:
        lines = screen.application.views.told(reader, selection.lines)
    return screen.page("bulk_brought.html", "bulk", lines=lines)


def _show_form(
    screen: Screen, selection: Selection, offer: Offer, sent: Sent | None = None, faults: tuple[Reason, ...] = (), status: int = 200
) -> Response:
    known = known_to(screen, offer.definition, None, offer.asks)
    filling = Filling(sent.data, sent.reason, faults) if sent is not None else Filling()
    form = form_of(offer.asks, known, filling, reason="required" if offer.step.reason_required else "optional")
    return screen.page("bulk_form.html", "bulk", status, selection=selection, offer=offer, form=form)


def _faults(screen: Screen, selection: Selection, offer: Offer, sent: Sent) -> tuple[Reason, ...]:
    """What is wrong with the form for whatever case: asked of the first that stands where the step is."""
    first = next((line for line in selection.lines if _stands(screen, line.digest, line.state, offer)), selection.lines[0])
    answer = screen.application.cases.handle(
        first.number, Fire(offer.step.id, _given(sent), sent.reason or None), screen.caller, dry_run=True
    )
    return tuple(each for each in answer.reasons if each.code == "data_invalid") if isinstance(answer, Refused) else ()


def _stands(screen: Screen, digest: str, state: str, offer: Offer) -> bool:
    return offer.step.id in screen.application.catalog.by_digest(digest).states[state].steps


def _given(sent: Sent) -> dict[str, Json]:
    """What was filled in: what was left empty is not said."""
    filled = {name: value for name, value in sent.data.items() if value not in ("", [], None)}
    return cast(dict[str, Json], filled)


def _selected(screen: Screen, numbers: Sequence[str]) -> Selection:
    if len(numbers) > CASES_PER_PLAN:
        sentence = Label("一次最多选 {most} 个工单，选了 {n} 个。", "Expected at most {most} cases at once, found {n}.")
        raise Misuse(sentence.fill(most=CASES_PER_PLAN, n=len(numbers)), Label("请分几次做。", "Do it in several goes."))
    return selected(screen.application.database, screen.application.catalog, numbers, screen.access)


def _offer(selection: Selection, form: Filled) -> Offer:
    found = selection.offer(str(form.get("step") or ""))
    if found is None or found.is_single:
        raise Misuse(
            Label("这些工单不能一起做这一步。", "These cases cannot take that step together."), Label("请另选步骤。", "Choose another.")
        )
    return found


def _numbers(screen: Screen, form: Filled) -> list[str]:
    """The cases that were ticked, or that came along, or all that the filter says."""
    if form.get("all"):
        query = {name: str(form.get(name) or "") for name in FILTER}
        query |= {name: "1" for name in MARKS if form.get(name)}
        return [card.line.line.number for card in _matching(screen, query, CASES_PER_PLAN + 1).cards]
    ticked = [each for each in form.getlist("number") if isinstance(each, str)]
    return list(dict.fromkeys([*ticked, *str(form.get("numbers") or "").split()]))


def _matching(screen: Screen, query: Mapping[str, str], limit: int) -> BoardView:
    application = screen.application
    unit, state, holder = (query.get(name) or None for name in ("unit", "state", "holder"))
    narrowing = Narrowing(unit, state, holder, is_mine=bool(query.get("mine")), is_late=bool(query.get("late")))
    return application.board.of(query["workflow"], narrowing, screen.access, application.time.now(), limit=limit, column=ALL)


def _total(view: BoardView, query: Mapping[str, str]) -> int:
    return sum(each.late if query.get("late") else each.cases for each in view.columns)
