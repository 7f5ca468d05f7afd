"""All tables, their keys and their few indexes. Only portable types: instants and JSON are text (`core.codec`).

Text instants have a fixed width, so they sort as time and have the same bytes on every dialect and in the hash chain.
What each index is for stands beside it; every further one costs every move.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

VERSION = "0002"
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


def _place(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _optional_count(name: str) -> Column[int | None]:
    return Column(name, Integer, nullable=True)


def _partial(condition: str, *columns: str) -> Index:
    """An index of those rows only, so that the others cost nothing."""
    where = text(condition)
    return Index(None, *columns, sqlite_where=where, postgresql_where=where)


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
    _place("seq"),
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
    _place("seq"),
    _key("field"),
    _required("salt"),
    _optional("value"),
    ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),
)
Index("ix_personal_value", func.substr(personal.c.value, 1, FOUND_BY))  # find by phone number or name
"""Values as JSON text; NULL after erasure. The row with the greatest seq of a field is its present value."""

timers = Table(
    "timers",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    _key("clock"),
    _count("cycle"),
    _required("standing"),
    _optional("due_at"),
    _optional("fires_at"),
    _optional("rung"),
    _count("repetition"),
    _count("provisional"),
    _count("edition"),
    _partial("fires_at IS NOT NULL", "fires_at", "case_id"),  # the next to ring, oldest first
    _partial("due_at IS NOT NULL", "due_at", "case_id"),  # the overdue
    _partial("provisional = 1", "edition", "case_id"),  # those that a later edition of holidays may move
    sqlite_with_rowid=False,  # every move writes here: one tree less
)
"""The timer of each clock that runs or pauses: a cache of what the history of the case makes, proved by `store.verification`."""

firings = Table(
    "firings",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    _key("clock"),
    _place("cycle"),
    _key("rung"),
    _place("repetition"),
    _required("due_at"),
    _required("fired_at"),
    _required("result"),
    _optional("into_rung"),
    _required("why"),
    Index(None, "fired_at", "case_id"),  # pages of the ledger
    sqlite_with_rowid=False,
)
"""The ledger: every rung that was reached, once (DESIGN law 10), told or not."""

outbox = Table(
    "outbox",
    metadata,
    _key("case_id"),
    _place("seq"),
    _place("place"),
    _required("status"),
    _required("recorded_at"),
    _required("not_before"),
    _required("tell"),
    _required("template"),
    _required("state"),
    _required("words"),
    _optional("clock"),
    _optional_count("cycle"),
    _optional("rung"),
    _optional_count("repetition"),
    _optional("rung_at"),
    _optional("due_at"),
    _optional("note"),
    ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),
    _partial("status = 'waiting'", "not_before"),  # what is to be told, oldest first
    Index(None, "recorded_at"),  # pages of lists
)
"""Intents to tell somebody: the `place`-th of the decision whose last entry has that seq."""

deliveries = Table(
    "deliveries",
    metadata,
    _key("id"),
    _required("case_id"),
    _count("seq"),
    _count("place"),
    _required("recipient"),
    _required("kind"),
    _required("channel"),
    _optional("subject"),
    _optional("body"),
    _required("status"),
    _count("attempts"),
    _optional("next_at"),
    _optional("leased_until"),
    _optional("lease"),
    _optional("note"),
    _required("created_at"),
    _optional("delivered_at"),
    _optional("read_at"),
    ForeignKeyConstraint(["case_id", "seq", "place"], ["outbox.case_id", "outbox.seq", "outbox.place"]),
    UniqueConstraint("case_id", "seq", "place", "recipient", "channel"),
    _partial("status = 'waiting'", "channel", "next_at"),  # the next attempts of a channel
    _partial("status = 'failed'", "created_at"),  # what was given up
    Index(None, "recipient", "channel", "created_at"),  # an inbox
)
"""One message to one recipient over one channel. The text of one to the outside is never kept: it may be personal."""

official_years = Table(
    "official_years",
    metadata,
    _key("country"),
    _place("year"),
    _count("edition"),
    _required("off"),
    _required("work"),
    _required("loaded_at"),
    _required("loaded_by"),
    Index(None, "edition"),  # the newest
)
"""Public holidays and make-up working days as they were loaded; a year never changes. All loaded at once are one edition."""

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

people = Table("people", metadata, _key("id"), _required("name"), _optional("disabled_at"), _optional("email"))

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
