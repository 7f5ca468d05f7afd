"""The examples in the docstrings of the language are run."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from engine.core import showing
from engine.core.expression import agreement, fault, lexer, moment, number, span, term


@pytest.mark.parametrize("module", [agreement, fault, lexer, moment, number, showing, span, term], ids=lambda module: module.__name__)
def test_doctests(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0
