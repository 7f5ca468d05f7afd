"""Canonical text: JSON whose text never changes between versions, dialects or machines – keys sorted, no spaces, Chinese as it is.

Knows instants, because every stored thing has one, and nothing else of the core.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # not in the stubs
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _prepared() -> Callable[[Json], str]:
    """The encoder with its machinery built once: `JSONEncoder.encode` builds it anew at every call, which costs a move dearly."""
    if c_make_encoder is None:
        return _encoder.encode
    build = c_make_encoder(None, _encoder.default, encode_basestring, None, ":", ",", True, False, False)
    return lambda body: "".join(build(body, 0))


canonical: Callable[[Json], str] = _prepared()
"""JSON as text that never changes for an equal value. ValueError or TypeError for what JSON cannot hold."""


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in the stubs


def parsed(text: str) -> Any:
    """What `canonical` has written. ValueError for anything else; `json.loads` would look for white space around it first."""
    try:
        body, end = _scan(text, 0)
    except StopIteration:
        end = -1
    if end != len(text):
        raise ValueError(f"not canonical JSON: {text[:80]!r}")
    return body


@lru_cache(maxsize=256)
def encode_instant(instant: datetime) -> str:
    """`2026-11-25T13:10:06.123456Z`: sorts as time. A naive datetime is a ValueError.

    Remembered, because one move writes its instant into five places.
    """
    if instant.tzinfo is not UTC:
        if instant.tzinfo is None:
            raise ValueError("expected an aware instant, found a naive datetime")
        instant = instant.astimezone(UTC)
    return f"{instant.isoformat(timespec='microseconds')[:26]}Z"


def decode_instant(text: str) -> datetime:
    """The aware instant, in UTC. ValueError for anything that is not an instant."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is not UTC:
        raise ValueError(f"expected an instant in UTC, found {text!r}")
    return instant
