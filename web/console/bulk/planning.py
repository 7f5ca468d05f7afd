"""A plan of bulk moves as its page shows it: what will move and what will not, by reason – and, once it was run, what came of it.

Puts together what `Application` answers; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.core.command import Fire
from engine.core.compiled import CompiledDefinition
from engine.core.effect import Notify
from engine.label import Label, joined, verbatim
from engine.runtime.answer import Granted
from engine.runtime.bulk import Planned, reasons_of
from engine.runtime.outcome import Outcome
from engine.runtime.titles import person_title, right_title
from engine.runtime.wording import subject_of
from engine.store.plans import Plan, PlanLine, PlanState
from web.console.case.reasons import spoken_to
from web.console.form.named import naming
from web.console.form.telling import told_of_fields
from web.console.screen import Screen

STATES: Mapping[PlanState, Label] = {
    "made": Label("待执行", "to be run"),
    "confirmed": Label("执行中", "being run"),
    "finished": Label("已执行", "run"),
    "dropped": Label("已作废", "discarded"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of which the same is to be said."""

    said: Label
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told when a case moves, and the subject of it. `is_outside`: a customer, or whoever else works elsewhere."""

    who: Label
    subject: Label
    is_outside: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything. `left`: what is still to be moved; `stale`: those of them that will not be, since they have changed."""

    plan: Plan
    title: Label
    maker: Label
    is_mine: bool
    filled: tuple[tuple[Label, Label], ...]
    total: int
    possible: int
    left: tuple[str, ...]
    stale: frozenset[str]
    done: tuple[Group, ...]
    refused: tuple[Group, ...]
    hindered: tuple[Group, ...]
    """Left out from the beginning, by the verdict."""
    tells: tuple[Told, ...]
    example: str | None
    """The case for which it was asked who is told."""

    @property
    def moved(self) -> int:
        """How many cases were moved."""
        return sum(len(each.numbers) for each in self.done)

    @property
    def failed(self) -> int:
        """How many were to be moved and were refused."""
        return sum(len(each.numbers) for each in self.refused)

    @property
    def numbers(self) -> tuple[str, ...]:
        """All that have not been moved: what another plan would be for."""
        return (*self.left, *(number for group in (*self.refused, *self.hindered) for number in group.numbers))


def plan_view(screen: Screen, planned: Planned) -> PlanView:
    """The plan, with only the cases that he sees who looks."""
    application, plan = screen.application, planned.plan
    seen = application.bulk.seen(planned, screen.access)
    left = tuple(line.number for line in seen.left)
    definition = _definition(screen, [line.number for line in seen.lines])
    is_mine, title = plan.made_by == screen.person, application.bulk.title_of(plan)
    example = next((number for number in left if is_mine and plan.state == "made"), None)
    return PlanView(
        plan=plan,
        title=title,
        maker=person_title(plan.made_by, application.directory.roster()),
        is_mine=is_mine,
        filled=told_of_fields(definition.fields, plan.wish.data, naming(screen).title)
        if definition is not None and isinstance(plan.wish, Fire)
        else (),
        total=len(seen.lines),
        possible=seen.possible,
        left=left,
        stale=application.bulk.stale(seen) & set(left),
        done=_grouped(
            (title if plan.is_assignment else _state(line, definition), line.number) for line in seen.lines if line.status == "done"
        ),
        refused=_grouped(
            (_why(line, screen), line.number) for line in seen.lines if line.verdict == "possible" and line.status == "refused"
        ),
        hindered=_grouped((_why(line, screen), line.number) for line in seen.lines if line.verdict == "refused"),
        tells=_tells(screen, plan, example) if example is not None else (),
        example=example,
    )


def _grouped(found: Iterable[tuple[Label, str]]) -> tuple[Group, ...]:
    """By what is said, what is said of most cases first."""
    groups: dict[Label, list[str]] = {}
    for said, number in found:
        groups.setdefault(said, []).append(number)
    return tuple(Group(said, tuple(numbers)) for said, numbers in sorted(groups.items(), key=lambda each: -len(each[1])))


def _why(line: PlanLine, screen: Screen) -> Label:
    return joined((spoken_to(screen.name, why.sentence) for why in reasons_of(line)), Label("；", "; "))


def _state(line: PlanLine, definition: CompiledDefinition | None) -> Label:
    state = Outcome.read(line.outcome).state if line.outcome is not None else ""
    known = definition.states.get(state) if definition is not None else None
    return known.title if known is not None else verbatim(state)


def _definition(screen: Screen, numbers: list[str]) -> CompiledDefinition | None:
    """What the words of the plan are taken from: the process of its first case."""
    application = screen.application
    view = application.views.case(numbers[0], screen.access) if numbers else None
    return view.definition if view is not None else None


def _tells(screen: Screen, plan: Plan, number: str) -> tuple[Told, ...]:
    """Who would be told what if this case moved now."""
    application = screen.application
    view = application.views.case(number, screen.access)
    answer = application.cases.handle(number, plan.wish, screen.caller, dry_run=True)
    if not isinstance(answer, Granted):
        return ()
    definition, notices = view.definition, [each for each in answer.effects if isinstance(each, Notify)]
    return tuple(
        Told(
            right_title(right, definition),
            subject_of(definition, each.template, number, each.state, each.values),
            right.kind == "party",
        )
        for each in notices
        for right in each.tell
    )
