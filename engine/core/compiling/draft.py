"""What is known so far while one definition is compiled, and the problems found: the notebook the other modules write in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.compiled import Alias
from engine.core.expression import Expression, Scope
from engine.core.expression import read as read_expression
from engine.core.field import FieldRule
from engine.core.kind import Kind
from engine.core.problem import Path, Problem
from engine.definition.bundle import Bundle
from engine.definition.workflow import Workflow
from engine.errors import by_title, did_you_mean
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Offered:
    """All names that exist outside of the document, only to suggest the nearest one for a misspelt name."""

    roles: Mapping[str, Label] = field(default_factory=dict)
    """role → its title."""
    calendars: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    workflows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """workflow → its fields."""


class Draft:
    """Mutable, lives for one compilation."""

    def __init__(self, bundle: Bundle, offered: Offered) -> None:
        self.bundle = bundle
        self.document = bundle.workflow
        self.offered_roles = offered.roles.keys() | bundle.roles.keys()
        self.offered_calendars = offered.calendars | bundle.calendars.keys()
        self.offered_templates = offered.templates | bundle.templates.keys()
        self.offered_workflows = offered.workflows
        self.fields: dict[str, FieldRule] = {}
        self.aliases: dict[str, Alias] = {}
        self.scope = Scope({}, {}, {})
        self._role_titles = offered.roles
        self.depends: dict[str, frozenset[str]] = {}
        self.deciding: set[str] = set()
        self.problems: list[Problem] = []
        self.reads_earlier = False
        self.asked_roles: frozenset[str] = frozenset()
        self.automatic: set[Path] = set()
        """The steps that have a `when`, by their paths."""

    def report(self, code: str, path: Path, sentence: Label, way_out: Label | None = None, *, of_key: bool = False) -> None:
        """Note a problem; the same one is noted once."""
        self.note(Problem(code, path, sentence, way_out, of_key=of_key))

    def note(self, problem: Problem) -> None:
        """The same for a problem already made."""
        if problem not in self.problems:
            self.problems.append(problem)

    def unknown(self, code: str, what: Label, name: str, path: Path, known: Iterable[str], *, of_key: bool = False) -> None:
        """A name that stands for nothing, with the nearest one that does, or the one that is called so."""
        sentence = Label("没有{what}“{name}”", "there is no {what} “{name}”").fill(what=what, name=name)
        known = tuple(known)
        titles = (*self._role_titles.items(), *_titles(self.document))
        titled = by_title(name, (each for each in titles if each[0] in known))
        self.report(code, path, sentence, titled or did_you_mean(name, known), of_key=of_key)

    def duplicate_step(self, path: Path, name: str) -> None:
        """The same step id twice in one state."""
        self.report(
            "duplicate-name",
            path,
            Label("本状态已有来自 anywhere 的步骤“{name}”", "this state already has a step “{name}” from “anywhere”").fill(name=name),
            of_key=True,
        )

    def expression(self, text: str, path: Path, expected: Kind | None, scope: Scope | None = None) -> Expression | None:
        """The expression that `text` means, or None with its faults noted. `scope`: another one than that of the document."""
        result = read_expression(text, scope or self.scope, expected)
        if isinstance(result, Expression):
            self.reads_earlier |= result.reads_earlier
            self.asked_roles |= result.asked_roles
            return result
        for fault in result:
            self.note(Problem.at(path, fault))
        return None

    def decide_by(self, names: Iterable[str]) -> None:
        """Note fields that a rule reads."""
        self.deciding.update(names)


def _titles(document: Workflow) -> Iterator[tuple[str, Label]]:
    """What people may write by its title where its id must stand."""
    states = document.states.items()
    yield from ((name, state.title.label) for name, state in states)
    yield from ((name, step.title.label) for _, state in states for name, step in state.transitions.items())
    yield from ((name, step.title.label) for name, step in (*document.start.items(), *document.anywhere.items()))
    for name, rule in document.fields.items():
        yield name, rule.title.label
        yield from ((choice, title.label) for choice, title in (rule.choices or {}).items())
