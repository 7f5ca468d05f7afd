"""Tables of those who sign in at the screen: their passwords, the sessions they have begun, and tries that failed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from engine.store.schema.column import count, key, metadata, optional, partial, required

passwords = Table(
    "passwords",
    metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    required("hash"),
    count("temporary"),
    required("set_at"),
    required("set_by"),
)
"""A person's password as its argon2 hash. Temporary: whoever signs in with it has to choose another before anything else."""

sessions = Table(
    "sessions",
    metadata,
    key("id"),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    required("begun_at"),
    required("used_at"),
    required("ends_at"),
    optional("ended_at"),
    required("device"),
    partial("ended_at IS NULL", "person"),  # to end all of somebody's
    Index(None, "ends_at"),  # to forget what is over
)
"""Who is signed in: the SHA-256 of what the browser keeps, until when at the latest, and by which browser."""

failures = Table("failures", metadata, key("subject"), count("tries"), required("last_at"), Index(None, "last_at"))
"""Tries to sign in that failed, of a name or of an address, each as a keyed hash – of a name whether there is such a person or not."""
