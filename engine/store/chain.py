"""The chain of history: how an entry is hashed onto the one before it, and how a personal value is committed to.

The hash covers the stored text, byte for byte, so verifying needs no decoding. A commitment binds a personal value to its
entry without showing it: erasing the value leaves the chain whole. Knows no database.
"""

from __future__ import annotations

from hashlib import sha256

from engine.core.codec import canonical

START = ""
"""What the first entry of a case is chained to."""


def link(
    previous: str,
    *,
    case_id: str,
    seq: int,
    at: str,
    kind: str,
    door: str,
    principal: str,
    actor: str,
    on_behalf_of: str | None,
    reason: str | None,
    cause: str | None,
    digest: str,
    body: str,
) -> str:
    """The hash of an entry whose predecessor has the hash `previous`: 64 hexadecimal digits."""
    entry = canonical([case_id, seq, at, kind, door, principal, actor, on_behalf_of, reason, cause, digest, body])
    return sha256((previous + entry).encode()).hexdigest()


def commit(salt: str, value: str) -> str:
    """The commitment to a value's canonical text under a salt of 32 hexadecimal digits."""
    return sha256(bytes.fromhex(salt) + value.encode()).hexdigest()
