"""The code keeps its form: small files, names that mean something, a paragraph at the head of each, examples that run."""

from __future__ import annotations

import ast
import doctest
import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name, parsed, product, sources

CEILING = 400
BANNED = {"base", "common", "handlers", "helpers", "manager", "misc", "models", "types", "utils"}
WITH_EXAMPLES = [path for path in product() if ">>> " in path.read_text(encoding="utf-8")]


def test_no_file_outgrows_the_ceiling() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}

    assert {path: length for path, length in lengths.items() if length > CEILING} == {}


def test_no_module_has_a_name_that_means_nothing() -> None:
    assert [name(path) for path in sources() if BANNED & {path.stem, path.parent.name}] == []


def test_every_module_says_what_it_is() -> None:
    silent = [name(path) for path in sources() if path.stat().st_size and not ast.get_docstring(parsed(path))]

    assert silent == []


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name)
def test_the_examples_in_docstrings_hold(path: Path) -> None:
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0
