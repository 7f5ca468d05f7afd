"""The company on each dialect, proven after every test: history replayed is the case, and `verify` finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.company import Company, found, open_company


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    """A company whose clock stands at nine in the morning."""
    found(database_url)
    with open_company(database_url) as company:
        yield company
