"""The core decides from what it is given: it reads no clock, makes no ids, opens and prints nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name, parsed

_PACKAGES = ("engine/core", "engine/definition", "engine/timing", "roles")
PURE = [path for package in _PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
WORLDLY_METHODS = {"now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "urandom", "token_hex", "read_text", "write_text"}
WORLDLY_FUNCTIONS = {"open", "print", "input", "eval", "exec", "__import__", "uuid1", "uuid4", "urandom"}


def worldly_calls(tree: ast.AST) -> list[str]:
    """The calls by which a module would reach outside, as *name, line*. A value's own `now` is fine, a call of it is not."""
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in WORLDLY_FUNCTIONS:
                found.append(f"{called}, line {node.lineno}")
            case ast.Call(func=ast.Attribute(attr=called)) if called in WORLDLY_METHODS:
                found.append(f"{called}, line {node.lineno}")
    return found


@pytest.mark.parametrize("path", PURE, ids=name)
def test_a_pure_module_reaches_for_nothing(path: Path) -> None:
    assert worldly_calls(parsed(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "uuid4()",
        "uuid.uuid4()",
        "open('x')",
        "print(1)",
        "path.read_text()",
    ],
)
def test_reaching_out_would_be_seen(line: str) -> None:
    assert len(worldly_calls(ast.parse(f"def decide():\n    return {line}\n"))) == 1


def test_the_pure_packages_are_there() -> None:
    assert {name(path).split("/")[0] for path in PURE} == {"engine", "roles"}
