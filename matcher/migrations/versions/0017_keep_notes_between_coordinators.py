"""Keep what the coordinators of a branch write for each other about a volunteer: short notes, hers to ask for."""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_notes_volunteer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairings.id"], name=op.f("fk_notes_pairing_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_notes_branch_id")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_notes_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_volunteer", "notes", ["volunteer_id", "branch_id", "id"])
    op.create_index("ix_notes_at", "notes", ["at"])
    op.create_index(op.f("ix_notes_pairing_id"), "notes", ["pairing_id"])


def downgrade() -> None:
    op.drop_table("notes")
