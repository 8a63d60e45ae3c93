"""Remember who may join an association: invited by a member, or asking herself.

An invited person may have no account yet, so the row holds her address; memberships hold accounts only.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "pending_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("is_asked_by_herself", sa.Boolean(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["associations.id"],
            name=op.f("fk_pending_memberships_association_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name=op.f("fk_pending_memberships_invited_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_memberships")),
        sa.UniqueConstraint("association_id", "email", name=op.f("uq_pending_memberships_association_id_email")),
    )
    op.create_index(op.f("ix_pending_memberships_email"), "pending_memberships", ["email"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("pending_memberships")
