"""audit chain"""

import sqlalchemy as sa
from alembic import op

revision = "5b1e90ac74d2"
down_revision = "d3a86f5b1c27"

_TABLES = ("audit_entries", "audit_links")


def upgrade() -> None:
    op.create_table(
        "audit_links",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_links")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the audit stays as it is' USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
        for table in _TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
            )
        return
    for table in _TABLES:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_stay_{act.lower()} BEFORE {act} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'the audit stays as it is'); END"
            )
