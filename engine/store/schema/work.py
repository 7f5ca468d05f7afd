"""Tables of what goes on between cases, and beside them: errands of a family, plans for many, contents of files."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from engine.store.schema.column import count, key, metadata, optional, place, required

errands = Table(
    "errands",
    metadata,
    # Checked at the end of a transaction: a family may be written in any order.
    Column("target_id", Text, ForeignKey("cases.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("source_id", Text, ForeignKey("cases.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    key("kind"),
    count("seq"),
    optional("step"),
    required("recorded_at"),
    Index(None, "recorded_at"),  # what a crash left, oldest first
)
"""What the decision of one case asks of another: to wake it, or to cancel it by a step. `seq` is that of the decision's last entry."""

files = Table(
    "files",
    metadata,
    key("id"),
    count("size"),
    required("media"),
    Column("content", LargeBinary, nullable=False),
    required("stored_at"),
)
"""Contents of attachments under their SHA-256: the same content lies here once."""

plans = Table(
    "plans",
    metadata,
    key("id"),
    required("made_at"),
    required("made_by"),
    optional("transition"),
    required("data"),
    optional("reason"),
    required("state"),
    optional("person"),
    Index(None, "made_at", "id"),  # pages of lists
)
"""Wishes for many cases at once, as they were planned: a step with its data; without one an assignment, to a person or to nobody."""

plan_lines = Table(
    "plan_lines",
    metadata,
    Column("plan_id", Text, ForeignKey("plans.id"), primary_key=True),
    place("place"),
    required("number"),
    count("revision"),
    required("verdict"),
    required("reasons"),
    required("status"),
    optional("outcome"),
    optional("done_at"),
)
"""One case of a plan: what was foreseen for it at a revision, and what came of it."""
