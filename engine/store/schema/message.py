"""Tables of messages: what is to be told, to whom it went, where else it is posted, and what a person must look at."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Table, Text, UniqueConstraint

from engine.store.schema.column import count, key, metadata, optional, optional_count, partial, place, required

outbox = Table(
    "outbox",
    metadata,
    key("case_id"),
    place("seq"),
    place("place"),
    required("status"),
    required("recorded_at"),
    required("not_before"),
    required("tell"),
    required("template"),
    required("state"),
    required("words"),
    optional("clock"),
    optional_count("cycle"),
    optional("rung"),
    optional_count("repetition"),
    optional("rung_at"),
    optional("due_at"),
    optional("note"),
    optional("emitted"),
    ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),
    partial("status = 'waiting'", "not_before"),  # what is to be told, oldest first
    Index(None, "recorded_at"),  # pages of lists
)
"""Intents to tell somebody: the `place`-th of the decision whose last entry has that seq.

With `emitted` it is an event for programs: its name, the values that go with it, and the fields whose values are read when it is sent.
"""

deliveries = Table(
    "deliveries",
    metadata,
    key("id"),
    required("case_id"),
    count("seq"),
    count("place"),
    required("recipient"),
    required("kind"),
    required("channel"),
    optional("subject"),
    optional("body"),
    required("status"),
    count("attempts"),
    optional("next_at"),
    optional("leased_until"),
    optional("lease"),
    optional("note"),
    required("created_at"),
    optional("delivered_at"),
    optional("read_at"),
    optional("digest"),
    ForeignKeyConstraint(["case_id", "seq", "place"], ["outbox.case_id", "outbox.seq", "outbox.place"]),
    UniqueConstraint("case_id", "seq", "place", "recipient", "channel"),
    partial("status = 'waiting'", "channel", "next_at", "id"),  # the next attempts of a channel, in their order
    partial("status = 'waiting'", "recipient", "channel"),  # what goes out to one person together
    partial("status = 'failed'", "created_at"),  # what was given up
    Index(None, "recipient", "channel", "created_at"),  # an inbox
)
"""One message to one recipient over one channel. The text of one to the outside is never kept: it may be personal.

Those with the same `digest` go out as one, at every attempt.
"""

endpoints = Table(
    "endpoints",
    metadata,
    key("name"),
    required("kind"),
    required("url"),
    optional("secret"),
    optional("former_secret"),
    optional("renewed_at"),
    optional("role"),
    Column("unit", Text, ForeignKey("units.id")),
    required("made_at"),
    required("made_by"),
    optional("disabled_at"),
    optional("why"),
    optional("held_until"),
    optional("events"),
)
"""Where messages and events are posted: whatever tells the role in a case of the unit, or below it, and the events of these names."""

attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.id"), primary_key=True),
    place("number"),
    required("at"),
    count("took"),
    optional_count("answer"),
    required("result"),
    optional("note"),
    Index(None, "at"),  # what is to be forgotten
)
"""Each attempt of a delivery to an endpoint: how many milliseconds it took, the status of the answer if there was one, what came of it."""

incidents = Table(
    "incidents",
    metadata,
    key("id"),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=True),
    required("kind"),
    required("subject"),
    required("sentence_zh"),
    required("sentence_en"),
    required("state"),
    count("count"),
    required("opened_at"),
    required("last_at"),
    optional("settled_at"),
    optional("settled_by"),
    optional("note"),
    optional("seen_at"),
    optional("seen_by"),
    partial("state = 'open'", "kind"),  # what is to be looked at
    Index(None, "last_at", "id"),  # pages of lists
)
"""What a person must look at: one row for each case, kind and subject, however often it happens."""
