"""Keep since when an account is suspended: suspension and erasure both shut an account, and only one is undone.

Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("suspended_at", database.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "suspended_at")
