"""Keep the step of the last code of a second factor, so that each code is good once.

Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("tf_last_counter", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "tf_last_counter")
