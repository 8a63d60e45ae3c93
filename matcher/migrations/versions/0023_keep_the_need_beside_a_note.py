"""Keep beside which need a note was written, also when its pairing goes; let no entry of the log be replaced.

INSERT OR REPLACE of SQLite takes a row out without asking the triggers of 0013; PostgreSQL has nothing of the kind.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None

NOT_REPLACED = """CREATE TRIGGER audit_log_not_replaced BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END"""
PAIRING = "fk_notes_pairing_id"


def upgrade() -> None:
    with op.batch_alter_table("notes") as batch:
        batch.add_column(sa.Column("need_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_notes_need_id"), "needs", ["need_id"], ["id"], ondelete="SET NULL")
        batch.drop_constraint(op.f(PAIRING), type_="foreignkey")
        batch.create_foreign_key(op.f(PAIRING), "pairings", ["pairing_id"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_notes_need_id"), ["need_id"])
    op.execute("UPDATE notes SET need_id = (SELECT need_id FROM pairings WHERE pairings.id = notes.pairing_id)")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(NOT_REPLACED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_log_not_replaced")
    with op.batch_alter_table("notes") as batch:
        batch.drop_index(op.f("ix_notes_need_id"))
        batch.drop_constraint(op.f(PAIRING), type_="foreignkey")
        batch.create_foreign_key(op.f(PAIRING), "pairings", ["pairing_id"], ["id"], ondelete="CASCADE")
        batch.drop_constraint(op.f("fk_notes_need_id"), type_="foreignkey")
        batch.drop_column("need_id")
