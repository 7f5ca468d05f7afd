"""One repair centre for each module of tests: an application costs more than all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.repair_centre import found as found_centre
from tests.console.desk import Desk, open_desk
from tests.console.reception import Reception, open_reception
from tests.original import FileOriginal
from tests.runtime.company import found
from tests.web.centre import START


@pytest.fixture(scope="session")
def centre_file(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The repair centre just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("reception") / "original.db", partial(found_centre, simulated_from=START))


@pytest.fixture(scope="module")
def reception(centre_file: FileOriginal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    """The repair centre that no other module sees."""
    file: Path = tmp_path_factory.mktemp("reception") / "aftercare.db"
    centre_file.copy_to(file)
    with open_reception(f"sqlite:///{file}") as reception:
        yield reception


@pytest.fixture(scope="session")
def desk_file(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The company just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("desk") / "original.db", found)


@pytest.fixture(scope="module")
def desk(desk_file: FileOriginal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The company that no other module sees."""
    file: Path = tmp_path_factory.mktemp("desk") / "aftercare.db"
    desk_file.copy_to(file)
    with open_desk(f"sqlite:///{file}") as desk:
        yield desk
