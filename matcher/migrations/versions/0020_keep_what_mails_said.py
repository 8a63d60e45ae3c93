"""Keep the words of a mail that left, without its links, as long as its row: whoever it was written to may read it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("sent_text", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "sent_text")
