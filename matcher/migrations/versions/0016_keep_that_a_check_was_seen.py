"""Keep that a need means meeting minors or vulnerable people, and that its association has seen the check it must make.

A date, or a coded reason why none is required: never the document, its result or its number. Plain ALTER.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waivers = sa.Enum("no_contact", "accompanied", "not_by_law", name="checkwaiver", native_enum=False, length=40)
    op.add_column("needs", sa.Column("meets_vulnerable", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("pairings", sa.Column("check_seen_on", sa.Date(), nullable=True))
    op.add_column("pairings", sa.Column("check_waived", waivers, nullable=True))


def downgrade() -> None:
    op.drop_column("pairings", "check_waived")
    op.drop_column("pairings", "check_seen_on")
    op.drop_column("needs", "meets_vulnerable")
