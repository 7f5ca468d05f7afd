"""Checked definitions as objects for JSON: what holds, what its variants weaken, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.authoring.diagnostic import Diagnostic, Severity, arranged
from engine.authoring.library import Checked
from engine.authoring.weakening import Weakening
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Workflow
from engine.representation.staff import RoleId

Line = Annotated[int, Field(description="From 1.", examples=[14])]
Column = Annotated[int, Field(description="From 1, in characters.", examples=[9])]


class WeakenedObject(TypedDict):
    """A safeguard of its base that a variant gives up, and where."""

    kind: str
    element: str
    file: str
    line: Line
    column: Column
    sentence: LabelObject


class CheckedObject(TypedDict):
    """A definition that holds."""

    workflow: Workflow
    version: int
    owner: Annotated[RoleId, Field(description="The role that owns the process: whoever holds it everywhere may publish it.")]
    file: str
    digest: str
    extends: Annotated[Workflow | None, Field(description="Of which it is a variant.")]
    weakened: list[WeakenedObject]


class DiagnosticObject(TypedDict):
    """A mistake, or a warning."""

    code: Annotated[str, Field(examples=["unknown-state"])]
    severity: Severity
    file: str
    line: Line
    column: Column
    end_line: Line
    end_column: Column
    sentence: LabelObject
    way_out: LabelObject | None


class CheckedAllObject(TypedDict):
    """What holds and what does not."""

    checked: list[CheckedObject]
    diagnostics: list[DiagnosticObject]


def of_library(checked: Iterable[Checked], diagnostics: Iterable[Diagnostic]) -> CheckedAllObject:
    """What holds and what does not."""
    return {"checked": [_checked(each) for each in checked], "diagnostics": of_diagnostics(diagnostics)}


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[DiagnosticObject]:
    """Mistakes and warnings, in order of their places."""
    return [_diagnostic(each) for each in arranged(diagnostics)]


def _checked(each: Checked) -> CheckedObject:
    workflow = each.bundle.workflow
    return {
        "workflow": workflow.workflow,
        "version": workflow.version,
        "owner": each.compiled.owner,
        "file": each.document.file,
        "digest": each.compiled.digest,
        "extends": each.rendered.base.name if each.rendered.base is not None else None,
        "weakened": [_weakened(each, one) for one in each.rendered.weakenings()],
    }


def _weakened(checked: Checked, found: Weakening) -> WeakenedObject:
    source, path = checked.document.source(found.path)
    span = source.span(path, of_key=True)
    return {
        "kind": found.kind,
        "element": found.element,
        "file": source.file,
        "line": span.line,
        "column": span.column,
        "sentence": of_label(found.sentence),
    }


def _diagnostic(one: Diagnostic) -> DiagnosticObject:
    return {
        "code": one.code,
        "severity": one.severity,
        "file": one.file,
        "line": one.span.line,
        "column": one.span.column,
        "end_line": one.span.end_line,
        "end_column": one.span.end_column,
        "sentence": of_label(one.sentence),
        "way_out": of_optional(one.way_out),
    }
