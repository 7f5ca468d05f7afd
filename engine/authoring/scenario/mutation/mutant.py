"""A mutant: a process with one rule changed, and what nobody would notice if no scenario fails on it. Plain values.

Its id is made of where the rule stands and of what was changed, never of line or position: an explanation that names it holds while
other parts of the document are edited.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.authoring.scenario.mutation.edit import edited
from engine.core.authority import titled
from engine.core.compiled import STAY, CompiledDefinition
from engine.core.problem import Path
from engine.definition.workflow import Workflow
from engine.label import Label

_WORDS = re.compile(r"[a-z0-9_.+%-]{0,40}")
_LAYERS = frozenset({"states", "transitions"})
_NOBODY_WOULD_NOTICE = Label("没有场景会发现：{what}", "nobody would notice if {what}")


@dataclass(frozen=True, slots=True)
class Original:
    """The process that is changed: as it was written and as it was compiled."""

    workflow: Workflow
    definition: CompiledDefinition

    def word(self, word: str) -> Label:
        """A word of `by`, `not_by` or `tell` as people say it."""
        return titled(self.definition, word)

    def state(self, name: str) -> Label:
        """A state or `stay` as people say it."""
        return self.definition.states[name].title if name != STAY else Label("原状态", "where it is")


@dataclass(frozen=True, slots=True)
class Change:
    """One rule changed: which operator did it, where, how the whole document reads with it."""

    operator: str
    path: Path
    detail: str
    """What was changed, to tell it from other changes of the operator at this place."""
    what: Label
    """The sentence after “nobody would notice if”."""
    workflow: Workflow


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change with a name of its own."""

    id: str
    operator: str
    path: Path
    what: Label
    workflow: Workflow

    @property
    def sentence(self) -> Label:
        """What it means that it survives."""
        return _NOBODY_WOULD_NOTICE.fill(what=self.what)


def change(original: Original, operator: str, path: Path, value: object, detail: str, what: Label) -> Change:
    """The change that puts `value` – `edit.GONE`: nothing – at the path."""
    return Change(operator, path, detail, what, edited(original.workflow, path, value))


def named(changes: Iterable[Change]) -> Iterator[Mutant]:
    """The same changes with ids; of two with one id the second is told apart by `/2`."""
    seen: dict[str, int] = {}
    for each in changes:
        name = "/".join(filter(None, (_place(each.path), each.operator, _brief(each.detail))))
        seen[name] = seen.get(name, 0) + 1
        yield Mutant(name if seen[name] == 1 else f"{name}/{seen[name]}", each.operator, each.path, each.what, each.workflow)


def _place(path: Path) -> str:
    """The step, clock or field that the path is in: `inspecting.inspect`, `start.receive`, `clocks.diagnosis`."""
    depth = 4 if path[0] == "states" else 2
    return ".".join(str(part) for part in path[:depth] if part not in _LAYERS)


def _brief(detail: str) -> str:
    """Plain words as they are; anything else by the beginning of its digest, since an id is typed."""
    return detail if _WORDS.fullmatch(detail) else hashlib.sha256(detail.encode()).hexdigest()[:6]
