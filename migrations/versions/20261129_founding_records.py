"""founding records: delegates, women's member, when a list hung out, corrected records, who answered, edited papers"""

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "d3a86f5b1c27"
down_revision = "9c41f7d02b5e"


def upgrade() -> None:
    with op.batch_alter_table("founding_meetings", schema=None) as batch_op:
        batch_op.alter_column(
            "delegates",
            existing_type=sa.Boolean(),
            type_=sa.Integer(),
            existing_nullable=False,
            postgresql_using="delegates::integer",
        )
        batch_op.add_column(sa.Column("womens_person_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("listed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("corrected", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_foreign_key(
            op.f("fk_founding_meetings_womens_person_id_people"), "people", ["womens_person_id"], ["id"]
        )

    # Where delegates met, those entitled to vote were the delegates; one still to come is planned anew.
    op.execute("UPDATE founding_meetings SET delegates = COALESCE(entitled, 0) WHERE delegates = 1")
    op.execute("UPDATE founding_meetings SET listed_on = notice_from")
    with op.batch_alter_table("founding_meetings", schema=None) as batch_op:
        batch_op.alter_column("listed_on", nullable=False)
        batch_op.alter_column("corrected", server_default=None)

    with op.batch_alter_table("founding_units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("willing", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("contact_name", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact_phone", tables.Sealed(), nullable=True))
    with op.batch_alter_table("founding_units", schema=None) as batch_op:
        batch_op.alter_column("contact_name", server_default=None)

    with op.batch_alter_table("founding_candidates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("written_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("founding_candidates", schema=None) as batch_op:
        batch_op.alter_column("written_in", server_default=None)

    # Not by making the table anew, which would lose the triggers that keep issued papers.
    op.add_column("papers", sa.Column("written_about", sa.String(length=64), nullable=True))
