"""One house and one Chromium for all tests of a run: what a test changes, it has brought itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Missing, running
from tests.browser.house import House, found, open_house
from tests.browser.window import Enter, Sit, Windows


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house, served for this run alone."""
    url = f"sqlite:///{tmp_path_factory.mktemp('house')}/aftercare.db"
    found(url)
    with open_house(url) as house:
        yield house


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium; without one nothing is shown, so nothing is skipped."""
    try:
        with running() as browser:
            yield browser
    except Missing as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture(scope="session")
def open_windows(house: House, chromium: Browser) -> Windows:
    """All windows of this run."""
    return Windows(house, chromium)


@pytest.fixture
def enter(open_windows: Windows) -> Iterator[Enter]:
    """Opens a new window for a person: `enter("tom", language="zh", theme="dark", width=360)`."""
    yield open_windows.enter
    open_windows.end()


@pytest.fixture
def sit(open_windows: Windows) -> Iterator[Sit]:
    """Sits down at the window that a person has open from test to test, for looking alone."""
    yield open_windows.sit
    open_windows.end()
