"""Clocks: their timers, the ledger of what they fired, the outbox with its deliveries, and official holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("people", sa.Column("email", sa.Text()))
    _create_timers()
    _create_firings()
    _create_outbox()
    _create_deliveries()
    _create_official_years()


def _create_timers() -> None:
    op.create_table(
        "timers",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text()),
        sa.Column("fires_at", sa.Text()),
        sa.Column("rung", sa.Text()),
        sa.Column("repetition", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_timers_case_id"),
        sa.PrimaryKeyConstraint("case_id", "clock", name="pk_timers"),
        sqlite_with_rowid=False,
    )
    _create_partial_index("timers", ["fires_at", "case_id"], "fires_at IS NOT NULL")
    _create_partial_index("timers", ["due_at", "case_id"], "due_at IS NOT NULL")
    _create_partial_index("timers", ["edition", "case_id"], "provisional = 1")


def _create_firings() -> None:
    op.create_table(
        "firings",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("repetition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("fired_at", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("into_rung", sa.Text()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_firings_case_id"),
        sa.PrimaryKeyConstraint("case_id", "clock", "cycle", "rung", "repetition", name="pk_firings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_firings_fired_at_case_id", "firings", ["fired_at", "case_id"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=False),
        sa.Column("tell", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text()),
        sa.Column("cycle", sa.Integer()),
        sa.Column("rung", sa.Text()),
        sa.Column("repetition", sa.Integer()),
        sa.Column("rung_at", sa.Text()),
        sa.Column("due_at", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"], name="fk_outbox_case_id_seq"),
        sa.PrimaryKeyConstraint("case_id", "seq", "place", name="pk_outbox"),
    )
    _create_partial_index("outbox", ["not_before"], "status = 'waiting'")
    op.create_index("ix_outbox_recorded_at", "outbox", ["recorded_at"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Text()),
        sa.Column("leased_until", sa.Text()),
        sa.Column("lease", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.Text()),
        sa.Column("read_at", sa.Text()),
        sa.ForeignKeyConstraint(
            ["case_id", "seq", "place"], ["outbox.case_id", "outbox.seq", "outbox.place"], name="fk_deliveries_case_id_seq_place"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("case_id", "seq", "place", "recipient", "channel", name="uq_deliveries_case_id_seq_place_recipient_channel"),
    )
    _create_partial_index("deliveries", ["channel", "next_at"], "status = 'waiting'")
    _create_partial_index("deliveries", ["created_at"], "status = 'failed'")
    op.create_index("ix_deliveries_recipient_channel_created_at", "deliveries", ["recipient", "channel", "created_at"])


def _create_official_years() -> None:
    op.create_table(
        "official_years",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("off", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("country", "year", name="pk_official_years"),
    )
    op.create_index("ix_official_years_edition", "official_years", ["edition"])


def _create_partial_index(table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, sqlite_where=where, postgresql_where=where)
