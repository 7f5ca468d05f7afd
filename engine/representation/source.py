"""Sources of events as objects for JSON: never their secrets."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from engine.core.codec import encode_instant
from engine.runtime.sources import is_rotating
from engine.store.snapshot import optional_instant
from engine.store.sources import KnownSource
from notifications.signature import Scheme, Standard


def of_source(known: KnownSource, now: datetime) -> dict[str, object]:
    """A source as it stands now."""
    source = known.source
    return {
        "name": source.name,
        "service": source.service,
        "scheme": _scheme(source.scheme),
        "id": str(source.envelope.id),
        "event_name": str(source.envelope.name),
        "data": source.envelope.data,
        "is_rotating": is_rotating(known, now),
        "made_at": encode_instant(known.made_at),
        "made_by": known.made_by,
        "disabled_at": optional_instant(known.disabled_at),
    }


def _scheme(scheme: Scheme) -> dict[str, object]:
    if isinstance(scheme, Standard):
        return {"kind": "standard"}
    return {"kind": "hmac", **asdict(scheme), "tolerance": round(scheme.tolerance.total_seconds())}
