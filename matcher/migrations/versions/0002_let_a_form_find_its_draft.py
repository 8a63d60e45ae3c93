"""Let a form find the draft that it has made.

A draft saves itself while it is written, so one form is sent many times, perhaps twice at once: the key of the form,
unique for its author, is what keeps it at one draft. Plain ALTER and CREATE INDEX, because a batch would make the
table anew, and dropping the old one on SQLite takes the rows of other tables with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("needs", sa.Column("form_key", sa.String(length=40), nullable=True))
    op.create_index("uq_needs_form", "needs", ["author_id", "form_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_needs_form", table_name="needs")
    op.drop_column("needs", "form_key")
