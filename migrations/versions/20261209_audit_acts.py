"""audit acts: lines chosen by what was done"""

from alembic import op

revision = "5d09b7e3c2a4"
down_revision = "9b47d0c5e2f1"


def upgrade() -> None:
    op.create_index(op.f("ix_audit_entries_act"), "audit_entries", ["act"], unique=False)
