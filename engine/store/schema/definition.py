"""Tables of definitions, official holidays and numbers, and what the database is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from engine.store.schema.column import count, key, metadata, place, required

meta = Table("meta", metadata, key("key"), required("value"))
"""What this database is (`store.purpose`), and the version of its staff (`store.people`)."""

STAFF_VERSION = "staff_version"
"""The key of `meta` that changes with every change of units and people, and of what they hold, lend and miss."""

definitions = Table(
    "definitions",
    metadata,
    key("digest"),
    required("workflow"),
    count("version"),
    required("title_zh"),
    required("title_en"),
    required("text"),
    required("form"),
    required("published_at"),
    required("published_by"),
    UniqueConstraint("workflow", "version"),
)

official_years = Table(
    "official_years",
    metadata,
    key("country"),
    place("year"),
    count("edition"),
    required("off"),
    required("work"),
    required("loaded_at"),
    required("loaded_by"),
    Index(None, "edition"),  # the newest
)
"""Public holidays and make-up working days as they were loaded; a year never changes. All loaded at once are one edition."""

counters = Table("counters", metadata, key("remainder"), Column("value", BigInteger, nullable=False))
"""The running numbers, one for each number text without its sequence."""

requests = Table("requests", metadata, key("scope"), key("key"), required("hash"), required("outcome"), required("at"))
"""Idempotency keys and the outcomes they were answered with."""
