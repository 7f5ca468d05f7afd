"""Random small processes: a graph rich in loops, and rules that read fields which may or may not be filled by then.

What the check of definite assignment objects to is taken out until it objects to nothing. So whatever a walk then meets is
the word of the check against that of the core.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engine.authoring.checks.data import check_data, filled_in
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.core.problem import Path
from engine.definition.bundle import Bundle
from engine.definition.element import Bilingual
from engine.definition.workflow import Workflow

TITLE = {"zh": "标题", "en": "Title"}
BY = ["desk", "boss", "integration"]

TYPES: dict[str, dict[str, Any]] = {
    "n": {"type": "integer"},
    "m": {"type": "integer"},
    "flag": {"type": "boolean"},
    "kind": {"type": "choice", "choices": {"a": TITLE, "b": TITLE}},
    "text": {"type": "text"},
    "day": {"type": "date"},
    "who": {"type": "person"},
}

ROWS: dict[str, Any] = {
    "type": "list",
    "title": TITLE,
    "of": {
        "p": {"type": "integer", "title": TITLE},
        "q": {"type": "boolean", "title": TITLE},
        "r": {"type": "integer", "title": TITLE, "computed": "p + n"},
    },
}

COMPUTED: list[Any] = [
    "n + m",
    "n otherwise m",
    "n otherwise 0",
    [{"when": "flag", "then": "n"}, {"else": "m"}],
    [{"when": "n is set", "then": "n"}, {"else": "m"}],
    [{"when": "n > 1", "then": "m"}, {"when": "n <= 1", "then": "1"}],
    {"field": "kind", "is": {"a": "n", "b": "7"}},
    "sum(p of rows)",
    "sum(r of rows where q)",
    "last(p of rows) otherwise count(rows)",
]

READS = {
    "n": "n >= 0",
    "m": "m < 4",
    "flag": "flag",
    "kind": "kind == a",
    "text": "text != 'x'",
    "day": "day <= today()",
    "who": "who == actor",
    "c": "c > 1",
    "e": "e != c",
    "assignee": "assignee == actor",
    "rows": "count(rows where p > 1) >= 0",
    "sum(p of rows)": "sum(p of rows) >= 0",
    "sum(r of rows where q)": "sum(r of rows where q) >= n",
    "last(r of rows)": "last(r of rows) > 1",
    "every(q of rows)": "every(q of rows)",
    "every(p is set of rows)": "every(p is set of rows)",
}

SOURCES = {"n": "m + 1", "m": "n * 2", "flag": "done(open)", "kind": "a", "text": "number", "day": "day - 1d", "who": "assignee"}


class _Author:
    """Writes one process, as the data of its document."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.states = [f"s{index}" for index in range(chance.randint(1, 3))]

    def document(self) -> dict[str, Any]:
        fields = {name: {**rule, "title": TITLE} for name, rule in TYPES.items()}
        fields["c"] = {"type": "integer", "title": TITLE, "computed": self.chance.choice(COMPUTED)}
        fields["rows"] = ROWS
        fields["e"] = {"type": "integer", "title": TITLE, "computed": "c * 2"}
        everywhere = [*self.states, "done", "stay"]
        states: dict[str, Any] = {
            state: {"title": TITLE, "transitions": {f"t{each}": self._step(everywhere) for each in range(self.chance.randint(1, 2))}}
            for state in self.states
        }
        states["done"] = {"title": TITLE, "final": "success", "transitions": self._perhaps("back", self.states)}
        return {
            "workflow": "generated",
            "version": 1,
            "title": TITLE,
            "owner": "boss",
            "organisation": "shop",
            "number": "G-{seq}",
            "fields": fields,
            "start": {"open": self._step(self.states, is_start=True)},
            "states": states,
            "anywhere": self._perhaps("wander", everywhere),
        }

    def _perhaps(self, name: str, targets: list[str]) -> dict[str, Any]:
        return {name: self._step(targets)} if self.chance.random() < 0.4 else {}

    def _step(self, targets: list[str], *, is_start: bool = False) -> dict[str, Any]:
        chance = self.chance
        step: dict[str, Any] = {"title": TITLE, "by": BY, "to": self._target(targets)}
        step["asks"] = [f"{name}{chance.choice(['', '', '?'])}" for name in self._some(6 if is_start else 3)]
        step["requires"] = [{"that": self._condition(), "say": TITLE} for _ in range(chance.randint(0, 2))]
        step["set"] = {name: self._value(name) for name in self._some(2)}
        step["clears"] = self._some(1) if chance.random() < 0.5 else []
        if chance.random() < 0.5:
            self._write_rows(step)
        if chance.random() < 0.5:
            step["assign"] = self._choice(lambda: chance.choice(["actor", "nobody", "who"]))
        return step

    def _write_rows(self, step: dict[str, Any]) -> None:
        """The step asks for rows, sets a column of them, or takes them away."""
        columns = self.chance.choice([["p"], ["q?"], ["p", "q"], ["p?", "q"]])
        asked = {"rows": "rows", "columns": columns, "add": self.chance.random() < 0.5}
        roll = self.chance.random()
        if roll < 0.7:
            step["asks"].append(self.chance.choice(["rows", "rows?", asked, asked]))
        elif roll < 0.9:
            step["set"]["rows"] = self.chance.choice([{"p": "p otherwise n"}, {"q": "p > 1"}, {"p": "1", "q": "flag otherwise true"}])
        else:
            step["clears"] = [*step["clears"], "rows"]

    def _some(self, most: int) -> list[str]:
        return self.chance.sample(sorted(TYPES), self.chance.randint(0, most))

    def _target(self, targets: list[str]) -> Any:
        return self._choice(lambda: self.chance.choice(targets))

    def _value(self, name: str) -> Any:
        return self._choice(lambda: SOURCES[name])

    def _choice(self, value: Any) -> Any:
        roll = self.chance.random()
        if roll < 0.5:
            return value()
        if roll < 0.65:
            return {"field": "kind", "is": {"a": value(), "b": value()}}
        return [{"when": self._condition(), "then": value()}, {"else": value()}]

    def _condition(self) -> str:
        name, other = self.chance.choices(sorted(READS), [3 if name in ("c", "e", "assignee") else 1 for name in sorted(READS)], k=2)
        read = READS[name]
        return self.chance.choice(
            [
                read,
                f"not ({read})",
                f"{name} is set",
                f"{name} is set and {read}",
                f"{name} is not set or {read}",
                f"{read} or {READS[other]}",
                f"({name} is not set or {READS[other]}) and {other} is set",
            ]
        )


@lru_cache(maxsize=64)
def generated(seed: int) -> CompiledDefinition:
    """A process without fault, made from the seed."""
    document = _Author(random.Random(seed)).document()
    while True:
        compiled = _compiled(document)
        paths = [problem.path for problem in check_data(compiled, filled_in(compiled))]
        if not paths:
            return compiled
        for path in sorted(set(_removable(paths)), key=repr, reverse=True):
            _remove(document, path)


def _compiled(document: dict[str, Any]) -> CompiledDefinition:
    workflow = Workflow.model_validate(document, by_alias=True, by_name=False)
    compiled = compile_bundle(Bundle(workflow=workflow, roles={role: Bilingual(zh="角色", en="Role") for role in ("boss", "desk")}))
    assert isinstance(compiled, CompiledDefinition), compiled
    return compiled


def _removable(paths: list[Path]) -> Iterator[Path]:
    """The smallest part of a step that holds the fault: a line of `requires`, a `set`, an `assign`, a `to`."""
    for path in paths:
        depth = 2 if path[0] in ("start", "anywhere") else 4
        yield path[: depth + (2 if path[depth] in ("requires", "set") else 1)]


def _remove(document: dict[str, Any], path: Path) -> None:
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    if path[-1] == "to":
        value = holder["to"]
        holder["to"] = next(iter(value["is"].values())) if isinstance(value, dict) else value[0]["then"]
    else:
        del holder[path[-1]]
