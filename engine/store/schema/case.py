"""Tables of cases: each with its history, personal values, timers, ledger and unique values. Every index costs every move."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Table, Text, UniqueConstraint, func

from engine.store.schema.column import count, key, metadata, optional, partial, place, required

cases = Table(
    "cases",
    metadata,
    key("id"),
    required("number"),
    required("workflow"),
    count("version"),
    Column("digest", Text, ForeignKey("definitions.digest"), nullable=False),
    optional("unit"),
    required("state"),
    optional("phase"),
    optional("outcome"),
    optional("assignee"),
    optional("subject"),
    optional("reference"),
    required("opened_at"),
    required("entered_at"),
    optional("ended_at"),
    required("last_at"),
    count("visit"),
    count("seq"),
    count("revision"),
    required("head"),
    required("document"),
    UniqueConstraint("number"),
    Index(None, "workflow", "state", "opened_at", "number"),  # the board, and pages of a state; the others are pages too
    Index(None, "unit", "opened_at", "number"),
    partial("phase IS NOT NULL", "phase", "opened_at", "number"),
    partial("assignee IS NOT NULL", "assignee", "opened_at", "number"),
    partial("outcome IS NULL", "opened_at", "number", name="ix_cases_open"),
    partial("outcome IS NOT NULL", "opened_at", "number", name="ix_cases_ended"),
    partial("outcome IS NULL", "workflow", "state", "unit", "assignee", name="ix_cases_standing"),  # counts of the board, and what waits
    partial("reference IS NOT NULL", "reference"),  # found by what another system calls it
    Index(None, "subject"),  # earlier cases of the same device or vehicle
)

history = Table(
    "history",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    place("seq"),
    required("at"),
    required("kind"),
    required("door"),
    required("principal"),
    required("actor"),
    optional("on_behalf_of"),
    optional("reason"),
    optional("cause"),
    required("digest"),
    required("body"),
    required("hash"),
)

COMMENT = "#text"
"""The name under which the text of a remark lies among the personal values; no field can have it."""

FOUND_BY = 64
"""How many characters of a personal value are indexed: PostgreSQL refuses to index a long text."""

personal = Table(
    "personal",
    metadata,
    key("case_id"),
    place("seq"),
    key("field"),
    required("salt"),
    optional("value"),
    ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),
)

Index("ix_personal_value", func.substr(personal.c.value, 1, FOUND_BY))  # find by phone number or name
"""Values as JSON text; NULL after erasure. The row with the greatest seq of a field is its present value."""

timers = Table(
    "timers",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    key("clock"),
    count("cycle"),
    required("standing"),
    optional("due_at"),
    optional("fires_at"),
    optional("rung"),
    count("repetition"),
    count("provisional"),
    count("edition"),
    partial("fires_at IS NOT NULL", "fires_at", "case_id"),  # the next to ring, oldest first
    partial("due_at IS NOT NULL", "due_at", "case_id"),  # the overdue
    partial("provisional = 1", "edition", "case_id"),  # those that a later edition of holidays may move
    sqlite_with_rowid=False,  # every move writes here: one tree less
)
"""The timer of each clock that runs or pauses: a cache of what the history of the case makes, proved by `store.verification`."""

firings = Table(
    "firings",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    key("clock"),
    place("cycle"),
    key("rung"),
    place("repetition"),
    required("due_at"),
    required("fired_at"),
    required("result"),
    optional("into_rung"),
    required("why"),
    Index(None, "fired_at", "case_id"),  # pages of the ledger
    sqlite_with_rowid=False,
)
"""The ledger: every rung that was reached, once (DESIGN law 10), told or not."""

claims = Table(
    "claims",
    metadata,
    key("workflow"),
    key("field"),
    key("value_hash"),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
)
"""Values of `unique` fields, as keyed hashes because they may be personal. One row: one holder."""
