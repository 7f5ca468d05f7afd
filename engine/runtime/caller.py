"""Who is calling, and under which key: what every door says with a wish."""

from __future__ import annotations

from dataclasses import dataclass

from engine.store.record import Provenance
from roles.scope import WHOLE, Identity, Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: through which door, authenticated as whom, and acting as which person or service, with how much of what it may do.

    `person` None: whoever works at the machine itself, as an integration.
    """

    provenance: Provenance
    person: str | None
    scope: Scope = WHOLE

    @property
    def identity(self) -> Identity | None:
        """As whom he acts."""
        return Identity(self.person, self.scope) if self.person is not None else None


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key: the same key with the same wish is done once, and answered with the first outcome again."""

    scope: str
    value: str


CLOCK = Caller(Provenance("timer", "system"), None)
"""Who is calling when time passes."""
