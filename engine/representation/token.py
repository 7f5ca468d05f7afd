"""Tokens as objects for JSON: never what they prove themselves with."""

from __future__ import annotations

from datetime import datetime

from engine.core.codec import encode_instant
from engine.store.snapshot import optional_instant
from engine.store.tokens import Token


def of_token(token: Token, now: datetime) -> dict[str, object]:
    """A token as it stands now. `roles` and `units` are None where they do not narrow."""
    scope = token.scope
    return {
        "id": token.id,
        "holder": token.holder,
        "title": token.title,
        "state": token.state(now),
        "roles": sorted(scope.roles) if scope.roles is not None else None,
        "units": sorted(scope.units) if scope.units is not None else None,
        "for_people": token.for_people,
        "made_at": encode_instant(token.made_at),
        "made_by": token.made_by,
        "expires_at": encode_instant(token.expires_at),
        "revoked_at": optional_instant(token.revoked_at),
        "used_at": optional_instant(token.used_at),
    }
