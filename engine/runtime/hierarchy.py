"""Whom each role reports to now, from the role files: read once, when it is first asked.

Not part of a published definition: a superior who changes is alarmed for cases of any age. Knows no people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from engine.authoring.organisation import read_roles
from engine.errors import AftercareError


class Hierarchy:
    """The roles of these folders; safe to share between threads."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def superiors(self) -> Mapping[str, str]:
        """role → the role it reports to. Empty where the files cannot be read: a case must move all the same, and the doctor tells."""
        try:
            registry, _, _ = read_roles(self._folders)
        except AftercareError:
            return {}
        return {role.id: role.reports_to for role in registry.roles.values() if role.reports_to is not None}
