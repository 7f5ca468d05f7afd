"""The columns and indexes that tables are made of, and the one collection of all tables. Only portable types.

Instants and JSON are text (`core.codec`). Text instants have a fixed width, so they sort as time and have the same bytes on every
dialect and in the hash chain.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def required(name: str) -> Column[str]:
    """A text that is always there."""
    return Column(name, Text, nullable=False)


def optional(name: str) -> Column[str | None]:
    """A text that may be missing."""
    return Column(name, Text, nullable=True)


def key(name: str) -> Column[str]:
    """A text that is part of the primary key."""
    return Column(name, Text, primary_key=True)


def count(name: str) -> Column[int]:
    """A number that is always there."""
    return Column(name, Integer, nullable=False)


def place(name: str) -> Column[int]:
    """A number that is part of the primary key."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def optional_count(name: str) -> Column[int | None]:
    """A number that may be missing."""
    return Column(name, Integer, nullable=True)


def partial(condition: str, *columns: str, name: str | None = None) -> Index:
    """An index of those rows only, so that the others cost nothing."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
