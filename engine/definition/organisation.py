"""The role files (`roles/ORGANISATION.yaml`) and the people file (`roles/people*.yaml`), as written.

Shape only: whether a named role or unit exists is found when they are put together (`roles.registry`, the directory).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Limit
from pydantic import StringConstraints

from engine.definition.element import Bilingual, Day, Element, Flag, Name, Words
from notifications.mailserver import ADDRESS
from roles.actor import Role
from roles.staff import PersonKind


class Post(Element):
    """One entry of `roles:`."""

    title: Bilingual
    reports_to: Name | None = None
    """The role above it; absent at the top, and where independence requires that nobody stands above."""
    source: Words = ()
    """Clauses of the written procedures that name it."""


class Outsider(Element):
    """One entry of `external:`: somebody who acts or is told, but is no member of the department."""

    title: Bilingual


class RoleFile(Element):
    """The roles of one organisation."""

    organisation: Name
    roles: dict[Name, Post] = Limit(min_length=1, max_length=500)
    external: dict[Name, Outsider] = Limit(default_factory=dict)
    apart: tuple[tuple[Name, Name], ...] = ()
    """Pairs of roles that one person may never hold both."""

    def declared(self) -> tuple[Role, ...]:
        """All its roles, those of outsiders last."""
        inside = (
            Role(id, post.title.label, self.organisation, reports_to=post.reports_to, source=post.source) for id, post in self.roles.items()
        )
        outside = (Role(id, outsider.title.label, self.organisation, external=True) for id, outsider in self.external.items())
        return (*inside, *outside)


class Unit(Element):
    """One entry of `units:`: headquarters, a province, a shop."""

    title: Bilingual
    above: Name | None = None
    """The unit it belongs to; absent for the topmost."""


class Holding(Element):
    """A role that a person holds."""

    role: Name
    unit: Name | None = None
    """Absent: everywhere."""
    since: Day | None = None
    """The first day; absent: from the moment the file is taken in."""
    until: Day | None = None
    """The last day; absent: until it is revoked."""


class Person(Element):
    """One entry of `people:`."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    email: Annotated[str, StringConstraints(pattern=f"^{ADDRESS.pattern}$", max_length=254)] | None = None
    """Where mail reaches him; absent: he is told in his inbox alone."""
    service: Flag = False
    """Whether it is another program, which may hold the role `integration`."""

    @property
    def kind(self) -> PersonKind:
        """What it is, as `roles.staff` has it."""
        return "service" if self.service else "person"

    holds: tuple[Holding, ...] = ()


class PeopleFile(Element):
    """Units and people: a team to start with. From then on they live in the database."""

    units: dict[Name, Unit] = Limit(default_factory=dict)
    people: dict[Name, Person] = Limit(min_length=1, max_length=100_000)
