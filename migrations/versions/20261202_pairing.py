"""pairing: who guides which employer, contacts; headcounts that are corrected, and who recorded them"""

import sqlalchemy as sa
from alembic import op

import enrollment.storage.tables

revision = "c4f70e19a2d8"
down_revision = "8c20d4e6f1a3"


def upgrade() -> None:
    op.create_table(
        "pairings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("paired_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", enrollment.storage.tables.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("(step = '') = (due_on IS NULL)", name=op.f("ck_pairings_step_has_a_day")),
        sa.CheckConstraint("account_id IS NOT NULL OR step = ''", name=op.f("ck_pairings_step_has_a_guide")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_pairings_employer_id_employers")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_pairings_account_id_accounts")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_pairings_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("employer_id", "ordinal", name=op.f("uq_pairings_employer_id_ordinal")),
    )
    op.create_index(op.f("ix_pairings_account_id"), "pairings", ["account_id"], unique=False)

    op.create_table(
        "pairing_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", enrollment.storage.tables.Instant(timezone=True), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_pairing_contacts_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_pairing_contacts_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_contacts")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_pairing_contacts_submission_key")),
    )
    op.create_index(op.f("ix_pairing_contacts_employer_id"), "pairing_contacts", ["employer_id"], unique=False)
    op.create_index(op.f("ix_visits_employer_id"), "visits", ["employer_id"], unique=False)

    with op.batch_alter_table("headcounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("correction", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("recorded_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", enrollment.storage.tables.Instant(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_headcounts_employer_id_surveyed_on"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_headcounts_employer_id_surveyed_on_correction"),
            ["employer_id", "surveyed_on", "correction"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_headcounts_recorded_by_accounts"), "accounts", ["recorded_by"], ["id"]
        )

    with op.batch_alter_table("headcounts", schema=None) as batch_op:  # the default was for the rows there were
        batch_op.alter_column("correction", server_default=None)
