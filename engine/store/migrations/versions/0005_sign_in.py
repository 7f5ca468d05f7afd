"""Passwords, sessions and failed tries of those who sign in at the screen; how many cases stand where; who has seen an incident;
to whom a plan assigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "passwords",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("temporary", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passwords_person"),
        sa.PrimaryKeyConstraint("person", name="pk_passwords"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("known", sa.Text()),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "failures",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_failures"),
    )
    matters, known = sa.text("ended_at IS NULL OR known IS NOT NULL"), sa.text("known IS NOT NULL")
    op.create_index("ix_sessions_person", "sessions", ["person"], sqlite_where=matters, postgresql_where=matters)
    op.create_index("ix_sessions_known", "sessions", ["known"], sqlite_where=known, postgresql_where=known)
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])
    op.create_index("ix_failures_last_at", "failures", ["last_at"])
    for column in ("seen_at", "seen_by"):
        op.add_column("incidents", sa.Column(column, sa.Text()))
    with op.batch_alter_table("plans") as plans:
        plans.alter_column("transition", nullable=True)
        plans.add_column(sa.Column("person", sa.Text()))
    is_open = sa.text("outcome IS NULL")
    standing = ["workflow", "state", "unit", "assignee"]
    op.create_index("ix_cases_standing", "cases", standing, sqlite_where=is_open, postgresql_where=is_open)
