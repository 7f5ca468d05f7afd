"""Absences and delegations, errands between the cases of a family, incidents, files, turns, plans, endpoints and digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_absences()
    _create_delegations()
    _create_errands()
    _create_incidents()
    _create_files_and_turns()
    _create_plans()
    _create_endpoints()
    op.add_column("deliveries", sa.Column("digest", sa.Text()))
    _create_partial_index("deliveries", ["recipient", "channel"], "status = 'waiting'")


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_absences_person"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )


def _create_delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegator", sa.Text(), nullable=False),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delegator"], ["people.id"], name="fk_delegations_delegator"),
        sa.ForeignKeyConstraint(["delegate"], ["people.id"], name="fk_delegations_delegate"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
    )


def _create_errands() -> None:
    def to_case(column: str) -> sa.ForeignKeyConstraint:
        return sa.ForeignKeyConstraint([column], ["cases.id"], name=f"fk_errands_{column}", deferrable=True, initially="DEFERRED")

    op.create_table(
        "errands",
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text()),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        to_case("target_id"),
        to_case("source_id"),
        sa.PrimaryKeyConstraint("target_id", "source_id", "kind", name="pk_errands"),
    )
    op.create_index("ix_errands_recorded_at", "errands", ["recorded_at"])


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sentence_zh", sa.Text(), nullable=False),
        sa.Column("sentence_en", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text()),
        sa.Column("settled_by", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_incidents_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    _create_partial_index("incidents", ["kind"], "state = 'open'")
    op.create_index("ix_incidents_last_at_id", "incidents", ["last_at", "id"])


def _create_files_and_turns() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_table(
        "turns",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role", "person", name="pk_turns"),
    )


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("transition", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_made_at_id", "plans", ["made_at", "id"])
    op.create_table(
        "plan_lines",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("done_at", sa.Text()),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_lines_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", "place", name="pk_plan_lines"),
    )


def _create_endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("former_secret", sa.Text()),
        sa.Column("renewed_at", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("held_until", sa.Text()),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name="fk_endpoints_unit"),
        sa.PrimaryKeyConstraint("name", name="pk_endpoints"),
    )


def _create_partial_index(table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, sqlite_where=where, postgresql_where=where)
