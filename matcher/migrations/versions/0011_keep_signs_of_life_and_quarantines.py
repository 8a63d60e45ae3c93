"""Keep the last sign of life of the dispatcher, quarantines after a restore, and which request caused a row.

Logs lead from a request to the mails that it caused; health is progress; restored data sends nothing by itself.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("cause", sa.String(length=40), nullable=True))
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "quarantines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("data_of", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("lifted_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"],
            ["accounts.id"],
            name=op.f("fk_quarantines_lifted_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantines")),
    )
    op.create_index("ix_quarantines_lifted_at", "quarantines", ["lifted_at"])


def downgrade() -> None:
    op.drop_index("ix_quarantines_lifted_at", table_name="quarantines")
    op.drop_table("quarantines")
    op.drop_table("heartbeats")
    op.drop_column("outbox", "cause")
