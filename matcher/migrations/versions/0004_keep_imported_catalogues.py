"""Keep catalogues of skills that were imported.

Every worker, on whatever machine, learns the words of other languages from the same rows; web credits their sources.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_catalogues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("imported_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("skills", sa.Integer(), nullable=False),
        sa.Column("languages", database.Texts(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_catalogues")),
        sa.UniqueConstraint("name", name=op.f("uq_imported_catalogues_name")),
    )
    op.create_table(
        "imported_skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["imported_catalogues.id"],
            name=op.f("fk_imported_skills_catalogue_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_skills")),
        sa.UniqueConstraint("catalogue_id", "uri", name=op.f("uq_imported_skills_catalogue_id_uri")),
    )


def downgrade() -> None:
    op.drop_table("imported_skills")
    op.drop_table("imported_catalogues")
