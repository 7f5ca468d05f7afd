"""What became of stories: each step as it was played, what was expected and not found, and every decision on the way. Plain values.

The words for people are in `telling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.layout import Span
from engine.authoring.scenario.trace import Trace
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Refused
from engine.definition.scenario import Moment
from engine.label import Label

Told = Mapping[str, tuple[str, ...]]
"""person or party → the templates by which he was told, sorted."""


@dataclass(frozen=True, slots=True)
class Played:
    """A step as it was played. `definition` and `case` are those that it was about, afterwards; without a case: none was opened."""

    moment: Moment
    span: Span
    at: datetime
    """When it had been played: after the time that passed in it."""
    definition: CompiledDefinition
    case: Case | None
    refused: Refused | None
    told: Told
    incidents: tuple[str, ...]
    """The kinds of incidents that it opened, sorted."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a story expects, at its place in the file, and what is found instead."""

    span: Span
    sentence: Label
    """*expected A, found B*, as in a diagnostic."""
    reasons: tuple[Label, ...] = ()
    """Why it is so: those of a refusal."""
    way_out: Label | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One story as it was told, up to the first step that came out otherwise."""

    file: str
    span: Span
    """Where the scenario stands."""
    title: Label
    workflow: str
    is_of_base: bool
    """Whether the workflow is a variant, and the story one of its base's."""
    steps: tuple[Played, ...]
    failures: tuple[Failure, ...]
    """All that is wrong with the last of the steps, or with the beginning."""
    traces: tuple[Trace, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class FileRun:
    """All stories of one file."""

    file: str
    workflow: str
    runs: tuple[Run, ...]

    @property
    def passed(self) -> bool:
        """Whether all stories passed."""
        return all(run.passed for run in self.runs)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """Every decision of every story."""
        return tuple(trace for run in self.runs for trace in run.traces)
