"""A database made once in a run and given to every test as it was: making one costs more than all that a test does with it.

A SQLite file is copied. A PostgreSQL database has its rows put back; a test that changes its tables needs one of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, delete, insert, select
from sqlalchemy.pool import NullPool

from engine.store.schema import metadata


class FileOriginal:
    """A SQLite file that `make` has made, given its URL."""

    def __init__(self, file: Path, make: Callable[[str], None]) -> None:
        self._file = file
        make(f"sqlite:///{file}")

    def copy_to(self, file: Path) -> None:
        """Another database with the same content."""
        shutil.copyfile(self._file, file)


class ServerOriginal:
    """A PostgreSQL database that `make` has made, and every row it had then."""

    def __init__(self, url: str, make: Callable[[str], None]) -> None:
        make(url)
        self.url = url
        self._engine = create_engine(url, poolclass=NullPool)
        with self._engine.connect() as connection:
            self._rows: dict[str, list[dict[str, Any]]] = {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in metadata.sorted_tables
            }

    def put_back(self) -> None:
        """Whatever a test has left in it is gone."""
        with self._engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            for table in metadata.sorted_tables:
                if self._rows[table.name]:
                    connection.execute(insert(table).values(self._rows[table.name]))
