"""Definitions that read well and mean something wrong, one defect each: told once, at its place, with a caret that points there.

The first line of a file says what is expected: `# expect: CODE LINE:COLUMN`. Each is checked beside a second, correct
document, as it would be in a folder, and may open cases of a third.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.cells import cell_len

from engine.authoring.checks import WARNINGS
from engine.authoring.code import CODES
from engine.authoring.document import read
from engine.authoring.excerpt import render
from engine.authoring.library import Library, check_documents
from engine.authoring.procedures import check_procedures
from engine.authoring.supplies import Supplies, read_supplies
from engine.core.expression import FAULT_CODES
from tests import process
from tests.corpus.test_corpus import EXPECTATION
from tests.process import ROLES

FOLDER = Path(__file__).parent / "definition"
ENGINE = Path(__file__).parents[2] / "engine"
CORRECT = FOLDER / "correct.yaml"
BROKEN = sorted(path for path in FOLDER.glob("*.yaml") if path != CORRECT)
_LETTER = (
    CORRECT.read_text(encoding="utf-8").replace("workflow: parcel", "workflow: letter").replace('"P{yy}-{seq:04}"', '"L{yy}-{seq:06}"')
)
NEIGHBOUR = read(_LETTER.encode(), "a-neighbour.yaml")

_BESIDE = read_supplies([FOLDER.parent])
PROCEDURES = check_procedures([read((FOLDER.parent / "correct-procedures.yaml").read_bytes(), "correct-procedures.yaml")])
SUPPLIES = Supplies(process.SUPPLIES.calendars, _BESIDE.templates, faulty_templates=_BESIDE.faulty_templates, procedures=PROCEDURES)
"""The calendar of the tests, the templates that are shipped, two broken ones, and written procedures."""

CHILD = read((FOLDER.parent / "correct-child.yaml").read_bytes(), "correct-child.yaml")

NEVER_BY_A_FILE = {"expression-too-long"}
"""The reader of documents refuses so long a text before it is read as an expression."""

NEVER_OF_A_FILE = {"unused-template"}
"""Said of a folder."""

TOO_BIG_FOR_A_FILE = {"too-large", "too-many", "too-many-nodes", "not-utf8", "people-undecided"}
"""Made by the tests of hostile files, and of people, instead."""

ELSEWHERE = {"legal.py", "people/wording.py"}
"""What these modules tell has examples in other folders: it takes a base, or people."""


def checked(path: Path) -> Library:
    return check_documents([NEIGHBOUR, read(path.read_bytes(), path.name)], ROLES, SUPPLIES, [CHILD])


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_definition_is_told_once_and_at_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = EXPECTATION.match(text)
    assert expected, "the first line must say what is expected"
    code, line, column = expected[1], int(expected[2]), int(expected[3])

    library = checked(path)

    assert [(one.file, one.code, one.span.line, one.span.column) for one in library.diagnostics] == [(path.name, code, line, column)]
    assert code in CODES
    assert (path.name in {one.document.file for one in library.checked}) == (code in WARNINGS)
    one = library.diagnostics[0]
    assert one.severity == ("warning" if code in WARNINGS else "error")
    for language in ("zh", "en"):
        shown = render(library.diagnostics, {path.name: text}, language).splitlines()
        assert shown[0] == f"{path.name}:{line}:{column}: {one.severity}[{code}]: {one.sentence.within(language)}"
        if not shown[2].endswith("…") and "| …" not in shown[2]:
            before = text.splitlines()[line - 1][: column - 1]
            assert shown[3].index("^") == shown[2].index("|") + 2 + cell_len(before)


def test_the_correct_definition_has_nothing_to_tell() -> None:
    assert checked(CORRECT).diagnostics == ()


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("state-unknown-in-to", "received"),
        ("state-unknown-in-anywhere", "repairing"),
        ("role-unknown-in-by", "integration"),
        ("role-unknown-of-owner", "boss"),
        ("field-unknown-in-asks", "remark"),
        ("field-unknown-in-assign", "tester"),
        ("field-unknown-of-a-party", "mobile"),
        ("step-unknown-in-not-by", "finish"),
        ("choice-unknown-in-a-condition", "none"),
        ("name-unknown-in-a-condition", "quote"),
        ("name-unknown-in-acting", "customer"),
        ("function-unknown", "today"),
        ("child-of-an-unknown-workflow", "slip"),
        ("child-by-an-unknown-start", "request"),
    ],
)
def test_the_nearest_name_is_offered(name: str, offered: str) -> None:
    (one,) = checked(FOLDER / f"{name}.yaml").diagnostics

    assert one.way_out is not None
    assert one.way_out.within("en") == f"Did you mean “{offered}”?"
    assert one.way_out.within("zh") == f"是不是想写“{offered}”？"


def test_a_trap_names_the_shortest_way_in() -> None:
    (one,) = checked(FOLDER / "state-without-a-way-out.yaml").diagnostics

    assert one.sentence.zh == "工单进入“lost”后无法结束；最短路径：receive → take → judge → lose"


def test_a_device_left_behind_names_the_way_out_of_the_house() -> None:
    (one,) = checked(FOLDER / "device-left-behind.yaml").diagnostics

    assert "（take → judge → scrap）" in one.sentence.zh


def emitted() -> set[str]:
    """Every code that the compiler and the checks write down for a definition alone; calendars and what takes more have their own."""
    files = [
        *(path for path in (ENGINE / "core" / "compiling").rglob("*.py") if path.name != "calendars.py"),
        *(path for path in (ENGINE / "authoring" / "checks").rglob("*.py") if not any(map(path.match, ELSEWHERE))),
        ENGINE / "authoring" / "library.py",
        ENGINE / "authoring" / "mention.py",
    ]
    return codes_in(files) | set(FAULT_CODES)


def codes_in(files: Iterable[Path]) -> set[str]:
    """The codes that these modules give to problems."""
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    makers = {"report", "unknown", "Problem"}
    firsts = [call.args[0] for call in calls if call.args and getattr(call.func, "attr", getattr(call.func, "id", "")) in makers]
    return {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)}


def test_every_code_that_a_definition_can_cause_is_registered_and_has_a_broken_example() -> None:
    shown = {match[1] for path in BROKEN if (match := EXPECTATION.match(path.read_text(encoding="utf-8")))}

    assert "incomplete-switch" in emitted()
    assert emitted() <= CODES
    assert shown == emitted() - NEVER_BY_A_FILE


def test_every_registered_code_has_a_broken_example() -> None:
    shown = {match[1] for path in FOLDER.parent.rglob("*.yaml") if (match := EXPECTATION.match(path.read_text("utf-8", "replace")))}

    assert CODES - shown - NEVER_BY_A_FILE - NEVER_OF_A_FILE == TOO_BIG_FOR_A_FILE
