"""Which roles there are and whom each reports to now, from the role files: read once, when it is first asked.

Not part of a published definition: a superior who changes is alarmed for cases of any age. Knows no people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from engine.authoring.organisation import read_roles
from engine.errors import AftercareError
from roles.actor import Role
from roles.registry import RoleRegistry


class Hierarchy:
    """The roles of these folders; safe to share between threads."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def registry(self) -> RoleRegistry:
        """The roles, and which of them nobody may combine. Raises where the files cannot be read."""
        registry, _, _ = read_roles(self._folders)
        return registry

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """Every role by id. Empty where the files cannot be read: a case must move all the same, and the doctor tells."""
        try:
            return self.registry.roles
        except AftercareError:
            return {}

    @cached_property
    def superiors(self) -> Mapping[str, str]:
        """role → the role it reports to."""
        return {role.id: role.reports_to for role in self.roles.values() if role.reports_to is not None}
