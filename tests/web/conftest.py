"""One counter, or repair centre, for each module of tests: an application costs more than all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.repair_centre import found as found_centre
from tests.original import FileOriginal
from tests.runtime.company import found
from tests.web.centre import START, Busy, Centre, make_busy, open_centre
from tests.web.counter import Counter, open_counter


@pytest.fixture(scope="session")
def counter_file(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The company just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("counter") / "original.db", found)


@pytest.fixture(scope="module")
def counter(counter_file: FileOriginal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The counter of a company that no other module sees."""
    file: Path = tmp_path_factory.mktemp("counter") / "aftercare.db"
    counter_file.copy_to(file)
    with open_counter(f"sqlite:///{file}") as counter:
        yield counter


@pytest.fixture(scope="session")
def centre_file(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The repair centre just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("centre") / "original.db", partial(found_centre, simulated_from=START))


@pytest.fixture(scope="module")
def centre(centre_file: FileOriginal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The repair centre that no other module sees."""
    file: Path = tmp_path_factory.mktemp("centre") / "aftercare.db"
    centre_file.copy_to(file)
    with open_centre(f"sqlite:///{file}") as centre:
        yield centre


@pytest.fixture(scope="module")
def busy(centre: Centre) -> Busy:
    """The second day at that centre."""
    return make_busy(centre)
