"""Keep the date on which somebody was last here, and of the warnings before an account goes.

Who was here before is taken to have been here when her account was last changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("last_active_on", sa.Date(), nullable=True))
    op.add_column("accounts", sa.Column("warned_on", sa.Date(), nullable=True))
    op.add_column("accounts", sa.Column("warnings", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE accounts SET last_active_on = DATE(update_datetime)")


def downgrade() -> None:
    for name in ("last_active_on", "warned_on", "warnings"):
        op.drop_column("accounts", name)
