"""An independent reading of who may do what, straight from the YAML: the other side of the role matrix.

Shares no code with the engine beyond ruamel. Knows the words of `by` and `not_by`, units that lie in each other, and
nothing of forms and conditions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Who:
    """Somebody who tries: `kind` is person, party, integration or system; `holds` are pairs of role and unit (None: everywhere)."""

    name: str
    kind: str = "person"
    holds: frozenset[tuple[str, str | None]] = frozenset()


@dataclass(frozen=True)
class Situation:
    """What the case has come to: where it belongs, who stands in its fields, who holds it, who performed what."""

    units: tuple[str, ...] = ()
    persons: dict[str, str] = field(default_factory=dict)
    assignee: str | None = None
    performed: tuple[tuple[str, str], ...] = ()


def steps_in(document: dict[str, Any], state: str | None) -> dict[str, Any]:
    """The steps of a state, those of `anywhere` included; the starts where there is no state yet."""
    if state is None:
        return dict(document["start"])
    steps = dict(document["states"][state].get("transitions", {}))
    for name, step in document.get("anywhere", {}).items():
        is_open = "final" not in document["states"][state]
        if state in words(step["in"]) if "in" in step else is_open and state not in words(step.get("except", [])):
            steps[name] = step
    return steps


def may(document: dict[str, Any], step: dict[str, Any], who: Who, situation: Situation) -> bool:
    """Whether he may perform the step, as far as `by` goes."""
    return any(_admits(document, word, who, situation) for word in words(step["by"]))


def barred(document: dict[str, Any], step: dict[str, Any], who: Who, situation: Situation) -> bool:
    """Whether `not_by` excludes him."""
    return any(_bars(document, word, who, situation) for word in words(step.get("not_by", [])))


def words(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _admits(document: dict[str, Any], word: str, who: Who, situation: Situation) -> bool:
    if word in ("integration", "system"):
        return who.kind == word
    if word in document.get("parties", {}):
        return who.kind == "party" and who.name == word
    if who.kind != "person":
        return False
    if word in document["fields"]:
        role = document["fields"][word].get("role")
        return situation.persons.get(word) == who.name and (role is None or _holds(role, who, situation))
    if word == "assignee":
        return situation.assignee == who.name
    return _holds(word, who, situation)


def _bars(document: dict[str, Any], word: str, who: Who, situation: Situation) -> bool:
    if word in document["fields"]:
        return situation.persons.get(word) == who.name
    if any(word in steps_in(document, state) for state in (None, *document["states"])):
        return (word, who.name) in situation.performed
    return any(role == word for role, _ in who.holds)


def _holds(role: str, who: Who, situation: Situation) -> bool:
    return any(held == role and (unit is None or not situation.units or unit in situation.units) for held, unit in who.holds)
