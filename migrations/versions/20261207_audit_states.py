"""audit: what a row was before an act and after it"""

import sqlalchemy as sa
from alembic import op

revision = "3fa2c6b81d90"
down_revision = "c64e0b7a91d8"


def upgrade() -> None:
    # Not by making the table anew, which would lose the triggers that keep the audit.
    op.add_column("audit_entries", sa.Column("before", sa.String(length=200), nullable=True))
    op.add_column("audit_entries", sa.Column("after", sa.String(length=200), nullable=True))
