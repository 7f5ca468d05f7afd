"""A bundle: one document and what it takes from around it – the roles it mentions and their separations.

This is what is published, pinned by cases and known by its digest (DESIGN law 9). Who *holds* a role is not part of it:
that is live. Titles of roles travel along for display and do not change the digest.
"""

from __future__ import annotations

import hashlib
import json

from engine.definition.element import Bilingual, Element, Name
from engine.definition.workflow import Workflow


class Bundle(Element):
    """The closed unit of publication."""

    workflow: Workflow
    roles: dict[Name, Bilingual]
    apart: tuple[tuple[Name, Name], ...] = ()
    """Pairs of these roles that one person may never hold both."""

    def form(self) -> str:
        """The validated form as JSON: what the store keeps, and what running reads instead of YAML."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    @staticmethod
    def restored(form: str) -> Bundle:
        """The bundle that `form` was made from."""
        return Bundle.model_validate_json(form)

    def digest(self) -> str:
        """SHA-256 of what the document means to a running case, as 64 hexadecimal digits."""
        meaning = {
            "workflow": self.workflow.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "roles": sorted(self.roles),
            "apart": sorted(sorted(pair) for pair in self.apart),
        }
        return hashlib.sha256(json.dumps(meaning, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
