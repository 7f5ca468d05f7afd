"""Brings a database to the newest schema, and tells which one it has. Alembic is loaded only to upgrade."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

_FOLDER = Path(__file__).parent / "migrations"


def present_version(connection: Connection) -> str | None:
    """The version of the schema in this database, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the connection's transaction: all of them or none."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
