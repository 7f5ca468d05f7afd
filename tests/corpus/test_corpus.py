"""Broken documents, one defect each: exactly that one diagnostic comes out, at exactly that place, in both languages.

The first line of a file says what is expected: `# expect: CODE LINE:COLUMN`. Each folder is read by one pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from engine.authoring.calendar import check_calendar, check_official
from engine.authoring.code import CODES
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import read
from engine.authoring.excerpt import render
from engine.authoring.library import check_documents
from engine.authoring.loader import load
from engine.authoring.mention import inside_roles
from engine.authoring.procedures import check_procedures
from engine.authoring.scenario.reading import read_script
from engine.authoring.scenario.setting import Setting
from engine.definition.sharing import WorkflowFile
from tests import process

Pipeline = Callable[[bytes, str], tuple[Diagnostic, ...]]

FOLDER = Path(__file__).parent
EXPECTATION = re.compile(r"# expect: ([a-z0-9-]+) (\d+):(\d+)")


def as_workflow(content: bytes, file: str) -> tuple[Diagnostic, ...]:
    return load(read(content, file), WorkflowFile)[1]


def as_calendar(content: bytes, file: str) -> tuple[Diagnostic, ...]:
    return check_calendar(read(content, file))[1]


def as_official(content: bytes, file: str) -> tuple[Diagnostic, ...]:
    return check_official(read(content, file))[1]


def as_procedures(content: bytes, file: str) -> tuple[Diagnostic, ...]:
    return check_procedures([read(content, file)]).diagnostics


@cache
def setting() -> Setting:
    """The correct definition, of which the stories tell."""
    documents = [read((FOLDER / file).read_bytes(), file) for file in ("definition/correct.yaml", "correct-child.yaml")]
    checked = check_documents(documents, process.ROLES, process.SUPPLIES).checked
    return Setting.of((each.compiled for each in checked), process.ROLES, process.SHANGHAI, ())


def as_scenarios(content: bytes, file: str) -> tuple[Diagnostic, ...]:
    return read_script(read(content, file), setting(), inside_roles(process.ROLES))[1]


PIPELINES: dict[str, Pipeline] = {
    "document": as_workflow,
    "calendar": as_calendar,
    "official": as_official,
    "scenario": as_scenarios,
    "procedures": as_procedures,
}
CORRECT = {
    "document": "correct.yaml",
    "calendar": "correct-calendar.yaml",
    "official": "correct-official.yaml",
    "scenario": "correct-scenarios.yaml",
    "procedures": "correct-procedures.yaml",
}

BROKEN = [
    pytest.param(path, pipeline, id=f"{folder}/{path.stem}")
    for folder, pipeline in PIPELINES.items()
    for path in sorted((FOLDER / folder).glob("*.yaml"))
]


@pytest.mark.parametrize(("path", "pipeline"), BROKEN)
def test_a_broken_document_is_told_once_and_at_its_place(path: Path, pipeline: Pipeline) -> None:
    content = path.read_bytes()
    text = content.decode()
    expected = EXPECTATION.match(text)
    assert expected, "the first line must say what is expected"

    diagnostics = pipeline(content, path.name)

    assert [(one.code, one.span.line, one.span.column) for one in diagnostics] == [(expected[1], int(expected[2]), int(expected[3]))]
    assert expected[1] in CODES
    english, chinese = (render(diagnostics, {path.name: text}, language) for language in ("en", "zh"))
    assert f"{path.name}:{expected[2]}:{expected[3]}: error[{expected[1]}]: {diagnostics[0].sentence.en}" in english
    assert diagnostics[0].sentence.zh in chinese
    assert "^" in english.splitlines()[3]
    assert english.endswith("1 error\n")
    assert chinese.endswith("1 处错误\n")


@pytest.mark.parametrize("kind", PIPELINES)
def test_the_correct_document_has_nothing_to_tell(kind: str) -> None:
    assert PIPELINES[kind]((FOLDER / CORRECT[kind]).read_bytes(), CORRECT[kind]) == ()
