"""Say why a row of the outbox is parked, find what waits of each kind, and keep alerts until they are over.

What is parked is retried by its reason; a backlog of one kind must not hide the others. Written after 0011, which
came first; the number is that of its place in the plan.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0007"
down_revision = "0011"
branch_labels = None
depends_on = None

REASONS = ("mail_refused", "mail_not_taken", "error", "cut_short")
CODES = ("rows_late", "needs_unranked", "needs_full", "clocks_late", "clocks_missing")
WAITS = sa.text("done_at IS NULL AND parked_at IS NULL")
IS_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    reason = sa.Enum(*REASONS, name="parkreason", native_enum=False, length=40)
    op.add_column("outbox", sa.Column("reason", reason, nullable=True))
    parked = "UPDATE outbox SET reason = :reason WHERE parked_at IS NOT NULL AND reason IS NULL AND outcome LIKE :told"
    for code, told in (("mail_refused", "mail refused:%"), ("mail_not_taken", "mail not taken:%"), ("error", "%")):
        op.get_bind().execute(sa.text(parked), {"reason": code, "told": told})
    op.create_index(
        "ix_outbox_waiting", "outbox", ["kind", "not_before", "id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Enum(*CODES, name="alertcode", native_enum=False, length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("opened_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "uq_alerts_open", "alerts", ["code", "subject"], unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )


def downgrade() -> None:
    op.drop_table("alerts")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_column("outbox", "reason")
