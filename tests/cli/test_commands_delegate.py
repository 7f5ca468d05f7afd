"""Commands stay thin: argv in, the engine asked, an answer shown. What is longer belongs below."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOT, name, parsed

LIMIT = 15
MODULES = [ROOT / "cli.py", *sorted((ROOT / "commands").glob("*.py"))]


def bodies(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each function with the lines of its body, docstring aside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_of_the_command_line_is_long(path: object) -> None:
    long = {function: lines for function, lines in bodies(parsed(path)) if lines > LIMIT}  # type: ignore[arg-type]

    assert long == {}
