"""Services beside persons, tokens, sources of events and what they sent, events to endpoints, and the attempts of deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default="person"))
    with op.batch_alter_table("people") as people:
        people.alter_column("kind", server_default=None)  # the program always says which
    with op.batch_alter_table("endpoints") as endpoints:
        endpoints.add_column(sa.Column("events", sa.Text()))
        endpoints.alter_column("role", nullable=True)
    op.add_column("outbox", sa.Column("emitted", sa.Text()))
    _create_tokens()
    _create_sources()
    _create_inbound()
    _create_attempts()
    _index_cases()
    _index_deliveries()


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text()),
        sa.Column("units", sa.Text()),
        sa.Column("for_people", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text()),
        sa.Column("used_at", sa.Text()),
        sa.ForeignKeyConstraint(["holder"], ["people.id"], name="fk_tokens_holder"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
    )


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text()),
        sa.Column("renewed_at", sa.Text()),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text()),
        sa.ForeignKeyConstraint(["service"], ["people.id"], name="fk_sources_service"),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )


def _create_inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("sentence_zh", sa.Text()),
        sa.Column("sentence_en", sa.Text()),
        sa.Column("number", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("settled_at", sa.Text()),
        sa.Column("settled_by", sa.Text()),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name="fk_inbound_source"),
        sa.PrimaryKeyConstraint("source", "event_id", name="pk_inbound"),
        sa.UniqueConstraint("place", name="uq_inbound_place"),
    )
    for column, condition in (("place", "status = 'quarantined'"), ("settled_at", "payload IS NOT NULL")):
        where = sa.text(condition)
        op.create_index(f"ix_inbound_{column}", "inbound", [column], sqlite_where=where, postgresql_where=where)


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("took", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer()),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_attempts_delivery_id"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="pk_attempts"),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])


def _index_cases() -> None:
    for name in ("workflow_state", "opened_at_number", "assignee"):
        op.drop_index(f"ix_cases_{name}", "cases")
    page = ["opened_at", "number"]
    op.create_index("ix_cases_workflow_state_opened_at_number", "cases", ["workflow", "state", *page])
    op.create_index("ix_cases_unit_opened_at_number", "cases", ["unit", *page])
    for name, columns, condition in (
        ("phase_opened_at_number", ["phase", *page], "phase IS NOT NULL"),
        ("assignee_opened_at_number", ["assignee", *page], "assignee IS NOT NULL"),
        ("open", page, "outcome IS NULL"),
        ("ended", page, "outcome IS NOT NULL"),
        ("reference", ["reference"], "reference IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(f"ix_cases_{name}", "cases", columns, sqlite_where=where, postgresql_where=where)


def _index_deliveries() -> None:
    """Many deliveries are made at the same instant: the next one is found without sorting them all."""
    where = sa.text("status = 'waiting'")
    op.drop_index("ix_deliveries_channel_next_at", "deliveries")
    op.create_index(
        "ix_deliveries_channel_next_at_id", "deliveries", ["channel", "next_at", "id"], sqlite_where=where, postgresql_where=where
    )
