"""Keep who reads a need: everybody, everybody without the association’s name, or whoever is invited.

What stands is read by everybody under its name, as before. The index of the public list stays as it is: few needs are
for invited people only, and they are passed over. Plain ALTER, because a batch would make the table anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    audiences = sa.Enum("named", "unnamed", "invitation", name="needaudience", native_enum=False, length=40)
    op.add_column("needs", sa.Column("audience", audiences, server_default="named", nullable=False))


def downgrade() -> None:
    op.drop_column("needs", "audience")
