"""Keep who cannot be written to, and what came to our return paths.

Only keyed hashes of addresses: what stops a mail outlives the erasure of the person whom it protects.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

OUTCOMES = ("hard", "soft", "complaint", "ignored", "forged", "unreadable")


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("hard", "complaint", "soft", name="suppressionreason", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("since", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_suppressions_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("address_hash", "reason", name=op.f("uq_suppressions_address_hash_reason")),
    )
    op.create_index(op.f("ix_suppressions_account_id"), "suppressions", ["account_id"])
    op.create_table(
        "mail_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="reportoutcome", native_enum=False, length=40), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reports")),
        sa.UniqueConstraint("digest", name=op.f("uq_mail_reports_digest")),
    )
    op.create_index(op.f("ix_mail_reports_at"), "mail_reports", ["at"])
    op.create_index("ix_mail_reports_address_hash_at", "mail_reports", ["address_hash", "at"])


def downgrade() -> None:
    op.drop_table("mail_reports")
    op.drop_table("suppressions")
