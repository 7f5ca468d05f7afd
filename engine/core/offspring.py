"""Offspring: the cases that a decision opens, decided with it – by the newest definition of each, with numbers of their own.

A child that refuses refuses what would open it. What it must know of the world it asks a `Nursery`; records nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from engine.core.case import Case
from engine.core.command import Command, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision, Opening, Reason, Refused
from engine.core.effect import TakeTurn
from engine.core.event import Event, Moved, Opened
from engine.core.examine import leaves_of
from engine.core.facts import Candidate, Facts, NewChild
from engine.core.family import CHILDREN_LIMIT, parent_of
from engine.core.kind import rows_in
from engine.core.number import numbered, remainder
from engine.core.rows import key_in_words
from engine.core.unique import unique_values
from engine.errors import Unknown
from engine.label import Label, listed, verbatim
from roles.actor import Actor

DEPTH_LIMIT = 5
"""How many generations one decision opens."""


@dataclass(frozen=True, slots=True)
class Born:
    """A case that is opened with its parent, and what it was decided by."""

    definition: CompiledDefinition
    command: OpenCase
    facts: Facts
    decision: Accepted


class Nursery(Protocol):
    """What a family asks of whoever keeps cases, while it is decided."""

    def newest(self, workflow: str) -> CompiledDefinition:
        """The newest definition of a workflow. Raises Unknown."""
        ...

    def facts_of_birth(self, definition: CompiledDefinition, command: OpenCase) -> Facts:
        """The facts for opening a child, without its number and as if whoever opens its parent opened it."""
        ...

    def next_number(self, remainder: str) -> int:
        """The next running number of this number text."""
        ...


class TooMany(Exception):
    """More generations, or more cases in all, than one decision opens; carries the sentence. Never leaves this module."""

    def __init__(self, sentence: Label) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def decide_family(
    nursery: Nursery, definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts
) -> tuple[Decision, tuple[Born, ...]]:
    """The decision on a wish, and all that are born of it, parents before their children.

    For an opening, `facts` has its number already.
    """
    first = decide(definition, case, command, facts)
    if not isinstance(first, Accepted) or not first.openings:
        return first, ()  # nearly always
    try:
        return _Birth(nursery, facts.now).decide(definition, case, command, facts, first, 1)
    except TooMany as refused:
        return _refused(Reason("child_refused", refused.sentence)), ()


class _Birth:
    """One family while it is decided."""

    def __init__(self, nursery: Nursery, now: datetime) -> None:
        self._nursery = nursery
        self._now = now
        self._count = 0
        self._given: Counter[str] = Counter()
        self._turns: dict[tuple[str, str], datetime] = {}
        self._held: dict[str, dict[tuple[str, str], str | None]] = {}
        """workflow → the unique values of its cases, as `Facts.taken` has them."""

    def decide(
        self, definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts, first: Decision, depth: int
    ) -> tuple[Decision, tuple[Born, ...]]:
        """The decision with the ids of its children, and they themselves. `first`: the same, when nobody knew yet how many they are."""
        if isinstance(first, Accepted):
            self._remember(definition, case, first)
        if not isinstance(first, Accepted) or not first.openings:
            return first, ()
        if depth > DEPTH_LIMIT:
            raise TooMany(Label("子工单最多 {limit} 层", "Children go at most {limit} generations deep").fill(limit=DEPTH_LIMIT))
        self._count += len(first.openings)
        if self._count > CHILDREN_LIMIT:
            raise TooMany(Label("一次最多开 {limit} 个子工单", "At most {limit} cases are opened at once").fill(limit=CHILDREN_LIMIT))
        new: list[NewChild] = []
        born: list[Born] = []
        for opening, event in zip(first.openings, _openers(first.events), strict=True):
            child, theirs = self._child(first.case, opening, event, facts, depth)
            if not isinstance(child, Accepted):
                return self._refusing(definition, first.case, opening, child), ()
            new.append(NewChild(child.case.id, child.case.number))
            born += theirs
        return decide(definition, case, command, replace(facts, new_children=tuple(new))), tuple(born)

    def _child(self, parent: Case, opening: Opening, event: Event, facts: Facts, depth: int) -> tuple[Decision, tuple[Born, ...]]:
        try:
            definition = self._nursery.newest(opening.workflow)
        except Unknown as unknown:
            return _refused(Reason("child_refused", unknown.sentence.as_clause())), ()
        command = OpenCase(opening.start, opening.data, None, opening.unit, parent_of(parent.id, parent.number, opening))
        actor = facts.actor if event.actor != SYSTEM.id else SYSTEM
        known = self._facts(definition, command, replace(actor, opens_child=True, opens_for=event.on_behalf_of))
        found = decide(definition, None, command, known)
        if not isinstance(found, Accepted):
            return found, ()
        rest = remainder(definition.number, self._now.astimezone(known.zone), found.case.unit)
        known = replace(known, number=numbered(rest, self._nursery.next_number(rest)))
        decision, theirs = self.decide(definition, None, command, known, decide(definition, None, command, known), depth + 1)
        if not isinstance(decision, Accepted):
            return decision, ()
        return decision, (Born(definition, command, known, decision), *theirs)

    def _facts(self, definition: CompiledDefinition, command: OpenCase, actor: Actor) -> Facts:
        """What the child's decision may know: the same person acts, for the same person, as one who performs a step of its parent."""
        found = self._nursery.facts_of_birth(definition, command)
        pools = {role: tuple(self._by_now(role, each) for each in pool) for role, pool in found.pools.items()}
        taken = {**found.taken, **self._held.get(definition.workflow, {})}
        return replace(found, actor=actor, pools=pools, taken=taken)

    def _remember(self, definition: CompiledDefinition, case: Case | None, accepted: Accepted) -> None:
        """Who is given a case, and what it holds alone: of its brothers and sisters nobody else knows yet."""
        unique = unique_values(definition, accepted.case.data, is_open=accepted.case.outcome is None)
        self._held.setdefault(definition.workflow, {}).update({(name, value): accepted.case.number for name, value, _ in unique})
        holder = accepted.case.assignee
        if holder is not None and accepted.case.outcome is None and (case is None or case.assignee != holder):
            self._given[holder] += 1
        for effect in accepted.effects:
            if isinstance(effect, TakeTurn):
                self._turns[effect.role, effect.person] = self._now + timedelta(microseconds=self._given.total())

    def _by_now(self, role: str, candidate: Candidate) -> Candidate:
        last = self._turns.get((role, candidate.person), candidate.last_at)
        return replace(candidate, open=candidate.open + self._given[candidate.person], last_at=last)

    def _refusing(self, parents: CompiledDefinition, parent: Case, opening: Opening, refused: Refused) -> Refused:
        """The parent's refusal: all the reasons of the child in one sentence, which may be kept and therefore quotes nothing personal."""
        try:
            definition = self._nursery.newest(opening.workflow)
        except Unknown:
            return refused
        why = listed(_impersonal(definition, reason) for reason in refused.reasons)
        sentence = Label("不能开子工单“{title}”{row}：{why}", "The case “{title}”{row} cannot be opened: {why}").fill(
            title=definition.title, row=_row_in_words(parents, parent, opening.row), why=why
        )
        return _refused(Reason("child_refused", sentence, values=tuple(shown for reason in refused.reasons for shown in reason.values)))


def _openers(events: tuple[Event, ...]) -> Iterator[Event]:
    """For each child that these events open, the event that does."""
    return (event for event in events if isinstance(event, Opened | Moved) for _ in event.children)


def _row_in_words(definition: CompiledDefinition, case: Case, row: str | None) -> Label:
    """For which row a child is opened, by its number and key; rows are never personal. Nothing of one that is opened for no row."""
    lists = ((rule.rows, rows_in(case.data.get(name))) for name, rule in definition.fields.items() if rule.rows is not None)
    for rule, rows in lists:
        number = next((number for number, each in enumerate(rows, 1) if each.id == row), None)
        if number is not None:
            key = key_in_words(rule, rows[number - 1].cells)
            return Label("（第 {number} 行{key}）", " for row {number}{key}").fill(number=number, key=key)
    return verbatim("")


def _impersonal(definition: CompiledDefinition, reason: Reason) -> Label:
    if reason.subject not in definition.personal:
        return reason.sentence
    return Label("“{field}”的内容不符合要求", "“{field}” cannot be taken as it is").fill(field=definition.fields[reason.subject].title)


def _refused(reason: Reason) -> Refused:
    return Refused((reason,), leaves_of((reason,)))
