"""places and brands of employers"""

import sqlalchemy as sa
from alembic import op

revision = "b7d25c1f40aa"
down_revision = "3b8d1f60c2e7"


def upgrade() -> None:
    with op.batch_alter_table("employers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brand", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("latitude", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Float(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_employers_latitude"), "latitude BETWEEN -90 AND 90")
        batch_op.create_check_constraint(batch_op.f("ck_employers_longitude"), "longitude BETWEEN -180 AND 180")
        batch_op.create_check_constraint(batch_op.f("ck_employers_place"), "(latitude IS NULL) = (longitude IS NULL)")
