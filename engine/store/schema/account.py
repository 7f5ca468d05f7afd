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
    optional("known"),
    partial("ended_at IS NULL OR known IS NOT NULL", "person"),  # to end all of somebody's
    partial("known IS NOT NULL", "known"),  # to know a browser again
    Index(None, "ends_at"),  # to forget what is over
)
"""Who is signed in: the SHA-256 of what the browser keeps, until when at the latest, and by which browser.

`known`: the SHA-256 of what the browser keeps beyond that, to be known again when this person signs in there; null once it shall not be.
"""

failures = Table("failures", metadata, key("subject"), count("tries"), required("last_at"), Index(None, "last_at"))
"""Tries to sign in that failed, each subject as a keyed hash: a name, whether there is such a person or not, an address, a browser."""
