"""Sessions as objects for JSON: never what a browser shows, nor the hash of it."""

from __future__ import annotations

from engine.core.codec import encode_instant
from engine.store.accounts import Session


def of_session(session: Session) -> dict[str, object]:
    """Where somebody is signed in."""
    return {
        "device": session.device,
        "begun_at": encode_instant(session.begun_at),
        "used_at": encode_instant(session.used_at),
        "ends_at": encode_instant(session.ends_at),
    }
