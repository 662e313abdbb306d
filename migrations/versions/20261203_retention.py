"""retention: what was dropped and when, the runs that did it, and applicants who ask for it"""

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "7d20c5e81fa3"
down_revision = "c4f70e19a2d8"


def upgrade() -> None:
    op.add_column("applications", sa.Column("dropped_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("dropped_on", sa.Date(), nullable=True))
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begun_at", tables.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", tables.Instant(timezone=True), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("automatic_on", sa.Date(), nullable=True),
        sa.Column("periods", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        sa.UniqueConstraint("automatic_on", name=op.f("uq_retention_runs_automatic_on")),
    )
    with op.batch_alter_table("request_details", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_request_details_about_id"), ["about_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_request_details_about_id_join_details"), "join_details", ["about_id"], ["application_id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_request_details_who"), "(person_id IS NULL) <> (about_id IS NULL)"
        )
