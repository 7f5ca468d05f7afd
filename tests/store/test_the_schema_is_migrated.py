"""The migrations make exactly the tables that the code uses, the last one has the version that the code knows, and data is kept."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, select
from sqlalchemy.pool import NullPool

import engine.store
from engine.store.database import Database
from engine.store.schema import VERSION, metadata
from engine.store.verification import verify
from tests.store.conftest import CREATED, opened
from tests.store.story import advance, commented, moved, open_case, read

MIGRATIONS = Path(engine.store.__file__).parent / "migrations"


def test_the_newest_migration_is_the_known_version() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [VERSION]


def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    with database.read() as reader, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")
        assert compare_metadata(MigrationContext.configure(reader.connection), metadata) == []


def test_migrated_indexes_are_as_partial_as_those_of_the_code(database: Database) -> None:
    known = [index for table in metadata.tables.values() for index in table.indexes]
    wanted = {index.name for index in known if index.dialect_options["sqlite"]["where"] is not None}
    with database.read() as reader, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")
        reflected = inspect(reader.connection)
        partial = {
            index["name"]
            for table in metadata.tables
            for index in reflected.get_indexes(table)
            if f"{database.dialect}_where" in index.get("dialect_options", {})
        }
    assert partial == wanted
    assert len(wanted) == 18


@pytest.fixture(params=["sqlite-0001", "sqlite-0002", "postgresql-0001", "postgresql-0002"])
def older_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite: Database) -> str:
    """The URL of a database of an older schema with two cases: a copy of the rows that the program writes without what came later."""
    dialect, _, version = request.param.partition("-")
    open_case(sqlite, "R-1")
    advance(sqlite, "R-1", moved("diagnosed", {"mobile": "12800000002"}), commented("客户催促"))
    open_case(sqlite, "R-2")
    url: str = request.getfixturevalue("postgresql_url") if dialect == "postgresql" else f"sqlite:///{tmp_path}/older.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with create_engine(url, poolclass=NullPool).begin() as connection, sqlite.read() as reader:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        present = inspect(connection)
        for table in metadata.sorted_tables:
            if present.has_table(table.name):
                columns = [table.c[each["name"]] for each in present.get_columns(table.name)]
                rows = [dict(row._mapping) for row in reader.connection.execute(select(*columns))]
                if rows:
                    connection.execute(insert(table), rows)
    return url


def test_a_database_of_an_older_schema_keeps_its_cases(older_url: str, sqlite: Database) -> None:
    Database.create(older_url, simulated=False, now=CREATED).close()
    with opened(older_url) as upgraded:
        assert upgraded.purpose == sqlite.purpose
        assert read(upgraded, "R-1") == read(sqlite, "R-1")
        advance(upgraded, "R-2", moved("diagnosed"))
        told = [(each.case, each.entries, each.findings) for each in verify(upgraded, lambda _: ())]
    assert told == [("R-1", 3, ()), ("R-2", 2, ())]
