"""looking: filters saved under a name, ready sentences of counties, people found by their birth date"""

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "c64e0b7a91d8"
down_revision = "e4c17fa2d803"


def upgrade() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=1500), nullable=False),
        sa.Column("saved_at", tables.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_filters_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_filters_account_id_name")),
    )
    op.create_table(
        "ready_sentences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_code", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("written_at", tables.Instant(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", tables.Instant(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_ready_sentences_account_id_accounts")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["accounts.id"], name=op.f("fk_ready_sentences_ended_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_sentences")),
    )
    with op.batch_alter_table("ready_sentences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ready_sentences_county_code_purpose"), ["county_code", "purpose"], unique=False
        )
        batch_op.create_index(
            "uq_ready_sentences_current",
            ["county_code", "purpose", "position"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_born_on"), ["born_on"], unique=False)
