"""Keep who was erased, as hashes, so that no restore brings anybody back; a quarantine waits for that.

Quarantines from before wait for nothing. Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(32), nullable=False),
        sa.Column("address_hash", sa.String(32), nullable=False),
        sa.Column("erased_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("account_hash", name=op.f("uq_erasures_account_hash")),
    )
    op.add_column("quarantines", sa.Column("awaits_ledger", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_column("quarantines", "awaits_ledger")
