"""founding stages"""

import sqlalchemy as sa
from alembic import op

revision = "9c41f7d02b5e"
down_revision = "b7d25c1f40aa"


def upgrade() -> None:
    op.create_table(
        "founding_ballots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.Column("votes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_founding_ballots_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding_ballots")),
        sa.UniqueConstraint(
            "application_id",
            "round",
            "body",
            "number",
            name=op.f("uq_founding_ballots_application_id_round_body_number"),
        ),
    )
    op.create_table(
        "founding_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("proposed_office", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_founding_candidates_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_founding_candidates_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding_candidates")),
    )
    with op.batch_alter_table("founding_candidates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_founding_candidates_application_id_round"), ["application_id", "round"], unique=False
        )

    op.create_table(
        "founding_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("notice_from", sa.Date(), nullable=False),
        sa.Column("delegates", sa.Boolean(), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("audit_seats", sa.Integer(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("rules_adopted", sa.Boolean(), nullable=False),
        sa.Column("counters", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("fewer_seats", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_founding_meetings_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding_meetings")),
        sa.UniqueConstraint("application_id", "round", name=op.f("uq_founding_meetings_application_id_round")),
    )
    op.create_table(
        "group_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("cv", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_group_members_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_members_application_id"), ["application_id"], unique=False)

    op.create_table(
        "union_officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_union_officers_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_union_officers_person_id_people")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_officers_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_officers")),
    )
    with op.batch_alter_table("union_officers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_union_officers_union_id"), ["union_id"], unique=False)

    op.create_table(
        "union_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("elected_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_union_terms_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_terms_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_terms")),
        sa.UniqueConstraint("union_id", "ordinal", name=op.f("uq_union_terms_union_id_ordinal")),
    )
    with op.batch_alter_table("union_terms", schema=None) as batch_op:
        batch_op.create_index(
            "uq_union_terms_current",
            ["union_id"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )

    # Rows that are there get empty values; from then on the code gives every one.
    with op.batch_alter_table("founding_details", schema=None) as batch_op:
        batch_op.add_column(sa.Column("business", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("wish", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("checklist", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("founding_details", schema=None) as batch_op:
        for name in ("business", "wish", "checklist"):
            batch_op.alter_column(name, server_default=None)

    # What was sent again after a return is another sending; the stages know no word of its own for it.
    op.execute(
        "UPDATE application_acts SET step = 'submitted' WHERE step = 'corrected'"
        " AND application_id IN (SELECT application_id FROM founding_details)"
    )
