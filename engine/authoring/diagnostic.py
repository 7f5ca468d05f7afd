"""A diagnostic: one mistake of an author at its place, with a stable code, a sentence and a way out in both languages.

Knows nothing of how it was found or how it is shown (`excerpt`). Codes are explained in `code`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.authoring.layout import Span
from engine.core.problem import Problem
from engine.label import Label

if TYPE_CHECKING:
    from engine.authoring.document import Document

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake. A document with an `error` is never published; a `warning` is for the author to judge."""

    code: str
    severity: Severity
    file: str
    span: Span
    sentence: Label
    way_out: Label | None = None

    @staticmethod
    def of(problem: Problem, document: Document, severity: Severity = "error") -> Diagnostic:
        """A problem that the core found in the meaning of `document`, at its place in the file where that was written."""
        source, path = document.source(problem.path)
        span = source.span(path, problem.offset, problem.length, problem.of_key)
        return Diagnostic(problem.code, severity, source.file, span, problem.sentence, problem.way_out)


def arranged(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, by file, line, column and code."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda one: (one.file, one.span, one.code, one.sentence.en)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True if one of them forbids publication."""
    return any(one.severity == "error" for one in diagnostics)
