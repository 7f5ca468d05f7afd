"""Whatever has a code has a section: diagnostics, refusals, errors, settings – and no section is left of one that is gone."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from engine.authoring.checks import WARNINGS
from engine.authoring.code import CODES
from engine.core.decision import ReasonCode
from engine.errors import AftercareError
from engine.settings import CONFIG_VARIABLE, KEYS, PREFIX
from engine.store.verification import FindingKind
from tests.docs.checking import diagnostics_of
from tests.docs.pages import REFERENCE, ROOT, Example, examples, headings, section
from web.problem import KINDS, UNSOUND

DIAGNOSTICS = REFERENCE / "diagnostics.md"
REFUSALS = REFERENCE / "refusals.md"
SETTINGS = REFERENCE / "settings.md"

API_CODES = {each.code for each in (*KINDS.values(), UNSOUND)}
"""What is wrong with a request as such."""

_MAKERS = {"report", "unknown", "Problem"}
"""What makes a problem of a definition; the code is its first argument."""


def made_codes() -> set[str]:
    """The codes that the compiler and the checks write out."""
    modules = [*(ROOT / "engine" / "core" / "compiling").rglob("*.py"), *(ROOT / "engine" / "authoring").rglob("*.py")]
    return {code for path in modules for code in _codes_in(path)}


def _codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node.func) in _MAKERS and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def error_codes() -> set[str]:
    """The codes of all errors, once every module that may declare one is loaded."""
    for path in sorted((ROOT / "engine").rglob("*.py")):
        if "AftercareError" in (text := path.read_text(encoding="utf-8")) or "engine.errors import" in text:
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    return {kind.code for kind in _descendants(AftercareError)}


def _descendants(kind: type[AftercareError]) -> Iterator[type[AftercareError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def test_every_diagnostic_code_has_a_section_and_none_is_left_over() -> None:
    assert sorted(headings(DIAGNOSTICS, 3)) == sorted(CODES)


def test_every_code_that_is_written_out_is_registered() -> None:
    made = made_codes()

    assert {"unknown-role", "may-be-empty", "duplicate-across-files", "device-left-behind"} <= made
    assert sorted(made - set(CODES)) == []


def test_every_warning_is_called_one() -> None:
    assert {code for code in headings(DIAGNOSTICS, 3) if "**A warning.**" in section(DIAGNOSTICS, code)} == set(WARNINGS)


@pytest.mark.parametrize("example", examples(DIAGNOSTICS, "yaml"), ids=str)
def test_a_broken_example_has_the_mistake_it_shows(example: Example) -> None:
    assert example.refused is not None
    assert example.text in section(DIAGNOSTICS, example.refused)
    assert [one.code for one in diagnostics_of(example)] == [example.refused]


@pytest.mark.parametrize("code", headings(DIAGNOSTICS, 3))
def test_a_section_offers_a_way_out(code: str) -> None:
    assert "Way out: " in section(DIAGNOSTICS, code)


def test_every_refusal_and_every_error_has_a_section_and_none_is_left_over() -> None:
    assert sorted(headings(REFUSALS, 3)) == sorted({*get_args(ReasonCode), *error_codes(), *API_CODES})


def test_every_finding_of_a_verification_is_explained() -> None:
    text = (REFERENCE.parent / "discussions" / "what-is-promised.md").read_text(encoding="utf-8")

    assert [kind for kind in get_args(FindingKind) if f"`{kind}`" not in text] == []


def test_every_setting_has_a_section_and_none_is_left_over() -> None:
    assert headings(SETTINGS, 3) == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_names_its_variable(key: str) -> None:
    assert f"`{PREFIX}{key.upper()}`" in section(SETTINGS, key)


def test_the_variable_that_names_the_file_is_documented() -> None:
    assert f"`{CONFIG_VARIABLE}`" in SETTINGS.read_text(encoding="utf-8")
