"""Checks conditions: of every cases value exactly one case applies, no line of a rule is in vain, no step is dead, and of the automatic
steps of a state at most one can apply.

Knows where each kind of condition is asked, and what holds there already: the form is filled, the lines above hold, what is set is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from engine.authoring.checks.asking import Asking, in_words
from engine.authoring.checks.data import columns_of, filled_by_form
from engine.authoring.checks.following import Filled, Following
from engine.authoring.proof.answer import Undecided, Witness
from engine.authoring.proof.prover import Claim, Prover
from engine.core.choosing import expressions_of
from engine.core.compiled import STAY, ChildRule, ClockRule, CompiledDefinition, CompiledState, CompiledStep, Holder
from engine.core.compiling.computed import place_of
from engine.core.expression import Expression
from engine.core.expression.term import Children, leaves
from engine.core.ladder import Rung
from engine.core.problem import Path, Problem
from engine.core.telling import NoticeRule
from engine.label import Label, verbatim


def check_guard(definition: CompiledDefinition, filled: Mapping[str, Filled]) -> tuple[Problem, ...]:
    """Everything that is wrong with conditions; one place is told of once. `filled`: state → what is surely filled in it."""
    following = Following(definition, {})
    problems = [
        problem
        for step, before, is_start in _steps(definition, filled)
        for problem in _Step(definition, step, filled_by_form(following, step, before), is_start).problems()
    ]
    for name, state in definition.states.items():
        problems += _automatic(definition, state, filled[name])
    for clock in definition.clocks.values():
        problems += _clock(definition, clock, filled)
    problems += _computed(definition)
    told: dict[tuple[str, Path], Problem] = {}
    for each in problems:
        told.setdefault((each.code, each.path), each)
    return tuple(told.values())


def _steps(definition: CompiledDefinition, filled: Mapping[str, Filled]) -> Iterator[tuple[CompiledStep, Filled, bool]]:
    """Each step once as it is written, with what is filled before it in all its states; and whether it opens a case."""
    for step in definition.starts.values():
        yield step, columns_of(definition), True
    found: dict[Path, tuple[CompiledStep, list[Filled]]] = {}
    for name, state in definition.states.items():
        for step in state.steps.values():
            found.setdefault(step.path, (step, []))[1].append(filled[name])
    for step, before in found.values():
        yield step, reduce(frozenset.intersection, before), False


class _Step:
    """One step: its lines, and all that is chosen when they hold."""

    def __init__(self, definition: CompiledDefinition, step: CompiledStep, filled: Filled, is_start: bool) -> None:
        self.definition, self.step = definition, step
        self.prover = Prover(definition, filled, step.sets, step.clears, is_start=is_start)

    def problems(self) -> Iterator[Problem]:
        """In the order of the step; of one that can never be performed nothing else is told."""
        step, path = self.step, self.step.path
        known = [] if step.when is None else [Claim(step.when)]
        for index, rule in enumerate(step.requires):
            found = list(Asking(self.prover, known).line(index, rule.that, (*path, "requires", index, "that"), step.title))
            yield from found
            if any(each.code == "dead-step" for each in found):
                return
            known.append(Claim(rule.that))
        before, after, told = Asking(self.prover, known), Asking(self.prover, known, after=True), self._telling(known)
        for name, value in step.sets:
            yield from before.cases(value, (*path, "set", *name.split(".")), _text)
        if step.approvals is not None:
            yield from before.cases(step.approvals.at_least, (*path, "approvals", "at_least"), _any)
        yield from after.cases(step.to, (*path, "to"), self._target)
        yield from after.cases(step.assign, (*path, "assign"), self._holder)
        for starts in step.starts:
            yield from self._starts(starts, after)
        for index, notice in enumerate(step.notify):
            yield from _notice(notice, (*path, "notify", index), told)

    def _telling(self, known: Sequence[Claim]) -> Asking:
        """Where the step tells of itself: of what holds before, the children that it opens may have changed what looks at them."""
        kept = [each for each in known if not self.step.starts or not self._looks_at_children(each.condition)]
        return Asking(self.prover, kept, after=True)

    def _looks_at_children(self, condition: Expression) -> bool:
        through = [each for name, rule in self.definition.computed if name in condition.reads for each in expressions_of(rule)]
        return any(isinstance(leaf, Children) for leaf in leaves(condition.tree)) or any(map(self._looks_at_children, through))

    def _starts(self, rule: ChildRule, asking: Asking) -> Iterator[Problem]:
        yield from asking.condition(rule.when, (*rule.path, "when"))
        asking = asking.given(rule.when)
        yield from asking.condition(rule.where, (*rule.path, "where"))
        asking = asking.given(rule.where)
        for name, value in rule.values:
            yield from asking.cases(value, (*rule.path, "with", name), _text)

    def _target(self, target: str) -> Label:
        return Label("停留", "stay") if target == STAY else self.definition.states[target].title

    def _holder(self, holder: Holder) -> Label:
        if holder.kind == "field":
            return self.definition.fields[holder.field].title
        return self.definition.roles[holder.role] if holder.kind == "role" else verbatim(holder.kind)


def _notice(notice: NoticeRule, path: Path, asking: Asking) -> Iterator[Problem]:
    yield from asking.condition(notice.when, (*path, "when"))
    yield from asking.given(notice.when).cases(notice.template, (*path, "template"), verbatim)


def _automatic(definition: CompiledDefinition, state: CompiledState, filled: Filled) -> Iterator[Problem]:
    """Automatic steps that never apply or always do, and two that can apply at once."""
    if not state.automatic:
        return
    asking = Asking(Prover(definition, filled))
    conditions = [(step, step.when) for step in state.automatic if step.when is not None]
    for index, (step, when) in enumerate(conditions):
        path = (*step.path, "when")
        yield from asking.condition(when, path)
        for other, others in conditions[:index]:
            answer = asking.together(others, when)
            if isinstance(answer, Witness):
                sentence = Label(
                    "可能与“{other}”同时成立（{values}）：同一状态的自动步骤须互相排斥",
                    "can apply together with “{other}” ({values}): automatic steps of a state exclude each other",
                )
                way_out = Label("让两个条件互相排斥。", "Let the two conditions exclude each other.")
                yield Problem("automatic-overlap", path, sentence.fill(other=other.id, values=in_words(answer.values)), way_out)
                break
            if isinstance(answer, Undecided):
                sentence = Label(
                    "未能判定它与“{other}”能否同时成立：{why}", "not decided whether it can apply together with “{other}”: {why}"
                )
                yield Problem("guard-undecided", path, sentence.fill(other=other.id, why=answer.why))
                break


def _clock(definition: CompiledDefinition, clock: ClockRule, filled: Mapping[str, Filled]) -> Iterator[Problem]:
    """What a clock reads may be empty: then it does not run."""
    states = [filled[name] for name in sorted(clock.states)]
    prover = Prover(definition, reduce(frozenset.intersection, states) if states else frozenset())
    asking = Asking(prover, may_be_missing=True)
    yield from asking.condition(clock.when, (*clock.path, "when"))
    asking = asking.given(clock.when)
    yield from asking.cases(clock.limit, (*clock.path, "limit"), _text)
    for rung in clock.ladder:
        # A shared ladder stands in several clocks: of it only that is told which holds whatever clock it is.
        yield from _rung(rung, Asking(Prover(definition, frozenset())) if rung.path[:1] == ("ladders",) else asking)


def _rung(rung: Rung, asking: Asking) -> Iterator[Problem]:
    yield from asking.condition(rung.when, (*rung.path, "when"))
    if rung.notice is not None:
        yield from asking.given(rung.when).cases(rung.notice.template, (*rung.path, "template"), verbatim)


def _computed(definition: CompiledDefinition) -> Iterator[Problem]:
    """A computed value is wanted at any time, with any field still empty: without an answer it is empty too."""
    asking = Asking(Prover(definition, frozenset()), may_be_missing=True)
    for name, rule in definition.computed:
        yield from asking.cases(rule, place_of(name), _text)


def _text(expression: Expression) -> Label:
    return verbatim(" ".join(expression.text.split()))


def _any(value: object) -> Label:
    return verbatim(str(value))
