"""Definite assignment: which fields are surely filled in each state, and rules that read one that may be empty.

For each state the set holds what *every* path into it has filled, minus what was cleared or asked with `?`. A column, as `list.column`,
is filled when it is so in every row, and while there are no rows. It is the greatest solution: all is assumed everywhere, and each step
takes away what it cannot vouch for until nothing changes.
Conditions narrow: after a line of `requires` holds, what it proves is known in the lines below it and in the rest of the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.authoring.checks.emptiness import Emptiness
from engine.authoring.checks.following import Filled, Following, Found, maybe_empty, placed
from engine.core.compiled import STAY, ChildRule, CompiledDefinition, CompiledStep
from engine.core.form import Ask
from engine.core.problem import Path, Problem
from engine.core.telling import NoticeRule
from engine.label import Label


def check_data(definition: CompiledDefinition, filled: Mapping[str, Filled]) -> tuple[Problem, ...]:
    """A problem for each place that reads a field which may be empty there, with the way there; one place is reported once.

    `filled`: what `filled_in` says.
    """
    following = Following(definition, _lasting(definition))
    steps = [
        (source, _StepCheck(following, step, columns_of(definition) if source is None else filled[source]))
        for source in (None, *definition.states)
        for step in _steps_in(definition, source)
    ]
    found: dict[tuple[Path, int], Problem] = {}
    emptiness: Emptiness | None = None
    for source, check in steps:
        for problem, name in check.problems():
            if (problem.path, problem.offset) in found:
                continue
            emptiness = emptiness or Emptiness(definition, filled, ((each, one.step, one.leaving()) for each, one in steps))
            way = emptiness.way_to(source, name) if source is not None else ()
            found[problem.path, problem.offset] = replace(problem, sentence=_on_the_way(problem.sentence, way)) if way else problem
    return tuple(found.values())


def _on_the_way(sentence: Label, way: tuple[str, ...]) -> Label:
    return Label("{sentence}（{way}）", "{sentence} ({way})").fill(sentence=sentence, way=" → ".join(way))


def filled_in(definition: CompiledDefinition) -> dict[str, Filled]:
    """state → the fields that are filled in it whatever way a case came."""
    following = Following(definition, _lasting(definition))
    columns = columns_of(definition)
    filled = dict.fromkeys(definition.states, frozenset(definition.fields) | {"assignee"} | columns)
    waiting: dict[str | None, None] = dict.fromkeys((None, *definition.states))
    while waiting:
        source = next(iter(waiting))
        del waiting[source]
        for step in _steps_in(definition, source):
            for target, after in _StepCheck(following, step, columns if source is None else filled[source]).leaving():
                state = source if target == STAY else target
                if state is not None and not filled[state] <= after:
                    filled[state] &= after
                    waiting[state] = None
    return filled


def filled_by_form(following: Following, step: CompiledStep, before: Filled) -> Filled:
    """What is filled once the form of a step is, where `before` was."""
    return _StepCheck(following, step, before).asked


def columns_of(definition: CompiledDefinition) -> Filled:
    """Every column, as `list.column`: while there are no rows, all of them are filled."""
    return frozenset(
        f"{name}.{column}" for name, rule in definition.fields.items() if rule.rows is not None for column in rule.rows.columns
    )


def _steps_in(definition: CompiledDefinition, source: str | None) -> Iterable[CompiledStep]:
    """The steps of a state; of none, those that open a case."""
    return (definition.starts if source is None else definition.states[source].steps).values()


class _StepCheck:
    """One step, entered with certain fields filled."""

    def __init__(self, following: Following, step: CompiledStep, before: Filled) -> None:
        self.following = following
        self.step = step
        # An optional field replaces what was there, so it is no longer vouched for.
        required = frozenset().union(*(_filled_by(ask) for ask in step.form.asks))
        optional = frozenset().union(*(_opened_by(ask) for ask in step.form.asks))
        self.asked = self.following.carried(before | required, optional)

    def leaving(self) -> Iterator[tuple[str, Filled]]:
        """(target, what is filled when the step has led there)."""
        after = self._after_writing()
        for _, target, proven in placed(self.step.to, ()):
            yield target, self._left(after | proven)

    def problems(self) -> Iterator[Found]:
        """Reads of fields that may be empty, in the order of the step."""
        path, known = self.step.path, self._entered()
        for index, line in enumerate(self.step.requires):
            yield from self.following.in_expression(line.that, (*path, "requires", index, "that"), known)
            known = self.following.narrowed(known | line.that.proven(True))
        for name, rule in self.step.sets:
            yield from self.following.in_choice(rule, (*path, "set", *name.split(".")), known)
        after = self._after_writing()
        yield from self.following.in_conditions(self.step.to, (*path, "to"), after)
        if self.step.assign is not None:
            yield from self.following.in_conditions(self.step.assign, (*path, "assign"), after)
            for place, holder, proven in placed(self.step.assign, (*path, "assign")):
                if holder.kind == "field" and holder.field not in after | proven:
                    yield maybe_empty(place, holder.field)
        for starts in self.step.starts:
            yield from self._starts(starts, after)
        for index, notice in enumerate(self.step.notify):
            yield from self._notice(notice, (*path, "notify", index), after)

    def _notice(self, notice: NoticeRule, path: Path, known: Filled) -> Iterator[Found]:
        if notice.when is not None:
            yield from self.following.in_expression(notice.when, (*path, "when"), known)
            known = self.following.narrowed(known | notice.when.proven(True))
        yield from self.following.in_conditions(notice.template, (*path, "template"), known)
        for name, value in notice.values:
            yield from self.following.in_expression(value, (*path, "with", name), known)

    def _starts(self, rule: ChildRule, known: Filled) -> Iterator[Found]:
        """What the child is given: its optional fields may stay empty."""
        if rule.when is not None:
            yield from self.following.in_expression(rule.when, (*rule.path, "when"), known)
            known = self.following.narrowed(known | rule.when.proven(True))
        if rule.where is not None:
            known = self.following.narrowed(known | rule.where.proven(True))
        for name, value in rule.values:
            if name in rule.required:
                yield from self.following.in_choice(value, (*rule.path, "with", name), known)
            else:
                yield from self.following.in_conditions(value, (*rule.path, "with", name), known)
            for handed in placed(value, ()) if name in rule.rows else ():
                for column in sorted(rule.rows[name]):
                    if f"{handed[1].text}.{column}" not in known:
                        yield maybe_empty((*rule.path, "with", name), f"{handed[1].text}.{column}")

    def _entered(self) -> Filled:
        """What is filled once the form is, and the condition of an automatic step holds."""
        return self.asked if self.step.when is None else self.following.narrowed(self.asked | self.step.when.proven(True))

    def _after_writing(self) -> Filled:
        """What `to` and `assign` may count on: `assignee` is still who held the case before."""
        known = self._entered()
        for line in self.step.requires:
            known = self.following.narrowed(known | line.that.proven(True))
        if not self.step.sets and not self.step.clears:
            return known
        return self.following.carried(known | {name for name, _ in self.step.sets}, frozenset(self.step.clears))

    def _left(self, known: Filled) -> Filled:
        if self.step.assign is not None:
            holders = self.step.assign.values()
            known = known | {"assignee"} if all(holder.kind != "nobody" for holder in holders) else known - {"assignee"}
        return self.following.carried(known, frozenset())


def _lasting(definition: CompiledDefinition) -> dict[str, Filled]:
    """`done_at(step)` → the fields that the step has filled wherever it stands, and that no step ever empties."""
    emptied: set[str] = set()
    by_step: dict[str, Filled] = {}
    for step in (each for source in (None, *definition.states) for each in _steps_in(definition, source)):
        emptied |= {*step.clears, *(name for ask in step.form.asks for name in _opened_by(ask))}
        written = frozenset({name for name, _ in step.sets}.union(*(_filled_by(ask) for ask in step.form.asks)))
        done = f"done_at({step.id})"
        by_step[done] = by_step.get(done, written) & written
    return {done: frozenset(name for name in fields - emptied if "." not in name) for done, fields in by_step.items()}


def _filled_by(ask: Ask) -> Filled:
    """What a form vouches for."""
    name = ask.field.id
    if ask.rows is None or ask.field.rows is None:
        return frozenset() if ask.optional else frozenset({name})
    there = not ask.optional if ask.rows.whole else ask.rows.add and ask.field.rows.least > 0
    columns = frozenset(f"{name}.{each.column.id}" for each in ask.rows.columns if not each.optional)
    return columns | {name} if there else columns


def _opened_by(ask: Ask) -> Filled:
    """What a form may leave empty: with new rows also the columns that it does not ask."""
    name = ask.field.id
    if ask.rows is None or ask.field.rows is None:
        return frozenset({name}) if ask.optional else frozenset()
    given = {each.column.id for each in ask.rows.columns if not each.optional}
    asked = {each.column.id for each in ask.rows.columns}
    opened = frozenset(f"{name}.{column}" for column in (ask.field.rows.columns if ask.rows.add else asked) if column not in given)
    return opened | {name} if ask.rows.whole and ask.optional else opened
