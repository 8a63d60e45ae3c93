"""Keep when a volunteer was told why nobody asks her, and tell those whose need is open already how it stands.

A table of its own: few volunteers are ever told, and nothing else reads it. The needs that are open now get the clock
that the next ones start when they open.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = database.UtcDateTime(timezone=True)
NEEDS = sa.table("needs", sa.column("id"), sa.column("status"), sa.column("opened_at", MOMENT))
DEADLINES = sa.table("deadlines", sa.column("need_id"), sa.column("clock"), sa.column("due_at", MOMENT))


def upgrade() -> None:
    op.create_table(
        "silences_told",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_silences_told_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_silences_told")),
    )
    opened = sa.select(NEEDS.c.id, NEEDS.c.opened_at).where(NEEDS.c.status == "open", NEEDS.c.opened_at.is_not(None))
    rows = [
        {"need_id": row.id, "clock": "nobody_yet", "due_at": row.opened_at + timedelta(days=21)}
        for row in op.get_bind().execute(opened)
    ]
    if rows:
        op.bulk_insert(DEADLINES, rows)


def downgrade() -> None:
    op.execute("DELETE FROM deadlines WHERE clock = 'nobody_yet'")
    op.drop_table("silences_told")
