"""papers of a founding, and document numbers"""

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "3b8d1f60c2e7"
down_revision = "3b8d52c6e9a1"


def upgrade() -> None:
    op.create_table(
        "document_serials",
        sa.Column("node_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("node_code", "year", name=op.f("pk_document_serials")),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_at", tables.Instant(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_papers_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_papers_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("application_id", "round", "kind", name=op.f("uq_papers_application_id_round_kind")),
    )
    given = sa.text("number != ''")
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_application_id"), ["application_id"], unique=False)
        batch_op.create_index(
            "uq_papers_number_given", ["number"], unique=True, sqlite_where=given, postgresql_where=given
        )
    freeze_issued_papers()


def freeze_issued_papers() -> None:
    """What is issued stays as it is. A later migration that makes the table anew on SQLite must make these anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'an issued paper stays as it is' USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER papers_stay BEFORE UPDATE OR DELETE ON papers"
            " FOR EACH ROW WHEN (OLD.issued_on IS NOT NULL) EXECUTE FUNCTION papers_stay()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER papers_stay_{act.lower()} BEFORE {act} ON papers WHEN OLD.issued_on IS NOT NULL"
            " BEGIN SELECT RAISE(ABORT, 'an issued paper stays as it is'); END"
        )
