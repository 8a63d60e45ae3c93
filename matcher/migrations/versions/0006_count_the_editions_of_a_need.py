"""Count the editions of a need, and keep which form wrote the last one.

Two people may have one draft open: the later is told, instead of writing over words that she never saw. Plain ALTER,
because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("needs", sa.Column("edition", sa.Integer(), server_default="0", nullable=False))
    op.add_column("needs", sa.Column("written_in", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("needs", "written_in")
    op.drop_column("needs", "edition")
