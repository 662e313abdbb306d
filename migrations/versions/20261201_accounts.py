"""accounts: roles, second factor, invitations, sign-ins, delegations"""

import secrets

import sqlalchemy as sa
from alembic import op

from enrollment.storage import tables

revision = "8c20d4e6f1a3"
down_revision = "5b1e90ac74d2"


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("role", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("union_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("employer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", tables.Sealed(), nullable=True))
        batch_op.add_column(sa.Column("totp_last", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_column("stamp")

    accounts = sa.table("accounts", sa.column("id"), sa.column("code"), sa.column("role"), sa.column("territory_code"))
    for number, territory in op.get_bind().execute(sa.select(accounts.c.id, accounts.c.territory_code)).all():
        role = "prefecture_cadre" if territory == "652300" else "county_cadre"
        code = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))
        op.execute(accounts.update().where(accounts.c.id == number).values(code=code, role=role))

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.alter_column("code", nullable=False)
        batch_op.alter_column("role", nullable=False)
        batch_op.alter_column("totp_last", server_default=None)
        batch_op.create_unique_constraint(op.f("uq_accounts_code"), ["code"])
        batch_op.create_index(batch_op.f("ix_accounts_union_id"), ["union_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_employer_id"), ["employer_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_accounts_union_id_unions"), "unions", ["union_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_accounts_employer_id_employers"), "employers", ["employer_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_accounts_officer_of_a_union"), "(role = 'union_officer') = (union_id IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_accounts_contact_of_an_employer"), "(role = 'employer_contact') = (employer_id IS NOT NULL)"
        )

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holder_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_applications_holder_id"), ["holder_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_applications_holder_id_accounts"), "accounts", ["holder_id"], ["id"])

    # A request lies with the union that holds the membership.
    op.execute(
        "UPDATE applications SET union_id = (SELECT m.union_id FROM request_details r JOIN memberships m"
        " ON m.person_id = r.person_id AND m.until_on IS NULL WHERE r.application_id = applications.id)"
        " WHERE union_id IS NULL AND kind NOT IN ('join', 'found') AND state IN ('submitted', 'returned')"
    )

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_match", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("until", tables.Instant(), nullable=False),
        sa.Column("ended_at", tables.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id_accounts")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_invitations_made_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_match", name=op.f("uq_invitations_token_match")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_match", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", tables.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("login_match", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("known_as", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("token_match", sa.LargeBinary(length=32), nullable=True),
        sa.Column("seen_at", tables.Instant(), nullable=False),
        sa.Column("ended_at", tables.Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_match", name=op.f("uq_sign_ins_token_match")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ins_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ins_login_match_at"), ["login_match", "at"], unique=False)

    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("ended_at", tables.Instant(), nullable=True),
        sa.CheckConstraint("absent_id <> deputy_id", name=op.f("ck_delegations_somebody_else")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_delegations_dates")),
        sa.ForeignKeyConstraint(["absent_id"], ["accounts.id"], name=op.f("fk_delegations_absent_id_accounts")),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name=op.f("fk_delegations_deputy_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sa.UniqueConstraint("code", name=op.f("uq_delegations_code")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_absent_id"), ["absent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegations_deputy_id"), ["deputy_id"], unique=False)
