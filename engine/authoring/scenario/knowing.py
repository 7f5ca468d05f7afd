"""What a scenario file may name: who and what there is in its stories and in the process that they tell of, and what is not there.

Every method gives the problem at a path, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine.authoring.document import Document
from engine.authoring.scenario.casting import OUTSIDERS, units_of
from engine.authoring.scenario.instant import instant_in
from engine.authoring.scenario.setting import Setting
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Path, Problem
from engine.definition.scenario import ScenarioFile
from engine.errors import did_you_mean
from engine.label import Label

_PERSON = Label("人员", "person")
_ANY_ZONE = ZoneInfo("UTC")


def known_name(code: str, what: Label, name: str, known: Iterable[str], path: Path, *, of_key: bool = False) -> Iterator[Problem]:
    """The problem that there is nothing of this name, with the nearest one; nothing if there is."""
    names = tuple(known)
    if name not in names:
        sentence = Label("没有{what}“{name}”", "there is no {what} “{name}”").fill(what=what, name=name)
        yield Problem(code, path, sentence, did_you_mean(name, names), of_key=of_key)


def instant(text: str, path: Path) -> Iterator[Problem]:
    """The problem that there is no such day or hour."""
    if instant_in(text, _ANY_ZONE) is None:
        sentence = Label("应为存在的日期和时间，实际为“{text}”", "expected a date and time that exist, found “{text}”").fill(text=text)
        yield Problem("bad-value", path, sentence, Label("例如“2026-09-28 09:00”。", "For example “2026-09-28 09:00”."))


@dataclass(frozen=True, slots=True)
class Known:
    """What there is. `definition`: of the process that the stories tell of; `roles`: all that people can hold."""

    file: ScenarioFile
    document: Document
    setting: Setting
    definition: CompiledDefinition
    roles: frozenset[str]

    def of_child(self, alias: str | None) -> CompiledDefinition | None:
        """The definition of the children under an alias; without one, of the process itself. None for what does not exist."""
        if alias is None:
            return self.definition
        known = self.definition.aliases.get(alias)
        return self.setting.definitions.get(known.workflow) if known is not None else None

    def family(self) -> tuple[CompiledDefinition, ...]:
        """The process, and those whose cases it opens."""
        children = (self.of_child(alias) for alias in self.definition.aliases)
        return (self.definition, *(each for each in children if each is not None))

    def alias(self, name: str, path: Path, *, of_key: bool = False) -> Iterator[Problem]:
        """Of the children that the process opens."""
        yield from known_name("unknown-alias", Label("子工单", "alias"), name, self.definition.aliases, path, of_key=of_key)

    def state(self, definition: CompiledDefinition, name: str, path: Path) -> Iterator[Problem]:
        """A state of a definition."""
        yield from known_name("unknown-state", Label("状态", "state"), name, definition.states, path)

    def step(self, definition: CompiledDefinition, name: str, path: Path, *, of_key: bool = False) -> Iterator[Problem]:
        """A start or a step of a definition."""
        yield from known_name("unknown-step", Label("步骤", "step"), name, _steps(definition), path, of_key=of_key)

    def event(self, definition: CompiledDefinition, name: str, path: Path) -> Iterator[Problem]:
        """An event from outside that performs a step of a definition."""
        events = sorted({step.event.name for step in definition.steps() if step.event is not None})
        yield from known_name("unknown-event", Label("外部事件", "event from outside"), name, events, path)

    def fields(self, definition: CompiledDefinition, names: Iterable[str], path: Path) -> Iterator[Problem]:
        """Fields of a definition, as the keys of a mapping."""
        for name in names:
            yield from known_name("unknown-field", Label("字段", "field"), name, definition.fields, (*path, name), of_key=True)

    def clock(self, definition: CompiledDefinition, name: str, path: Path, *, of_key: bool = False) -> Iterator[Problem]:
        """A clock of a definition."""
        yield from known_name("unknown-clock", Label("时限", "clock"), name, definition.clocks, path, of_key=of_key)

    def person(self, name: str, path: Path) -> Iterator[Problem]:
        """A person of the stories."""
        yield from known_name("unknown-person", _PERSON, name, self.file.people, path)

    def holder(self, name: str, path: Path) -> Iterator[Problem]:
        """A person of the stories, or nobody."""
        yield from known_name("unknown-person", _PERSON, name, [*self.file.people, "nobody"], path)

    def actor(self, definition: CompiledDefinition, name: str, path: Path) -> Iterator[Problem]:
        """Who may act: a person, a party of the definition, an integration, a parent."""
        yield from known_name("unknown-person", _PERSON, name, [*self.file.people, *definition.parties, *sorted(OUTSIDERS)], path)

    def listener(self, name: str, path: Path, *, of_key: bool) -> Iterator[Problem]:
        """Who may be told: a person, or a party of the process or of one that it opens."""
        parties = (party for each in self.family() for party in each.parties)
        yield from known_name("unknown-person", _PERSON, name, [*self.file.people, *parties], path, of_key=of_key)

    def unit(self, name: str, path: Path) -> Iterator[Problem]:
        """A unit of the stories."""
        yield from known_name("unknown-unit", Label("单位", "unit"), name, units_of(self.file), path)


def _steps(definition: CompiledDefinition) -> Iterator[str]:
    yield from definition.starts
    for state in definition.states.values():
        yield from state.steps
