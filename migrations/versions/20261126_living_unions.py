"""living unions: what coverage and unions begin and end with, and no two unions for one unit"""

import sqlalchemy as sa
from alembic import op

revision = "3b8d52c6e9a1"
down_revision = "f156a4806395"

_OVERLAPS = """
EXISTS (SELECT 1 FROM coverages AS other WHERE other.employer_id = NEW.employer_id AND other.id IS NOT NEW.id
AND (other.until_on IS NULL OR other.until_on > NEW.from_on) AND (NEW.until_on IS NULL OR NEW.until_on > other.from_on))
BEGIN SELECT RAISE(ABORT, 'the unit is covered on some of these days'); END
"""


def upgrade() -> None:
    with op.batch_alter_table("employers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))

    with op.batch_alter_table("unions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dissolved_cause", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("dissolved_document", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_unions_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_unions_merged_into_id_unions"), "unions", ["merged_into_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_unions_approved"), "approval_number <> ''")
        batch_op.create_check_constraint(
            batch_op.f("ck_unions_ended_for_a_cause"),
            "dissolved_on IS NOT NULL OR (dissolved_cause IS NULL AND merged_into_id IS NULL)",
        )
        batch_op.create_check_constraint(batch_op.f("ck_unions_merged_into_another"), "merged_into_id <> id")

    with op.batch_alter_table("coverages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_document", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ended_cause", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("ended_document", sa.String(length=120), nullable=False, server_default=""))
        batch_op.create_check_constraint(
            batch_op.f("ck_coverages_ended_for_a_cause"), "until_on IS NOT NULL OR ended_cause IS NULL"
        )

    # the defaults were for the rows there were
    for table, names in {"unions": ["dissolved_document"], "coverages": ["begun_document", "ended_document"]}.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE coverages ADD CONSTRAINT ex_coverages_employer_period EXCLUDE USING gist"
            " (int4range(employer_id, employer_id, '[]') WITH &&, daterange(from_on, until_on) WITH &&)"
        )
    else:  # last of all: SQLite forgets them when it makes the table anew
        for name, moment in {"insert": "INSERT", "update": "UPDATE OF employer_id, from_on, until_on"}.items():
            op.execute(f"CREATE TRIGGER coverages_overlap_{name} BEFORE {moment} ON coverages WHEN {_OVERLAPS}")
