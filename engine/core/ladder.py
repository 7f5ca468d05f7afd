"""A ladder: the rungs of a clock, and the instants at which a run reaches them. Pure; which rung fires is decided in `core.elapse`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.core.expression import Expression
from engine.core.problem import Path
from engine.core.telling import NoticeRule
from engine.timing.period import Period


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung. It either tells somebody or fires a step."""

    id: str
    """As it stands in the document, without spaces: `75%`, `due`, `due+1wd`; with `/2` for the second at the same point."""
    percent: int | None
    """Of the way from start to due, in the clock's own time."""
    after_start: Period | None
    after_due: Period | None
    """Before it when negative. All three None: at the due instant itself."""
    when: Expression | None
    """Holds for both; the notice of a rung has none of its own."""
    notice: NoticeRule | None
    fire: str | None
    every: Period | None
    times: int
    """How often in all; 1 without `every`."""
    late: Literal["send", "merge", "skip"]
    path: Path = ()
    """Where it stands in the document, for problems found after compiling."""
