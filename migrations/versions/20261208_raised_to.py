"""applications: the desk one was raised to, apart from when it ran over"""

import sqlalchemy as sa
from alembic import op

revision = "9b47d0c5e2f1"
down_revision = "3fa2c6b81d90"


def upgrade() -> None:
    op.add_column("applications", sa.Column("raised_to", sa.String(length=40), server_default="", nullable=False))
    op.execute(
        "UPDATE applications SET raised_to = CASE WHEN kind <> 'found' AND EXISTS ("
        "SELECT 1 FROM accounts WHERE accounts.role = 'union_officer' AND accounts.active "
        "AND accounts.password_hash <> '' AND accounts.union_id = applications.union_id"
        ") THEN 'county' ELSE 'prefecture' END WHERE escalated_at IS NOT NULL"
    )
    with op.batch_alter_table("applications") as batch_op:
        batch_op.alter_column("raised_to", server_default=None)
