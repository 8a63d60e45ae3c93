"""Let no entry of a day to come make the log's other entries old, and let nobody empty it by TRUNCATE.

The age of an entry is measured by the newest entry or by the database's own clock, whichever is earlier. To refuse
entries of a day to come was rejected: a host's clock that ran ahead for an hour would refuse every act.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SQLITE = """CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT min(datetime(max(at), '-183 days'), datetime('now', '-183 days')) FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit log is kept for half a year'); END"""
SQLITE_BEFORE = """CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT datetime(max(at), '-183 days') FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit log is kept for half a year'); END"""
POSTGRESQL = """CREATE OR REPLACE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'the audit log is never changed';
  ELSIF OLD.at >= (SELECT least(max(at), clock_timestamp()) - interval '183 days' FROM audit_log) THEN
    RAISE EXCEPTION 'the audit log is kept for half a year';
  END IF;
  RETURN OLD;
END $$"""
POSTGRESQL_BEFORE = """CREATE OR REPLACE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'the audit log is never changed';
  ELSIF OLD.at >= (SELECT max(at) - interval '183 days' FROM audit_log) THEN
    RAISE EXCEPTION 'the audit log is kept for half a year';
  END IF;
  RETURN OLD;
END $$"""
NOT_EMPTIED = """CREATE TRIGGER audit_log_not_emptied BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_log()"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _replace(SQLITE)
    else:
        op.execute(POSTGRESQL)
        op.execute(NOT_EMPTIED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _replace(SQLITE_BEFORE)
    else:
        op.execute("DROP TRIGGER audit_log_not_emptied ON audit_log")
        op.execute(POSTGRESQL_BEFORE)


def _replace(kept: str) -> None:
    op.execute("DROP TRIGGER audit_log_kept")
    op.execute(kept)
