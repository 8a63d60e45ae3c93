"""Keep weights that were learnt from decisions, and the reason with each decision.

The reason stood only in the pairing's history, where a later step covers it: a decision that is to be replayed says
itself why it was taken. Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REASONS = (
    "skills", "availability", "distance", "language", "too_often_asked", "other_person_chosen", "no_time", "not_now",
    "not_my_field", "need_changed", "changed_circumstances", "no_agreement", "no_news", "never_again", "other",
)  # fmt: skip


def upgrade() -> None:
    reason = sa.Enum(*REASONS, name="pairingreason", native_enum=False, length=40)
    op.add_column("decisions", sa.Column("reason", reason, nullable=True))
    op.execute(
        "UPDATE decisions SET reason = (SELECT MIN(e.reason) FROM pairing_events e"
        " WHERE e.pairing_id = decisions.pairing_id AND e.step = decisions.step AND e.at = decisions.at)"
    )
    op.create_table(
        "ranking_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("made_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("adopted_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("adopted_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_live", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["accounts.id"], name=op.f("fk_ranking_weights_adopted_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_weights")),
        sa.UniqueConstraint("is_live", name=op.f("uq_ranking_weights_is_live")),
    )


def downgrade() -> None:
    op.drop_table("ranking_weights")
    op.drop_column("decisions", "reason")
