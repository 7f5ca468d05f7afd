"""Who is told: the words of `tell` resolved to persons, at the moment of telling, so that whoever can do something about it hears of it.

A role means its holder who has the case; else those of its holders who can act in this state and are there; else those who are there;
else those to whom the role reports. For somebody who is away his delegate is told. Somebody who is meant in person and is away without
one finds it when he is back, and meanwhile those hear of it who can act, else those above, else the owner of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.authority import admit, separate
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.facts import Facts
from engine.core.kind import persons_in
from notifications.message import Recipient
from roles.actor import Actor
from roles.policy import Right
from roles.roster import Roster

_ANYWHERE = ZoneInfo("UTC")
"""Whether somebody may act depends on no date, and so on no zone."""


def recipients(
    definition: CompiledDefinition, case: Case, tell: Iterable[Right], roster: Roster, superiors: Mapping[str, str], at: datetime
) -> tuple[Recipient, ...]:
    """Everybody whom these words mean now, each once, in the order of the words. `superiors`: role → the role it reports to."""
    search = Search(definition, case, roster, superiors, at)
    found: dict[str, Recipient] = {}
    for right in tell:
        if right.kind == "party":
            found.setdefault(right.name, outside(definition, case, right.name))
        else:
            for person in search.meant(right):
                found.setdefault(person, inside(person, roster))
    return tuple(found.values())


def inside(person: str, roster: Roster) -> Recipient:
    """A person of the organisation."""
    known = roster.people[person]
    return Recipient(person, known.name, known.email, is_outside=False)


def outside(definition: CompiledDefinition, case: Case, party: str) -> Recipient:
    """An outside person, as the fields of the case name and reach him now."""
    fields = definition.parties[party]
    name, email = (case.data.get(fields[key]) if key in fields else None for key in ("name", "email"))
    return Recipient(party, str(name or ""), str(email) if email is not None else None, is_outside=True)


class Search:
    """Who is there for one case, at one instant."""

    def __init__(self, definition: CompiledDefinition, case: Case, roster: Roster, superiors: Mapping[str, str], at: datetime) -> None:
        self._definition = definition
        self._case = case
        self._roster = roster
        self._superiors = superiors
        self._at = at
        self._lineage = roster.lineages.get(case.unit, (case.unit,)) if case.unit is not None else ()
        self._away = roster.away(at)
        self._facts: dict[str, Facts] = {}
        """Of whoever was asked about: of a large role many are, and each for several steps."""

    def meant(self, right: Right) -> tuple[str, ...]:
        """The persons whom one word of `tell` means."""
        if right.kind == "role":
            return self._of_role(right.name, () if right.anywhere else self._lineage)
        if right.kind == "field":
            named, role = self._named(right)
            return _each_once(self._in_person(person, role) for person in named if self._roster.is_active(person, self._at))
        if right.kind == "person":
            return (right.name,) if self._roster.is_active(right.name, self._at) else ()
        holder = self._case.assignee
        if holder is not None and self._roster.is_active(holder, self._at):
            return self._in_person(holder, None)
        return self._acting() or self._of_role(self._definition.owner, self._lineage)

    def standing_for(self, person: str, role: str | None = None) -> tuple[str, ...]:
        """Who is there for a person: he himself, else those of his delegates who are present; `role`: as what he is meant, if as any."""
        if person in self._roster.people and person not in self._away:
            return (person,)
        return self._roster.deputies(person, role, self._at)

    def facts(self, actor: Actor) -> Facts:
        """What a decision of this actor would know, as far as whether he may decide depends on it."""
        return Facts(self._at, actor, _ANYWHERE, self._roster.lineages, calendars=self._definition.calendars)

    def registered(self, step: CompiledStep) -> tuple[Actor, ...]:
        """Everybody, there or away, whom the words of `by` mean, whatever keeps him from the step."""
        return tuple(self._facts_of(person).actor for person in dict.fromkeys(each for word in step.by for each in self._registered(word)))

    def _acting(self) -> tuple[str, ...]:
        """Who is there and can perform a step of the state; of a role those nearest to the case."""
        steps = self._definition.states[self._case.state].steps.values()
        return tuple(sorted({person for step in steps for word in step.by for person in self._admitted(word, step)}))

    def _registered(self, word: Right) -> tuple[str, ...]:
        if word.kind == "role":
            tiers = self._roster.tiers(word.name, () if word.anywhere else self._lineage, self._at)
            return tuple(person for tier in tiers for person in tier)
        named = self._named(word)[0]
        return tuple(person for person in named if self._roster.is_active(person, self._at))

    def _through(self, person: str, step: CompiledStep) -> frozenset[str]:
        """The words of `by` that admit a person whom `not_by` leaves free: as far as it depends on who he is and what he did before."""
        case, facts = self._case, self._facts_of(person)
        ways = admit(self._definition, step, case.data, case.assignee, facts, self._lineage)
        if not ways:
            return frozenset()
        way, forbidden = separate(self._definition, step, ways, case.data, case.performed, case.assignee, facts)
        return frozenset() if forbidden else way.through

    def _named(self, word: Right) -> tuple[tuple[str, ...], str | None]:
        """The persons whom a word names one by one, and as what: in a field, or as the holder of the case."""
        if word.kind == "field":
            return persons_in(self._case.data.get(word.name)), self._definition.fields[word.name].role
        if word.kind == "assignee" and self._case.assignee is not None:
            return (self._case.assignee,), None
        return (), None

    def _admitted(self, word: Right, step: CompiledStep) -> tuple[str, ...]:
        def may(person: str) -> bool:
            return bool(self._through(person, step))

        if word.kind == "role":
            return self._nearest(word.name, may, () if word.anywhere else self._lineage)
        named, role = self._named(word)
        return tuple(person for each in named for person in self.standing_for(each, role) if may(person))

    def _of_role(self, role: str, lineage: tuple[str, ...]) -> tuple[str, ...]:
        holder = self._case.assignee
        if holder is not None and self._holds(holder, role):
            standing = self.standing_for(holder, role)
            if standing:
                return standing
        steps = self._definition.states[self._case.state].steps.values()
        can_act = self._nearest(role, lambda person: any(self._through(person, step) for step in steps), lineage)
        return can_act or self._nearest(role, _anybody, lineage) or self._above(role)

    def _above(self, role: str) -> tuple[str, ...]:
        """Who is there of those to whom a role reports, however indirectly, the nearest superior first."""
        asked = [role]
        while (superior := self._superiors.get(asked[-1])) is not None and superior not in asked:
            found = self._nearest(superior, _anybody, self._lineage)
            if found:
                return found
            asked.append(superior)
        return ()

    def _in_person(self, person: str, role: str | None) -> tuple[str, ...]:
        standing = self.standing_for(person, role)
        if standing:
            return standing
        instead = self._acting() or (self._above(role) if role is not None else ()) or self._of_role(self._definition.owner, self._lineage)
        return (person, *(each for each in instead if each != person))

    def _nearest(self, role: str, fits: Callable[[str], bool], lineage: tuple[str, ...]) -> tuple[str, ...]:
        """The fitting of those who are there for the holders of a role, of the nearest unit that has one."""
        for holders in self._roster.tiers(role, lineage, self._at):
            found = [person for holder in holders for person in self.standing_for(holder, role) if fits(person)]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _holds(self, person: str, role: str) -> bool:
        if not self._roster.is_active(person, self._at):
            return False
        return any(grant.role == role and grant.covers(self._lineage) for grant in self._facts_of(person).actor.grants)

    def _facts_of(self, person: str) -> Facts:
        if person not in self._facts:
            self._facts[person] = self.facts(self._roster.actor(person, self._at))
        return self._facts[person]


def _anybody(_person: str) -> bool:
    return True


def _each_once(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for persons in found for person in persons))
