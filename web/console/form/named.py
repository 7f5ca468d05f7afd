"""People whom somebody names in a form by typing: a name or an account, where there are too many to be chosen from a list.

Finds out who is meant among those whom he may name. Whether that one can be taken is decided by the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from engine.core.case import Case
from engine.core.kind import persons_in
from engine.label import Label, listed, verbatim
from engine.runtime.access import Access
from engine.runtime.naming import account_of, people_meant, people_near
from roles.roster import Roster
from web.console.screen import Screen


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom he may name: those of whom he is told, and who stands in the case already."""

    roster: Roster
    access: Access
    now: datetime
    standing: frozenset[str] = frozenset()

    def title(self, person: str) -> Label:
        """What somebody is called of whom he is told; anybody else stands by what was typed, as one does who does not exist."""
        return verbatim(self.roster.names[person] if self._tells_of(person) else person)

    def read(self, typed: str) -> str | Label:
        """The account of the one who is meant – one that was chosen is taken as it is –, else why that cannot be told."""
        if self._tells_of(typed):
            return typed
        told = self.access.people
        told = told | self.standing if told is not None else None
        found = people_meant(self.roster, typed, told)
        if len(found) == 1:
            return found[0]
        if found:
            return _SEVERAL.fill(name=typed, who=listed(verbatim(account_of(each, self.roster)) for each in found[:_TOLD]))
        near = people_near(self.roster, typed, told)
        sentence = _NEAR if near else _NOBODY
        return sentence.fill(name=typed, who=listed(verbatim(self.roster.names[each]) for each in near))

    def _tells_of(self, person: str) -> bool:
        """Whether there is such a one, and he may be named: he is told of him, he stands in the case already, or belongs nowhere."""
        if person not in self.roster.people:
            return False
        grants = self.roster.actor(person, self.now).grants
        belongs_nowhere = not grants and self.roster.is_active(person, self.now)
        return person in self.standing or belongs_nowhere or self.access.tells_of(person, grants)


def naming(screen: Screen, case: Case | None = None) -> Naming:
    """Whom somebody may name now, in the form of a case."""
    values = case.data.values() if case is not None else ()
    standing = frozenset(chain.from_iterable(persons_in(value) for value in values))
    return Naming(screen.application.directory.roster(), screen.access, screen.application.time.now(), standing)


_SEVERAL = Label("叫“{name}”的不止一人，请写明账号：{who}", "several people are called “{name}”, name the account: {who}")
_NOBODY = Label("没有人员“{name}”", "there is no person “{name}”")
_NEAR = Label("没有人员“{name}”，是否指：{who}", "there is no person “{name}”; perhaps {who}")
_TOLD = 8
"""Of so many it is said who they are."""
