"""Keep sign-ins as rows that can be ended, and the step of the last code of a second factor: each is good once.

Whoever was signed in before signs in again.
Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


MOMENT = database.UtcDateTime(timezone=True)


def upgrade() -> None:
    end = sa.Enum(
        "signed_out",
        "ended_by_owner",
        "password_changed",
        "second_factor_lost",
        name="signinend",
        native_enum=False,
        length=40,
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("is_remembered", sa.Boolean(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("verified_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end", end, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index("ix_sign_ins_account", "sign_ins", ["account_id", "id"])
    op.create_index(op.f("ix_sign_ins_began_at"), "sign_ins", ["began_at"])
    op.add_column("accounts", sa.Column("tf_last_counter", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_table("sign_ins")
    op.drop_column("accounts", "tf_last_counter")
