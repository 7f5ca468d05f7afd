"""Values of an earlier round that still decide.

A field is given in a loop, the case goes back to before the place where it is given, somebody there records something new – and then
a guard, a choice, a child or a message reads the field, which nobody has asked, set or cleared since: it belongs to the round before.

More exactly: step S leads from state A to another state and fills the field F. D is a state that every
way to A passes through, or A itself. On some way after S the case comes to D, leaves it by a step P that asks or sets something, and
reads F in P or later, while no step on the way fills or clears F. A step that stays (`swap_board`, `reassign`) records what happened
meanwhile: such a fact has no round; nor has a count, nor a person or a unit, which say who works on the case. What the conditions on
the way settle (`remedy == give_back`) is respected where the field is read. The cure is to clear F where the new round begins:
`clears: [F]` at P.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.authoring.checks.reading import Reading
from engine.authoring.checks.ways import Ways, forgotten
from engine.authoring.proof.known import Known, outcome_of, read_under
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.expression.syntax import Place
from engine.core.expression.term import FieldValue
from engine.core.problem import Problem
from engine.label import Label

_WHO = frozenset({"person", "people", "unit"})
_NOTHING: Known = frozenset()
_MOST = 4000
"""How many places one walk looks at before it gives up: a process that large is not walked to its end."""


def check_stale(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """A problem for each field that an earlier round may have left, where it is read first on the shortest way."""
    ways, before = Ways(definition), _dominators(definition)
    found = (next(_Walk(ways, name, before).problems(), None) for name in _read_somewhere(ways))
    return tuple(each for each in found if each is not None)


def _read_somewhere(ways: Ways) -> tuple[str, ...]:
    """The fields that are filled in and that some step reads, seen through computed ones, in the order of the document."""
    definition, read = ways.definition, set[str]()
    for state in definition.states.values():
        for step in state.steps.values():
            for each in ways.readings(step):
                read |= {each.what} if isinstance(each.what, str) else definition.reads(each.what)
    through = read.union(*(definition.depends[name] for name in read & definition.depends.keys()))
    return tuple(
        name for name in definition.fields if name in through and name not in definition.depends and definition.kinds[name].name not in _WHO
    )


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a walk stands. `turn`: the step that began the new round, once there was one."""

    state: str
    known: Known
    has_moved: bool
    """Whether it has left the state to which the giving step led: what is given on the way back is meant for the new round."""
    turn: CompiledStep | None
    way: tuple[str, ...]


class _Walk:
    """All ways of one field from where it is given."""

    def __init__(self, ways: Ways, name: str, before: Mapping[str, frozenset[str]]) -> None:
        self.ways = ways
        self.definition = ways.definition
        self.name = name
        self.before = before

    def problems(self) -> Iterator[Problem]:
        """The stale readings, the shortest way first for each step that gives the field. A step that reopens begins another life."""
        states = self.definition.states
        if any(_counts(step, self.name) for state in states.values() for step in state.steps.values()):
            return
        for source, state in states.items():
            for step in state.steps.values():
                # Most fields have no such way at all, which is seen sooner without following what is known.
                if state.outcome is None and _fills(step, self.name) and any(self._from(source, step, follows=False)):
                    yield from self._from(source, step, follows=True)

    def _from(self, source: str, giving: CompiledStep, *, follows: bool) -> Iterator[Problem]:
        upstream = self.before[source] | {source}
        queue = deque(
            _Stand(target, known if follows else _NOTHING, False, None, (giving.id,))
            for target, known in self.ways.leaving(source, giving, _NOTHING)
            if target != source
        )
        seen: set[tuple[str, Known, bool, bool]] = set()
        while queue and len(seen) < _MOST:
            here = queue.popleft()
            key = (here.state, here.known, here.has_moved, here.turn is not None)
            if key in seen:
                continue
            seen.add(key)
            for step, targets in self.ways.onward(here.state, here.known):
                turn = here.turn
                if turn is None and here.has_moved and here.state in upstream and step.id != giving.id and _records(step):
                    turn = step
                if turn is not None and (found := self._read_in(step, here.known)) is not None:
                    yield _stale(self.name, *found, (*here.way, step.id), turn)
                    return
                if not _fills(step, self.name) and self.name not in step.clears:
                    queue.extend(
                        _Stand(target, known if follows else _NOTHING, here.has_moved or target != here.state, turn, (*here.way, step.id))
                        for target, known in targets
                    )

    def _read_in(self, step: CompiledStep, known: Known) -> tuple[Reading, Place | None] | None:
        """The first place of the step that reads what was there before, and where in its text."""
        if self.name in step.form.names:
            return None
        is_written = _fills(step, self.name) or self.name in step.clears
        for reading in self.ways.readings(step):
            if (reading.is_late and is_written) or not self._may_mean(reading):
                continue
            holds = self.ways.after(step, known) if reading.is_late else forgotten(known, step.form.names)
            if any(outcome_of(condition.tree, holds) is False for condition in reading.under):
                continue
            holds = self.ways.holding(reading.under, holds)
            if isinstance(reading.what, str):
                return reading, None
            for leaf in read_under(reading.what.tree, holds):
                if isinstance(leaf, FieldValue) and self._means(leaf.field):
                    return reading, leaf.place
        return None

    def _may_mean(self, reading: Reading) -> bool:
        return any(map(self._means, [reading.what] if isinstance(reading.what, str) else reading.what.reads))

    def _means(self, name: str) -> bool:
        return name == self.name or self.name in self.definition.depends.get(name, ())


def _stale(name: str, reading: Reading, place: Place | None, way: tuple[str, ...], turn: CompiledStep) -> Problem:
    sentence = Label("“{name}”在此处可能仍是上一轮的值：{way}", "“{name}” may still be the value of an earlier round here: {way}").fill(
        name=name, way=" → ".join(way)
    )
    way_out = Label("若新一轮须重填，请在“{step}”写 clears: [{name}]。", "If a new round voids it, write “clears: [{name}]” at “{step}”.")
    way_out = way_out.fill(step=turn.id, name=name)
    if place is None:
        return Problem("stale-value", reading.path, sentence, way_out)
    return Problem("stale-value", reading.path, sentence, way_out, place.offset, place.end - place.offset)


def _dominators(definition: CompiledDefinition) -> Mapping[str, frozenset[str]]:
    """state → the states that every way into it passes through, itself not included."""
    into: dict[str, set[str]] = {name: set() for name in definition.states}
    for name, state in definition.states.items():
        for step in state.steps.values():
            for target in step.to.values():
                if target != STAY:
                    into[target].add(name)
    first = {target for step in definition.starts.values() for target in step.to.values()}
    everything = frozenset(definition.states)
    found = {name: frozenset({name}) if name in first else everything for name in definition.states}
    changed = True
    while changed:
        changed = False
        for name in definition.states:
            ways = [found[source] for source in into[name]] + ([frozenset[str]()] if name in first else [])
            new = frozenset({name}).union(frozenset.intersection(*ways) if ways else everything)
            if new != found[name]:
                found[name], changed = new, True
    return {name: states - {name} for name, states in found.items()}


def _fills(step: CompiledStep, name: str) -> bool:
    return name in step.form.names or any(target.partition(".")[0] == name for target, _ in step.sets)


def _counts(step: CompiledStep, name: str) -> bool:
    """Whether the step makes the new value of the old one: a count has no rounds."""
    return any(target == name and name in expression.reads for target, rule in step.sets for expression in rule.values())


def _records(step: CompiledStep) -> bool:
    return bool(step.form.asks or step.sets)
