"""Keep when a volunteer was told why nobody asks her, and tell those whose need is open already how it stands.

A table of its own: few volunteers are ever told, and nothing else reads it. The needs that are open now get the clock
that the next ones start when they open: three weeks after their last opening, on a day on which their branch works,
and where that is over on the next one.
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from matcher import database
from matcher.working_days import WorkingCalendar

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = database.UtcDateTime(timezone=True)
THREE_WEEKS = timedelta(days=21)
NEEDS = sa.table("needs", sa.column("id"), sa.column("status"), sa.column("opened_at", MOMENT), sa.column("branch_id"))
BRANCHES = sa.table("branches", sa.column("id"), sa.column("timezone"), sa.column("closures", database.DateRanges()))
EVENTS = sa.table("need_events", sa.column("need_id"), sa.column("target"), sa.column("at", MOMENT))
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
    _start_clocks(op.get_bind())


def _start_clocks(connection: Connection) -> None:
    now = connection.execute(sa.select(sa.func.now(type_=MOMENT))).scalar_one()
    events = sa.select(sa.func.max(EVENTS.c.at, type_=MOMENT)).where(
        EVENTS.c.need_id == NEEDS.c.id, EVENTS.c.target == "open"
    )
    opened = sa.func.coalesce(events.scalar_subquery(), NEEDS.c.opened_at, type_=MOMENT).label("opened")
    found = sa.select(NEEDS.c.id, opened, BRANCHES.c.timezone, BRANCHES.c.closures).join_from(
        NEEDS, BRANCHES, BRANCHES.c.id == NEEDS.c.branch_id
    )
    rows = [
        {"need_id": row.id, "clock": "nobody_yet", "due_at": _due_at(row, now)}
        for row in connection.execute(found.where(NEEDS.c.status == "open", NEEDS.c.opened_at.is_not(None)))
    ]
    if rows:
        op.bulk_insert(DEADLINES, rows)


def _due_at(row: sa.Row[int, datetime, str, tuple[tuple[date, date], ...]], now: datetime) -> datetime:
    calendar = WorkingCalendar(row.timezone, row.closures)
    due_at = calendar.defer(row.opened + THREE_WEEKS)
    return due_at if due_at > now else calendar.add_working_days(now, 1)


def downgrade() -> None:
    op.execute("DELETE FROM deadlines WHERE clock = 'nobody_yet'")
    op.drop_table("silences_told")
