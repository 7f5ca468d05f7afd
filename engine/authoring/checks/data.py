"""Definite assignment: which fields are surely filled in each state, and rules that read one that may be empty.

For each state the set holds what *every* path into it has filled, minus what was cleared or asked with `?`. A column, as `list.column`,
is filled when it is so in every row, and while there are no rows. It is the greatest solution: all is assumed everywhere, and each step
takes away what it cannot vouch for until nothing changes.
Conditions narrow: after a line of `requires` holds, what it proves is known in the lines below it and in the rest of the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from engine.core.choosing import ByCases, BySwitch, Chosen, Fixed
from engine.core.compiled import STAY, ChildRule, CompiledDefinition, CompiledStep
from engine.core.expression import Expression
from engine.core.form import Ask
from engine.core.problem import Path, Problem
from engine.core.telling import NoticeRule
from engine.label import Label

Filled = frozenset[str]

T = TypeVar("T")


def check_data(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """A problem for each place that reads a field which may be empty there; one place is reported once."""
    filled = filled_in(definition)
    problems: dict[Problem, None] = {}
    for step in definition.starts.values():
        problems.update(dict.fromkeys(_StepCheck(definition, step, _columns(definition)).problems()))
    for name, state in definition.states.items():
        for step in state.steps.values():
            problems.update(dict.fromkeys(_StepCheck(definition, step, filled[name]).problems()))
    return tuple(problems)


def filled_in(definition: CompiledDefinition) -> dict[str, Filled]:
    """state → the fields that are filled in it whatever way a case came."""
    everything = frozenset(definition.fields) | {"assignee"} | _columns(definition)
    filled = dict.fromkeys(definition.states, everything)
    changed = True
    while changed:
        changed = False
        for source, step in _all_steps(definition):
            before = filled[source] if source is not None else _columns(definition)
            for target, after in _StepCheck(definition, step, before).leaving():
                state = source if target == STAY else target
                if state is not None and not filled[state] <= after:
                    filled[state] &= after
                    changed = True
    return filled


def _all_steps(definition: CompiledDefinition) -> Iterator[tuple[str | None, CompiledStep]]:
    for step in definition.starts.values():
        yield None, step
    for name, state in definition.states.items():
        for step in state.steps.values():
            yield name, step


class _StepCheck:
    """One step, entered with certain fields filled."""

    def __init__(self, definition: CompiledDefinition, step: CompiledStep, before: Filled) -> None:
        self.definition = definition
        self.step = step
        # An optional field replaces what was there, so it is no longer vouched for.
        required = frozenset().union(*(_filled_by(ask) for ask in step.form.asks))
        optional = frozenset().union(*(_opened_by(ask) for ask in step.form.asks))
        self.asked = self._carried(before | required, optional)

    def leaving(self) -> Iterator[tuple[str, Filled]]:
        """(target, what is filled when the step has led there)."""
        after = self._after_writing()
        for _, target, proven in placed(self.step.to, ()):
            yield target, self._left(after | proven)

    def problems(self) -> Iterator[Problem]:
        """Reads of fields that may be empty, in the order of the step."""
        path, known = self.step.path, self._entered()
        for index, line in enumerate(self.step.requires):
            yield from self._reads(line.that, (*path, "requires", index, "that"), known)
            known = self._narrowed(known | line.that.proven(True))
        for name, rule in self.step.sets:
            yield from self._chosen(rule, (*path, "set", *name.split(".")), known)
        after = self._after_writing()
        yield from self._conditions(self.step.to, (*path, "to"), after)
        if self.step.assign is not None:
            yield from self._conditions(self.step.assign, (*path, "assign"), after)
            for place, holder, proven in placed(self.step.assign, (*path, "assign")):
                if holder.kind == "field" and holder.field not in after | proven:
                    yield _maybe_empty(place, holder.field)
        for starts in self.step.starts:
            yield from self._starts(starts, after)
        for index, notice in enumerate(self.step.notify):
            yield from self._notice(notice, (*path, "notify", index), after)

    def _notice(self, notice: NoticeRule, path: Path, known: Filled) -> Iterator[Problem]:
        if notice.when is not None:
            yield from self._reads(notice.when, (*path, "when"), known)
            known = self._narrowed(known | notice.when.proven(True))
        yield from self._conditions(notice.template, (*path, "template"), known)
        for name, value in notice.values:
            yield from self._reads(value, (*path, "with", name), known)

    def _starts(self, rule: ChildRule, known: Filled) -> Iterator[Problem]:
        """What the child is given: its optional fields may stay empty."""
        if rule.when is not None:
            yield from self._reads(rule.when, (*rule.path, "when"), known)
            known = self._narrowed(known | rule.when.proven(True))
        if rule.where is not None:
            known = self._narrowed(known | rule.where.proven(True))
        for name, value in rule.values:
            if name in rule.required:
                yield from self._chosen(value, (*rule.path, "with", name), known)
            else:
                yield from self._conditions(value, (*rule.path, "with", name), known)

    def _entered(self) -> Filled:
        """What is filled once the form is, and the condition of an automatic step holds."""
        return self.asked if self.step.when is None else self._narrowed(self.asked | self.step.when.proven(True))

    def _after_writing(self) -> Filled:
        """What `to` and `assign` may count on: `assignee` is still who held the case before."""
        known = self._entered()
        for line in self.step.requires:
            known = self._narrowed(known | line.that.proven(True))
        if not self.step.sets and not self.step.clears:
            return known
        return self._carried(known | {name for name, _ in self.step.sets}, frozenset(self.step.clears))

    def _left(self, known: Filled) -> Filled:
        if self.step.assign is not None:
            holders = self.step.assign.values()
            known = known | {"assignee"} if all(holder.kind != "nobody" for holder in holders) else known - {"assignee"}
        return self._carried(known, frozenset())

    def _carried(self, known: Filled, emptied: Filled) -> Filled:
        """What outlasts writing: a computed field is calculated anew, so it is vouched for by what it reads and nothing else.

        What is said of all rows of a list together may no longer be so.
        """
        kept = self._narrowed(known) - emptied - {name for name, _ in self.definition.computed}
        return self._calculated(frozenset(name for name in kept if not _is_of_rows(name)))

    def _narrowed(self, known: Filled) -> Filled:
        """Plus what a computed field cannot have been without, and the computed fields that follow."""
        for name, rule in reversed(self.definition.computed):
            if name in known and isinstance(rule, Fixed):
                found = rule.value.proven(True) & rule.value.proven(False)
                # A filled column tells of its row only: there may be no rows.
                known |= frozenset(each for each in found if "." in each and not _is_of_rows(each)) if "." in name else found
        return self._calculated(known)

    def _calculated(self, known: Filled) -> Filled:
        """Plus the computed fields whose operands are all filled."""
        for name, rule in self.definition.computed:
            if not any(self._chosen(rule, (), known)):
                known |= {name}
        return known

    def _chosen(self, rule: Chosen[Expression], path: Path, known: Filled) -> Iterator[Problem]:
        yield from self._conditions(rule, path, known)
        for place, value, proven in placed(rule, path):
            yield from self._reads(value, place, known | proven)

    def _conditions(self, rule: Chosen[object], path: Path, known: Filled) -> Iterator[Problem]:
        if isinstance(rule, ByCases):
            for index, (when, _) in enumerate(rule.branches):
                yield from self._reads(when, (*path, index, "when"), known)
        elif isinstance(rule, BySwitch) and rule.field not in known:
            yield _maybe_empty((*path, "field"), rule.field)

    def _reads(self, expression: Expression, path: Path, known: Filled) -> Iterator[Problem]:
        for fault in expression.unassigned(known):
            yield Problem.at(path, fault)


def _is_of_rows(name: str) -> bool:
    """Whether a name is a function of rows, as in `last(price of lines)`."""
    return " of " in name


def _columns(definition: CompiledDefinition) -> Filled:
    return frozenset(
        f"{name}.{column}" for name, rule in definition.fields.items() if rule.rows is not None for column in rule.rows.columns
    )


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


def placed(rule: Chosen[T], path: Path) -> Iterator[tuple[Path, T, Filled]]:
    """Each value that may come out, where it stands, and what is known to be filled when it does."""
    if isinstance(rule, ByCases):
        refuted: Filled = frozenset()
        for index, (when, value) in enumerate(rule.branches):
            refuted |= when.proven(False)
            yield (*path, index, "then"), value, when.proven(True)
        if rule.otherwise is not None:
            yield (*path, len(rule.branches), "else"), rule.otherwise, refuted
    elif isinstance(rule, BySwitch):
        for choice, value in rule.cases.items():
            yield (*path, "is", choice), value, frozenset()
    else:
        yield path, rule.value, frozenset()


def _maybe_empty(path: Path, name: str) -> Problem:
    return Problem(
        "may-be-empty",
        path,
        Label("“{name}”在此处可能为空", "“{name}” may be empty here").fill(name=name),
        Label("先要求填写它，或改用 when 并以 is set 判断。", "Ask for it before, or use “when” with “is set”."),
    )
