"""rate limits"""

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "c41d7e02b96a"
down_revision = "7d20c5e81fa3"


def upgrade() -> None:
    op.create_table(
        "limit_counts",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("until_at", tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_counts")),
    )
    with op.batch_alter_table("limit_counts") as batch:
        batch.create_index(batch.f("ix_limit_counts_until_at"), ["until_at"], unique=False)
