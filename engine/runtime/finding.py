"""A finding of the doctor: what one look has shown, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.label import Label


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look has shown. With `way_out` when it is not sound, or when it is but something is to be done before long."""

    what: Label
    is_sound: bool
    sentence: Label
    way_out: Label | None = None
