"""Tables of units and people: who holds which role, who is away, who acts for whom, whose turn it was."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from engine.store.schema.column import key, metadata, optional, required

units = Table("units", metadata, key("id"), required("title_zh"), required("title_en"), Column("parent", Text, ForeignKey("units.id")))

people = Table("people", metadata, key("id"), required("name"), optional("disabled_at"), optional("email"), required("kind"))
"""Persons and services (`roles.staff`)."""

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    required("role"),
    Column("unit", Text, ForeignKey("units.id")),
    required("since"),
    optional("until"),
    required("recorded_at"),
    required("recorded_by"),
    Index(None, "person"),
    Index(None, "role"),
)
"""Who holds which role, from `since` (inclusive) until `until` (exclusive), in a unit or everywhere."""

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    required("since"),
    required("until"),
    optional("reason"),
    required("recorded_at"),
    required("recorded_by"),
)
"""Who is away, from `since` (inclusive) until `until` (exclusive)."""

delegations = Table(
    "delegations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delegator", Text, ForeignKey("people.id"), nullable=False),
    Column("delegate", Text, ForeignKey("people.id"), nullable=False),
    optional("role"),
    required("since"),
    required("until"),
    optional("reason"),
    required("recorded_at"),
    required("recorded_by"),
)
"""Who acts for whom, in one role or (role NULL) in everything."""

turns = Table("turns", metadata, key("role"), key("person"), required("at"))
"""When a case was last given to a person because of a role."""
