"""The migrations make exactly the tables that the code uses, and the last one has the version that the code knows."""

from __future__ import annotations

import warnings
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import engine.store
from engine.store.database import Database
from engine.store.schema import VERSION, metadata


def test_the_newest_migration_is_the_known_version() -> None:
    scripts = ScriptDirectory(str(Path(engine.store.__file__).parent / "migrations"))
    assert scripts.get_heads() == [VERSION]


def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    with database.read() as reader, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")
        assert compare_metadata(MigrationContext.configure(reader.connection), metadata) == []
