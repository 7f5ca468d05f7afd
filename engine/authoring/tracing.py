"""Traces clauses of the written procedures to what carries them out: which element of which document names which clause.

Works on documents as written. Knows no file and must not judge; what is wrong with a trace is found in `checks.source`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.authoring.interface import steps_of
from engine.authoring.procedures import Clause, Procedures
from engine.core.problem import Path
from engine.definition.clock import Rung
from engine.definition.workflow import Workflow
from engine.label import Label

DEMANDS = frozenset({"step", "approval", "record", "form", "register", "report", "reminder"})
"""The kinds of clauses that whoever claims a procedure is to carry out. A rule may hold without anybody saying where."""

Fate = Literal["carried_out", "left_out", "missing", "unsaid"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A word of `source`: which element of which document names the clause, and where."""

    workflow: str
    element: Label | None
    """In words: `step “record”`; None for the document as a whole."""
    clause: str
    path: Path


@dataclass(frozen=True, slots=True)
class Omission:
    """An entry of `left_out`."""

    workflow: str
    why: Label
    clause: str
    path: Path


@dataclass(frozen=True, slots=True)
class Traces:
    """What a library says about the clauses: who carries out what, and what is left out."""

    citations: Mapping[str, tuple[Citation, ...]]
    """clause → the elements that name it."""
    omissions: Mapping[str, tuple[Omission, ...]]
    """clause → the documents that leave it out."""

    @staticmethod
    def of(workflows: Iterable[Workflow]) -> Traces:
        """The traces of documents."""
        documents = tuple(workflows)
        cited: dict[str, tuple[Citation, ...]] = {}
        for citation in (each for workflow in documents for each in citations(workflow)):
            cited[citation.clause] = (*cited.get(citation.clause, ()), citation)
        omitted: dict[str, tuple[Omission, ...]] = {}
        for omission in (each for workflow in documents for each in omissions(workflow)):
            omitted[omission.clause] = (*omitted.get(omission.clause, ()), omission)
        return Traces(cited, omitted)

    def claims(self, procedure: str) -> tuple[str, ...]:
        """The documents that say of themselves that they carry out a procedure."""
        return tuple(each.workflow for each in self.citations.get(procedure, ()) if each.element is None)

    def is_missing(self, clause: Clause) -> bool:
        """Whether nobody carries it out and nobody says why not."""
        return clause.kind in DEMANDS and clause.id not in self.citations and clause.id not in self.omissions


def citations(workflow: Workflow) -> Iterator[Citation]:
    """Every word of `source` in a document, in order."""
    for path, element, words in _sources(workflow):
        for index, word in enumerate(words):
            yield Citation(workflow.workflow, element, word, (*path, "source", index))


def omissions(workflow: Workflow) -> Iterator[Omission]:
    """Every entry of `left_out` in a document, in order."""
    for index, each in enumerate(workflow.left_out):
        yield Omission(workflow.workflow, each.why.label, each.clause, ("left_out", index))


def _sources(workflow: Workflow) -> Iterator[tuple[Path, Label | None, Sequence[str]]]:
    yield (), None, workflow.source
    for name, field in workflow.fields.items():
        yield ("fields", name), _named(Label("字段", "field"), name), field.source
        for column, rule in (field.of or {}).items():
            yield ("fields", name, "of", column), _named(Label("列", "column"), f"{name}.{column}"), rule.source
    for name, state in workflow.states.items():
        yield ("states", name), _named(Label("状态", "state"), name), state.source
    for path, step in steps_of(workflow):
        yield path, _named(Label("步骤", "step"), path[-1]), step.source
    for name, clock in workflow.clocks.items():
        yield ("clocks", name), _named(Label("时限", "clock"), name), clock.source
        if not isinstance(clock.ladder, str):
            yield from _rungs(("clocks", name, "ladder"), name, clock.ladder)
    for name, ladder in workflow.ladders.items():
        yield from _rungs(("ladders", name), name, ladder)


def _rungs(path: Path, name: str, rungs: Sequence[Rung]) -> Iterator[tuple[Path, Label, Sequence[str]]]:
    for index, rung in enumerate(rungs):
        yield (*path, index), _named(Label("提醒", "rung"), f"{name} {rung.at}"), rung.source


def _named(kind: Label, name: object) -> Label:
    return Label("{kind}“{name}”", "{kind} “{name}”").fill(kind=kind, name=name)


@dataclass(frozen=True, slots=True)
class TracedClause:
    """What became of one clause."""

    clause: Clause
    carried_out_by: tuple[Citation, ...]
    left_out_by: tuple[Omission, ...]

    @property
    def fate(self) -> Fate:
        """Carried out, left out, missing; a rule that nobody names is `unsaid`: it may hold all the same."""
        if self.carried_out_by:
            return "carried_out"
        if self.left_out_by:
            return "left_out"
        return "missing" if self.clause.kind in DEMANDS else "unsaid"


@dataclass(frozen=True, slots=True)
class TracedProcedure:
    """One procedure: who claims it, and what became of all it demands."""

    procedure: Clause
    claimed_by: tuple[str, ...]
    clauses: tuple[TracedClause, ...]

    def count(self, fate: Fate) -> int:
        """How many of its clauses have this fate."""
        return sum(each.fate == fate for each in self.clauses)


def traced(procedures: Procedures, traces: Traces) -> tuple[TracedProcedure, ...]:
    """Every procedure, in the order of the files."""
    return tuple(
        TracedProcedure(
            each,
            traces.claims(each.id),
            tuple(
                TracedClause(clause, traces.citations.get(clause.id, ()), traces.omissions.get(clause.id, ()))
                for clause in procedures.demanded_by(each.id)
            ),
        )
        for each in procedures.clauses.values()
        if each.kind == "procedure"
    )
