"""deciding: what a decision overwrote while it can be undone; what became of messages; many at once; deadlines"""

import sqlalchemy as sa
from alembic import op

revision = "e4c17fa2d803"
down_revision = "c41d7e02b96a"


def upgrade() -> None:
    op.create_table(
        "reversals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("county_code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reversals_account_id_accounts")),
        sa.ForeignKeyConstraint(["act_id"], ["application_acts.id"], name=op.f("fk_reversals_act_id_application_acts")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_reversals_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reversals")),
        sa.UniqueConstraint("act_id", name=op.f("uq_reversals_act_id")),
    )
    with op.batch_alter_table("reversals", schema=None) as batch_op:
        for name in ("account_id", "application_id", "until"):
            batch_op.create_index(batch_op.f(f"ix_reversals_{name}"), [name], unique=False)

    stuck = sa.text("next_at IS NULL AND sent_at IS NULL AND failure <> ''")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("county_code", sa.String(length=12), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_subject"), ["subject"], unique=False)
        batch_op.create_index("ix_messages_stuck", ["county_code"], sqlite_where=stuck, postgresql_where=stuck)

    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_batches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_batches_code")),
        sa.UniqueConstraint("key", name=op.f("uq_batches_key")),
    )

    with_us = sa.text("state = 'submitted' AND escalated_at IS NULL")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("days_left", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_applications_late", ["due_on"], sqlite_where=with_us, postgresql_where=with_us)
