"""One safeguard that a variant lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.core.problem import Path
from engine.label import Label

Kind = Literal["step", "role", "separation", "guard", "reason", "approvals", "form", "notice", "clock", "rung"]


@dataclass(frozen=True, slots=True)
class Weakening:
    """What kind of safeguard it is, of which state, step or clock (its id), and a sentence without stop.

    `path` is the place in the variant that does without it; of what is gone, where it stood.
    """

    kind: Kind
    element: str
    path: Path
    sentence: Label
