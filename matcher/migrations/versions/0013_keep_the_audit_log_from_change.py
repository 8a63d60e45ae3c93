"""Let the database itself keep the audit log: no entry is changed, none deleted before it is half a year old.

The foreign key goes, because forgetting an account would have the database change its entries. SQLite can drop it only
by making the table anew, before its triggers are there; whoever does that again must make them again. A restore empties
the tables of PostgreSQL by TRUNCATE, which no row trigger sees.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT datetime(max(at), '-183 days') FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit log is kept for half a year'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'the audit log is never changed';
  ELSIF OLD.at >= (SELECT max(at) - interval '183 days' FROM audit_log) THEN
    RAISE EXCEPTION 'the audit log is kept for half a year';
  END IF;
  RETURN OLD;
END $$""",
    """CREATE TRIGGER audit_log_guarded BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION guard_audit_log()""",
)


def upgrade() -> None:
    with op.batch_alter_table("audit_log") as batch:
        batch.drop_constraint(op.f("fk_audit_log_account_id"), type_="foreignkey")
        batch.create_index("ix_audit_log_at", ["at"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_log_unchanged")
        op.execute("DROP TRIGGER audit_log_kept")
    else:
        op.execute("DROP TRIGGER audit_log_guarded ON audit_log")
        op.execute("DROP FUNCTION guard_audit_log()")
    forgotten = "account_id IS NOT NULL AND account_id NOT IN (SELECT id FROM accounts)"
    op.execute(f"UPDATE audit_log SET account_id = NULL WHERE {forgotten}")  # noqa: S608
    with op.batch_alter_table("audit_log") as batch:
        batch.drop_index("ix_audit_log_at")
        batch.create_foreign_key(
            op.f("fk_audit_log_account_id"), "accounts", ["account_id"], ["id"], ondelete="SET NULL"
        )
