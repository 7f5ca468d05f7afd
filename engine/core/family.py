"""The family of a case: the children that a step opens, what its parent reads of them, and what happens when one of both ends.

The rows of children are kept in the parent, so that a decision needs no second case. What a child was asked for is decided by its
own definition, in the same transaction; what it hands back comes with a `Wake`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.core.calculation import filled, only
from engine.core.case import Case, Child, Parent
from engine.core.compiled import ChildRule, CompiledDefinition, CompiledStep
from engine.core.decision import Opening, Reason
from engine.core.effect import CancelChild, Effect, Notify, OpenIncident, WakeParent
from engine.core.event import ChildOpened, Moved
from engine.core.evolve import evolve
from engine.core.expression import Environment
from engine.core.facts import ChildNow, Facts, NewChild
from engine.core.kind import OF_ROW, Row, Value
from engine.label import Label, listed, verbatim
from roles.actor import Actor
from roles.policy import Right

PARENT = Actor("parent", "parent")
"""Who acts when an ended parent cancels a child."""
CHILD_NOT_CANCELLED = "child-not-cancelled"
"""The template by which the owners hear that a child could not be cancelled."""
CHILDREN_LIMIT = 200
"""How many children one step may open."""
_UNNAMED = NewChild("", "")


def rows_of(children: Mapping[str, tuple[Child, ...]]) -> dict[str, tuple[Row, ...]]:
    """alias → its children as expressions read them; those of an undone step are not among them."""
    return {alias: tuple(_row(child) for child in of_alias if not child.disowned) for alias, of_alias in children.items()}


def openings(step: CompiledStep, unit: str | None, environment: Environment) -> tuple[tuple[Opening, ...], tuple[Reason, ...]]:
    """The cases that a step opens, by the values after it; and why one of them cannot even be asked for."""
    found: list[Opening] = []
    reasons: list[Reason] = []
    for rule in step.starts:
        if rule.when is not None and rule.when.evaluate(environment) is not True:
            continue
        for place in _places(rule, environment):
            data, faults = _handed_over(rule, place)
            reasons += faults
            row = place.row.id if place.row is not None else None
            found.append(Opening(rule.alias, rule.workflow, rule.start, data, unit, row, rule.at_end, rule.cancel_step))
    if len(found) > CHILDREN_LIMIT:
        sentence = Label(
            "一个步骤最多开 {limit} 个子工单，实际为 {count} 个", "A step opens at most {limit} cases, here it would be {count}"
        )
        reasons.append(Reason("child_refused", sentence.fill(limit=CHILDREN_LIMIT, count=len(found)), subject=step.id))
    return tuple(found), tuple(reasons)


def opened(wanted: tuple[Opening, ...], facts: Facts) -> tuple[ChildOpened, ...]:
    """The children as the event tells of them; without ids as long as nobody knows how many they are."""
    given = (*facts.new_children, *(_UNNAMED for _ in wanted))
    return tuple(
        ChildOpened(each.alias, child.id, child.number, each.workflow, each.row, each.at_end, each.cancel_step)
        for each, child in zip(wanted, given, strict=False)
    )


def with_opened(environment: Environment, children: tuple[ChildOpened, ...], facts: Facts) -> Environment:
    """What expressions look at once these are open."""
    rows = dict(environment.children)
    for each in children:
        child = Child(each.id, each.number, each.workflow, each.row, each.at_end, each.cancel_step, facts.now)
        rows[each.alias] = (*rows.get(each.alias, ()), _row(child))
    return replace(environment, children=rows)


def parent_of(case_id: str, number: str, opening: Opening) -> Parent:
    """The parent as its child will know it."""
    return Parent(case_id, number, opening.alias, opening.row)


def still_open(children: Mapping[str, tuple[Child, ...]], new: Iterable[ChildOpened]) -> tuple[Reason, ...]:
    """Why the case may not end: children that must end first."""
    waiting = [child.number for of_alias in children.values() for child in of_alias if child.at_end == "wait" and child.outcome is None]
    waiting += [each.number for each in new if each.at_end == "wait"]
    if not waiting:
        return ()
    sentence = Label("须先结束子工单：{numbers}", "These cases must end first: {numbers}").fill(numbers=listed(map(verbatim, waiting)))
    return (Reason("child_open", sentence),)


def upon_end(before: Case | None, after: Case) -> tuple[Effect, ...]:
    """What an end, or a reopening, sets going: the parent looks, and children that were to be cancelled are."""
    outcome = None if before is None else before.outcome
    if outcome == after.outcome:
        return ()
    effects: list[Effect] = [WakeParent()] if after.parent is not None else []
    if outcome is None:
        effects += [
            CancelChild(child.id, child.cancel_step)
            for of_alias in after.children.values()
            for child in of_alias
            if child.cancel_step is not None and child.outcome is None
        ]
    return tuple(effects)


def stays_open(moved: Moved) -> tuple[str, ...]:
    """The numbers of the cases that a step has opened and that would not be cancelled if it were taken back."""
    return tuple(child.number for child in moved.children if child.cancel_step is None)


def cancels(before: Case, moved: Moved) -> bool:
    """Whether a step ends a case and children with it: that is never taken back."""
    return moved.outcome is not None and any(isinstance(each, CancelChild) for each in upon_end(before, evolve(before, moved)))


def child_now(parent: CompiledDefinition, child: Case, definition: CompiledDefinition) -> ChildNow:
    """A child for its parent to take note of: of its values those that are still of the kind in which the parent reads them."""
    alias = parent.aliases.get(child.parent.alias) if child.parent is not None else None
    columns = dict(alias.kind.columns) if alias is not None else {}
    data = {name: value for name, value in child.data.items() if name in columns and columns[name].name == definition.kinds[name].name}
    return ChildNow(child.id, child.state, child.outcome, child.ended_at, data)


def not_cancelled(
    definition: CompiledDefinition, child: Case, parent: Case, step: str, owner: str, reasons: tuple[Reason, ...]
) -> tuple[OpenIncident, Notify]:
    """What comes of it when a child refuses the step by which its ended parent would cancel it. `owner`: of the parent's process."""
    known = (state.steps[step].title for state in definition.states.values() if step in state.steps)
    title = next(known, verbatim(step))
    why = listed(reason.sentence for reason in reasons)
    sentence = Label(
        "上级工单 {parent} 已结束，但“{step}”未能执行：{why}", "its parent {parent} has ended, but “{step}” could not be performed: {why}"
    )
    owners = tuple(dict.fromkeys((Right("role", definition.owner), Right("role", owner))))
    values = {"parent": verbatim(parent.number), "step": title, "why": why}
    incident = OpenIncident("step_refused", step, sentence.fill(parent=parent.number, step=title, why=why))
    return incident, Notify(owners, CHILD_NOT_CANCELLED, child.state, values)


def _places(rule: ChildRule, environment: Environment) -> Iterable[Environment]:
    if rule.for_each is None:
        return (environment,)
    rows = environment.data.get(rule.for_each, ())
    places = (replace(environment, row=row) for row in rows if isinstance(row, Row)) if isinstance(rows, tuple) else ()
    return tuple(place for place in places if rule.where is None or rule.where.evaluate(place) is True)


def _handed_over(rule: ChildRule, environment: Environment) -> tuple[Mapping[str, Value], list[Reason]]:
    data: dict[str, Value | None] = {}
    reasons: list[Reason] = []
    for name, chosen in rule.values:
        value = only(chosen, environment, f"starts.{rule.alias}.with.{name}")
        if isinstance(value, Reason):
            reasons.append(value)
        else:
            data[name] = value.evaluate(environment)
    return filled(data), reasons


def _row(child: Child) -> Row:
    cells: dict[str, Value | None] = {
        "number": child.number,
        "open": child.outcome is None,
        "outcome": child.outcome,
        "state": child.state,
        "opened_at": child.opened_at,
        "ended_at": child.ended_at,
        OF_ROW: child.row,
        **child.returns,
    }
    return Row(child.id, filled(cells))
