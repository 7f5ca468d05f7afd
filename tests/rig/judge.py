"""An independent reading of who may do what, straight from the YAML: the other side of the matrix of rights. Shares no code with the
engine; knows nothing of forms and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

Loan = tuple[str | None, str | None]
"""Whom one acts for, and in which role; (None, None): for nobody but oneself."""


@dataclass(frozen=True)
class Register:
    """Who holds which role in which unit (None: everywhere), who stands in for whom in which role (None: in all), who is disabled."""

    now: datetime
    holds: tuple[tuple[str, str, str | None, datetime, datetime | None], ...]
    loans: tuple[tuple[str, str, str | None, datetime, datetime], ...] = ()
    disabled: frozenset[str] = frozenset()

    def of(self, person: str) -> set[tuple[str, str | None]]:
        mine = (each for each in self.holds if each[0] == person and person not in self.disabled)
        return {(role, unit) for _, role, unit, since, until in mine if since <= self.now and (until is None or self.now < until)}

    def lent(self, person: str) -> Iterator[Loan]:
        for delegator, delegate, role, since, until in self.loans:
            if delegate == person and since <= self.now < until and not self.disabled & {delegator, delegate}:
                yield delegator, role


@dataclass(frozen=True)
class Who:
    """Somebody who tries; `kind` is person, party, integration, system or parent. Another program is an integration with a name."""

    name: str
    kind: str = "person"


@dataclass(frozen=True)
class Situation:
    """What the case has come to: its unit and those above, who stands in its fields, who holds it, who performed what or had it done."""

    units: tuple[str, ...] = ()
    persons: dict[str, str] = field(default_factory=dict)
    assignee: str | None = None
    performed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Judge:
    """Judges by one document and one register."""

    document: dict[str, Any]
    register: Register

    def steps_in(self, state: str | None) -> dict[str, Any]:
        """The steps of a state, those of `anywhere` included; the starts where there is no state yet."""
        if state is None:
            return dict(self.document["start"])
        place = self.document["states"][state]
        anywhere = self.document.get("anywhere", {}).items()
        found = {name: step for name, step in anywhere if "in" in step and state in _words(step["in"])}
        if "final" not in place:
            found |= {name: step for name, step in anywhere if "in" not in step and state not in _words(step.get("except", []))}
        return {**place.get("transitions", {}), **found}

    def against(self, step: dict[str, Any], who: Who, on: Situation) -> set[str]:
        """What stands against his performing the step: not_authorised, separation_of_duties, both, or nothing."""
        nobody: Loan = (None, None)
        ways = [nobody] if any(self._admits(word, who, on) for word in _words(step["by"])) else []
        ways += [loan for loan in self.register.lent(who.name) if who.kind == "person" and self._lends(step, loan, who, on)]
        is_free = any(not self._barred(step, {who.name, other}, on) for other, _ in ways or [nobody])
        return ({"not_authorised"} if not ways else set()) | ({"separation_of_duties"} if not is_free else set())

    def sees(self, state: str, who: Who, on: Situation) -> bool:
        """Whether there is such a case for him: he, or whom he acts for, holds a role in its units, or the case, or has a right in it."""
        names = [who.name, *(str(delegator) for delegator, _ in self.register.lent(who.name) if who.kind == "person")]
        if any(unit is None or unit in on.units for name in names for _, unit in self.register.of(name)):
            return True
        steps = self.steps_in(state).values()
        return on.assignee in names or any("not_authorised" not in self.against(step, who, on) for step in steps)

    def _lends(self, step: dict[str, Any], loan: Loan, who: Who, on: Situation) -> bool:
        """The other is admitted, in the role that was lent; or he stands himself where only a holder of that role may stand."""
        other = Who(str(loan[0]))
        instead = replace(on, persons={place: other.name if name == who.name else name for place, name in on.persons.items()})
        words = [word for word in _words(step["by"]) if loan[1] is None or loan[1] in (_role(word), self._kept_for(word))]
        return any(self._admits(word, other, on) or (self._kept_for(word) and self._admits(word, other, instead)) for word in words)

    def _admits(self, word: Any, who: Who, on: Situation) -> bool:
        if word == "integration":
            return who.kind == word and (who.name == word or self._holds(word, who, on.units))
        if word in ("system", "parent") or word in self.document.get("parties", {}):
            return who.kind == word or (who.kind == "party" and who.name == word)
        if who.kind not in ("person", "integration") or who.name in self.register.disabled:
            return False
        if who.kind == "integration" and (word == "assignee" or word in self.document["fields"]):
            return False
        if word == "assignee":
            return on.assignee == who.name
        if isinstance(word, str) and word in self.document["fields"]:
            role = self._kept_for(word)
            return on.persons.get(word) == who.name and (role is None or self._holds(role, who, on.units))
        return self._holds(_role(word), who, on.units if isinstance(word, str) else ())

    def _barred(self, step: dict[str, Any], names: set[str | None], on: Situation) -> bool:
        return any(self._bars(word, name, on) for word in _words(step.get("not_by", [])) for name in names if name is not None)

    def _bars(self, word: str, name: str, on: Situation) -> bool:
        if word in self.document["fields"]:
            return on.persons.get(word) == name
        if any(word in self.steps_in(state) for state in (None, *self.document["states"])):
            return (word, name) in on.performed
        return any(role == word for role, _ in self.register.of(name))

    def _kept_for(self, word: Any) -> str | None:
        return self.document["fields"].get(word, {}).get("role") if isinstance(word, str) else None

    def _holds(self, role: str, who: Who, units: tuple[str, ...]) -> bool:
        return any(held == role and (unit is None or not units or unit in units) for held, unit in self.register.of(who.name))


def _words(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _role(word: Any) -> str:
    return str(word if isinstance(word, str) else word["role"])
