"""delegates and women's member"""

import sqlalchemy as sa
from alembic import op

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
        batch_op.create_foreign_key(
            op.f("fk_founding_meetings_womens_person_id_people"), "people", ["womens_person_id"], ["id"]
        )

    # Where delegates met, those entitled to vote were the delegates; one still to come is planned anew.
    op.execute("UPDATE founding_meetings SET delegates = COALESCE(entitled, 0) WHERE delegates = 1")
