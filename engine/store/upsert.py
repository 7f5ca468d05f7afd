"""Insertions that meet what is there already: renewed, counted up, or left as it is. Built for either dialect; runs nothing.

Every value is a parameter named as its column, so that the same clause serves as a hot statement and on a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, bindparam, case, literal_column, null

from engine.store.schema import errands, files, incidents, outbox, passwords, turns

Inserting = Callable[[Table], Any]
"""The insertion of one dialect, which knows ON CONFLICT."""


def inserting(dialect: str) -> Inserting:
    """The insertion of `sqlite` or `postgresql`."""
    # A program loads only the dialect it runs on: PostgreSQL's alone takes longer than this whole package.
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert  # noqa: PLC0415

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415

    return postgresql_insert


def put_errand(inserting: Inserting) -> Any:
    """An errand; one that waits already is asked anew."""
    return _renewing(_given(inserting, errands), errands)


def put_turn(inserting: Inserting) -> Any:
    """When a case was last given to a person because of a role; an earlier instant than the one that stands changes nothing."""
    given = _given(inserting, turns)
    keys = list(turns.primary_key.columns)
    return given.on_conflict_do_update(index_elements=keys, set_={"at": given.excluded.at}, where=turns.c.at < given.excluded.at)


def put_incident(inserting: Inserting) -> Any:
    """An incident; the same again counts up, and is open again if it was settled: then nobody has seen it yet."""
    given = _given(inserting, incidents)
    was_open = incidents.c.state == literal_column("'open'")
    again = {
        "sentence_zh": given.excluded.sentence_zh,
        "sentence_en": given.excluded.sentence_en,
        "state": given.excluded.state,
        "count": incidents.c.count + literal_column("1"),
        "opened_at": case((was_open, incidents.c.opened_at), else_=given.excluded.opened_at),
        "last_at": given.excluded.last_at,
        "settled_at": null(),
        "settled_by": null(),
        "note": null(),
        "seen_at": case((was_open, incidents.c.seen_at), else_=null()),
        "seen_by": case((was_open, incidents.c.seen_by), else_=null()),
    }
    return given.on_conflict_do_update(index_elements=[incidents.c.id], set_=again)


def put_intent(inserting: Inserting) -> Any:
    """An intent to tell; what was to be told before is not told twice."""
    return _given(inserting, outbox).on_conflict_do_nothing(index_elements=list(outbox.primary_key.columns))


def put_file(inserting: Inserting) -> Any:
    """A content; the same content again changes nothing."""
    return _given(inserting, files).on_conflict_do_nothing(index_elements=[files.c.id])


def put_password(inserting: Inserting) -> Any:
    """What is kept of a person's password, in the place of whatever was there."""
    return _renewing(_given(inserting, passwords), passwords)


def _given(inserting: Inserting, table: Table) -> Any:
    return inserting(table).values({each: bindparam(each.name, type_=each.type) for each in table.columns})


def _renewing(given: Any, table: Table) -> Any:
    keys = list(table.primary_key.columns)
    renewed = {each.name: given.excluded[each.name] for each in table.columns if not each.primary_key}
    return given.on_conflict_do_update(index_elements=keys, set_=renewed)
