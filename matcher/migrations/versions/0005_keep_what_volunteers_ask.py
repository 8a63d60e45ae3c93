"""Keep what volunteers ask about their place for a need.

The answer is made by a worker and read by her alone; a second question takes the place of the first.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counterfactuals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ready_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_counterfactuals_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_counterfactuals_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counterfactuals")),
        sa.UniqueConstraint("need_id", "volunteer_id", name=op.f("uq_counterfactuals_need_id_volunteer_id")),
    )
    op.create_index(op.f("ix_counterfactuals_asked_at"), "counterfactuals", ["asked_at"])
    op.create_index(op.f("ix_counterfactuals_volunteer_id"), "counterfactuals", ["volunteer_id"])


def downgrade() -> None:
    op.drop_table("counterfactuals")
