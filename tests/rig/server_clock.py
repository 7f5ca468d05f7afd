"""The clock of a PostgreSQL database, for everyone who asks it: let it run ahead of this machine's, or behind."""

from __future__ import annotations

from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import NullPool


def let_the_server_run(url: str, ahead: str) -> None:
    """From now on its clock is so much fast (`3 days`), or slow (`-5 minutes`), for every connection that is made."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS ahead"))
        otherwise = f"SELECT pg_catalog.clock_timestamp() + interval '{ahead}'"
        connection.execute(text(f"CREATE OR REPLACE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $${otherwise}$$"))
        connection.execute(text(f'ALTER DATABASE "{make_url(url).database}" SET search_path = ahead, pg_catalog, public'))
