"""All tables, their keys and their few indexes. Only portable types: instants and JSON are text (`core.codec`).

Text instants have a fixed width, so they sort as time and have the same bytes on every dialect and in the hash chain.
What each index is for stands beside it; every further one costs every move.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text, UniqueConstraint, func

VERSION = "0001"
"""The newest migration; the version of the tables below. Zero-padded, so that versions compare as text."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _required(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _optional(name: str) -> Column[str | None]:
    return Column(name, Text, nullable=True)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


meta = Table("meta", metadata, _key("key"), _required("value"))
"""What this database is (`store.purpose`), and the version of its staff (`store.people`)."""
STAFF_VERSION = "staff_version"
"""The key of `meta` that changes with every change of units, people and assignments."""

definitions = Table(
    "definitions",
    metadata,
    _key("digest"),
    _required("workflow"),
    _count("version"),
    _required("title_zh"),
    _required("title_en"),
    _required("text"),
    _required("form"),
    _required("published_at"),
    _required("published_by"),
    UniqueConstraint("workflow", "version"),
)

cases = Table(
    "cases",
    metadata,
    _key("id"),
    _required("number"),
    _required("workflow"),
    _count("version"),
    Column("digest", Text, ForeignKey("definitions.digest"), nullable=False),
    _optional("unit"),
    _required("state"),
    _optional("phase"),
    _optional("outcome"),
    _optional("assignee"),
    _optional("subject"),
    _optional("reference"),
    _required("opened_at"),
    _required("entered_at"),
    _optional("ended_at"),
    _required("last_at"),
    _count("visit"),
    _count("seq"),
    _count("revision"),
    _required("head"),
    _required("document"),
    UniqueConstraint("number"),
    Index(None, "workflow", "state"),  # the board
    Index(None, "opened_at", "number"),  # pages of lists
    Index(None, "assignee"),  # my cases
    Index(None, "subject"),  # earlier cases of the same device or vehicle
)

history = Table(
    "history",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _required("at"),
    _required("kind"),
    _required("door"),
    _required("principal"),
    _required("actor"),
    _optional("on_behalf_of"),
    _optional("reason"),
    _optional("cause"),
    _required("digest"),
    _required("body"),
    _required("hash"),
)

COMMENT = "#text"
"""The name under which the text of a remark lies among the personal values; no field can have it."""
FOUND_BY = 64
"""How many characters of a personal value are indexed: PostgreSQL refuses to index a long text."""

personal = Table(
    "personal",
    metadata,
    _key("case_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _key("field"),
    _required("salt"),
    _optional("value"),
    ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),
)
Index("ix_personal_value", func.substr(personal.c.value, 1, FOUND_BY))  # find by phone number or name
"""Values as JSON text; NULL after erasure. The row with the greatest seq of a field is its present value."""

claims = Table(
    "claims",
    metadata,
    _key("workflow"),
    _key("field"),
    _key("value_hash"),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
)
"""Values of `unique` fields, as keyed hashes because they may be personal. One row: one holder."""

counters = Table("counters", metadata, _key("remainder"), Column("value", BigInteger, nullable=False))
"""The running numbers, one for each number text without its sequence."""

requests = Table("requests", metadata, _key("scope"), _key("key"), _required("hash"), _required("outcome"), _required("at"))
"""Idempotency keys and the outcomes they were answered with."""

units = Table("units", metadata, _key("id"), _required("title_zh"), _required("title_en"), Column("parent", Text, ForeignKey("units.id")))

people = Table("people", metadata, _key("id"), _required("name"), _optional("disabled_at"))

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    _required("role"),
    Column("unit", Text, ForeignKey("units.id")),
    _required("since"),
    _optional("until"),
    _required("recorded_at"),
    _required("recorded_by"),
    Index(None, "person"),
    Index(None, "role"),
)
"""Who holds which role, from `since` (inclusive) until `until` (exclusive), in a unit or everywhere."""
