"""Tables of other programs: the tokens they call with, the sources whose events are taken in, and those events."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text, UniqueConstraint

from engine.store.schema.column import count, key, metadata, optional, partial, required

tokens = Table(
    "tokens",
    metadata,
    key("id"),
    required("hash"),
    Column("holder", Text, ForeignKey("people.id"), nullable=False),
    required("title"),
    optional("roles"),
    optional("units"),
    count("for_people"),
    required("made_at"),
    required("made_by"),
    required("expires_at"),
    optional("revoked_at"),
    optional("used_at"),
)
"""What a program proves itself with: the SHA-256 of the secret, whose it is, and how far it reaches (JSON lists; NULL: everywhere)."""

sources = Table(
    "sources",
    metadata,
    key("name"),
    Column("service", Text, ForeignKey("people.id"), nullable=False),
    required("scheme"),
    required("secret"),
    optional("former_secret"),
    optional("renewed_at"),
    required("made_at"),
    required("made_by"),
    optional("disabled_at"),
)
"""Who may send events, how they are signed (JSON), and as which service their steps are performed."""

inbound = Table(
    "inbound",
    metadata,
    Column("source", Text, ForeignKey("sources.name"), primary_key=True),
    key("event_id"),
    Column("place", BigInteger, nullable=False),
    required("name"),
    optional("payload"),
    required("hash"),
    required("received_at"),
    required("status"),
    optional("code"),
    optional("sentence_zh"),
    optional("sentence_en"),
    optional("number"),
    optional("outcome"),
    optional("note"),
    optional("settled_at"),
    optional("settled_by"),
    UniqueConstraint("place"),
    partial("status = 'quarantined'", "place"),  # what waits for somebody
    partial("payload IS NOT NULL", "settled_at"),  # what is to be forgotten
)
"""Events from outside, each once, with its place in the order of receipt. The payload may be personal: NULL once nobody needs it."""
