"""Create the first tables: people, associations, needs, pairings and what moves them.

One migration, since nothing was released before it.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("create_datetime", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("update_datetime", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("hat", sa.String(length=20), nullable=True),
        sa.Column("adult_declared_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mail_stopped_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
    )
    op.create_table(
        "branches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("mailbox", sa.String(length=255), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("is_national", sa.Boolean(), nullable=False),
        sa.Column("closures", database.DateRanges(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
        sa.UniqueConstraint("slug", name=op.f("uq_branches_slug")),
    )
    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.create_index(
            "uq_branches_national",
            ["is_national"],
            unique=True,
            sqlite_where=sa.text("is_national"),
            postgresql_where=sa.text("is_national"),
        )

    op.create_table(
        "job_slots",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_slots")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("parked_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["done_at", "parked_at", "not_before"], unique=False)
        batch_op.create_index(
            "uq_outbox_pending_key",
            ["kind", "key"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
            postgresql_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
        )

    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "volunteer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_changes")),
    )
    with op.batch_alter_table("volunteer_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_changes_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_roles_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_account_roles_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_roles")),
    )
    op.create_table(
        "associations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("registration", sa.String(length=20), nullable=True),
        sa.Column("commune", sa.String(length=5), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unverified", "verified", "suspended", "closed", name="associationstatus", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("verified_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_associations_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
    )
    with op.batch_alter_table("associations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_associations_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_associations_name"), ["name"], unique=False)

    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_audit_log_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index("ix_audit_log_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_audit_log_subject", ["subject_kind", "subject_id", "id"], unique=False)

    op.create_table(
        "branch_coordinators",
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_branch_coordinators_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_branch_coordinators_branch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("branch_id", "account_id", name=op.f("pk_branch_coordinators")),
    )
    with op.batch_alter_table("branch_coordinators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_coordinators_account_id"), ["account_id"], unique=False)

    op.create_table(
        "branch_departments",
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_branch_departments_branch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("department", name=op.f("pk_branch_departments")),
    )
    with op.batch_alter_table("branch_departments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_departments_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "volunteers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("headline", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("languages", database.Texts(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=True),
        sa.Column("on_site", sa.Boolean(), nullable=True),
        sa.Column("radius_km", sa.Double(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column(
            "commitment",
            sa.Enum("weekly", "monthly", "once", "ask", "not_before", name="commitment", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column(
            "hours_per", sa.Enum("week", "month", "once", name="per", native_enum=False, length=40), nullable=True
        ),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("weekly", database.WeeklySlots(), nullable=False),
        sa.Column("unavailable", database.DateRanges(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("missions_at_once", sa.Integer(), nullable=False),
        sa.Column("is_short_notice", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("invitations_allowed_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("times_suggested", sa.Integer(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("touched_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("missions_at_once >= 1", name=op.f("ck_volunteers_missions_at_once_positive")),
        sa.CheckConstraint("radius_km IS NULL OR radius_km >= 0", name=op.f("ck_volunteers_radius_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_volunteers_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_volunteers_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("account_id", name=op.f("uq_volunteers_account_id")),
    )
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.create_index("ix_volunteers_branch", ["branch_id", "id"], unique=False)

    op.create_table(
        "experiences",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_experiences_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "position", name=op.f("pk_experiences")),
    )
    op.create_table(
        "memberships",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_memberships_association_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("association_id", "account_id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_account_id"), ["account_id"], unique=False)

    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("coordinator_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "changes_requested",
                "open",
                "filled",
                "on_hold",
                "completed",
                "closed",
                name="needstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("working_languages", database.Texts(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column(
            "mode", sa.Enum("remote", "on_site", "hybrid", name="mode", native_enum=False, length=40), nullable=True
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("total_hours", sa.Double(), nullable=True),
        sa.Column("together_hours", sa.Double(), nullable=True),
        sa.Column("times", sa.Enum("fixed", "preferred", name="times", native_enum=False, length=40), nullable=False),
        sa.Column("weekly", database.WeeklySlots(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("touched_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("promised_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "hold_reason",
            sa.Enum(
                "member_asked",
                "coordinator_asked",
                "association_silent",
                "association_suspended",
                "association_without_member",
                name="holdreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "given_up",
                "untouched",
                "no_answer",
                "refused",
                "solved_elsewhere",
                "nobody_found",
                "association_gone",
                name="endreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("review_points", sa.Text(), nullable=True),
        sa.Column("submitted_text", sa.Text(), nullable=True),
        sa.Column("line_waits", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "held >= 0 AND taken >= 0 AND held + taken <= seats", name=op.f("ck_needs_seats_not_exceeded")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_needs_seats_positive")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_needs_association_id")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_needs_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_needs_branch_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["accounts.id"], name=op.f("fk_needs_contact_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["coordinator_id"], ["accounts.id"], name=op.f("fk_needs_coordinator_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index("ix_needs_association", ["association_id", "status", "id"], unique=False)
        batch_op.create_index("ix_needs_branch_status", ["branch_id", "status", "submitted_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_coordinator_id"), ["coordinator_id"], unique=False)
        batch_op.create_index("ix_needs_public", ["status", "opened_at", "id"], unique=False)

    op.create_table(
        "pending_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("is_asked_by_herself", sa.Boolean(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["associations.id"],
            name=op.f("fk_pending_memberships_association_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name=op.f("fk_pending_memberships_invited_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_memberships")),
        sa.UniqueConstraint("association_id", "email", name=op.f("uq_pending_memberships_association_id_email")),
    )
    with op.batch_alter_table("pending_memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_memberships_email"), ["email"], unique=False)

    op.create_table(
        "volunteer_locations",
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_locations_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "position", name=op.f("pk_volunteer_locations")),
    )
    op.create_table(
        "volunteer_skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=160), nullable=True),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "level IS NULL OR level BETWEEN 1 AND 4", name=op.f("ck_volunteer_skills_level_between_1_and_4")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_skills_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_skills")),
        sa.UniqueConstraint("volunteer_id", "label", name=op.f("uq_volunteer_skills_volunteer_id_label")),
    )
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_skills_uri"), ["uri"], unique=False)

    op.create_table(
        "need_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "give_up",
                "discard",
                "open",
                "request_changes",
                "lapse",
                "refuse",
                "fill",
                "enough",
                "reopen",
                "hold",
                "resume",
                "resume_filled",
                "expire_hold",
                "close",
                "complete",
                "vanish",
                name="needstep",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "draft",
                "submitted",
                "changes_requested",
                "open",
                "filled",
                "on_hold",
                "completed",
                "closed",
                name="needstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "draft",
                "submitted",
                "changes_requested",
                "open",
                "filled",
                "on_hold",
                "completed",
                "closed",
                name="needstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "door",
            sa.Enum("page", "link", "telephone", "system", name="door", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_need_events_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_events_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_events")),
    )
    with op.batch_alter_table("need_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_events_need_id"), ["need_id"], unique=False)

    op.create_table(
        "need_locations",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_locations_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("need_id", "position", name=op.f("pk_need_locations")),
    )
    op.create_table(
        "need_skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=160), nullable=True),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column(
            "importance", sa.Enum("required", "useful", name="importance", native_enum=False, length=40), nullable=False
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_skills_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_skills")),
        sa.UniqueConstraint("need_id", "label", name=op.f("uq_need_skills_need_id_label")),
    )
    with op.batch_alter_table("need_skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_skills_uri"), ["uri"], unique=False)

    op.create_table(
        "pairings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "approved",
                "invited",
                "reserve",
                "accepted",
                "confirmed",
                "active",
                "completed",
                "set_aside",
                "declined",
                "expired",
                "withdrawn",
                "refused",
                "released",
                "abandoned",
                name="pairingstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_known_to_her", sa.Boolean(), nullable=False),
        sa.Column("queued_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("invited_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reply_by", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("question_asked_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "skills",
                "availability",
                "distance",
                "language",
                "too_often_asked",
                "other_person_chosen",
                "no_time",
                "not_now",
                "not_my_field",
                "need_changed",
                "changed_circumstances",
                "no_agreement",
                "no_news",
                "never_again",
                "other",
                name="pairingreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        sa.Column("has_reapplied", sa.Boolean(), nullable=False),
        sa.Column("was_renewed", sa.Boolean(), nullable=False),
        sa.Column("was_reinvited", sa.Boolean(), nullable=False),
        sa.Column("still_agrees_asked_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("planned_hours", sa.Double(), nullable=True),
        sa.Column(
            "begun_by", sa.Enum("volunteer", "association", name="side", native_enum=False, length=40), nullable=True
        ),
        sa.Column("begun_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "proposed_by", sa.Enum("volunteer", "association", name="side", native_enum=False, length=40), nullable=True
        ),
        sa.Column("proposed_ends_on", sa.Date(), nullable=True),
        sa.Column("proposed_hours", sa.Double(), nullable=True),
        sa.Column(
            "finished_by", sa.Enum("volunteer", "association", name="side", native_enum=False, length=40), nullable=True
        ),
        sa.Column("finished_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hours_done", sa.Double(), nullable=True),
        sa.CheckConstraint("hours_done IS NULL OR hours_done >= 0", name=op.f("ck_pairings_hours_done_not_negative")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_pairings_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_pairings_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_pairings_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("need_id", "volunteer_id", name=op.f("uq_pairings_need_id_volunteer_id")),
    )
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.create_index("ix_pairings_need_status", ["need_id", "status", "position"], unique=False)
        batch_op.create_index("ix_pairings_volunteer_status", ["volunteer_id", "status"], unique=False)

    op.create_table(
        "rankings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("considered", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_rankings_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
    )
    with op.batch_alter_table("rankings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rankings_need_id"), ["need_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column(
            "clock",
            sa.Enum(
                "remind_draft",
                "warn_draft",
                "discard_draft",
                "review_missed",
                "review_missed_again",
                "remind_changes",
                "lapse_changes",
                "ask_still_needed",
                "hold_silent",
                "warn_hold",
                "expire_hold",
                "application_waits",
                "application_waits_long",
                "remind_invited",
                "expire_invited",
                "question_waits",
                "yes_waits",
                "yes_waits_long",
                "release_yes",
                "ask_talked",
                "talk_waits",
                "abandon_talk",
                "ask_finished",
                "finish_waits",
                "finish_unreviewed",
                "accept_finish",
                name="clock",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("paused_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(need_id IS NULL) <> (pairing_id IS NULL)", name=op.f("ck_deadlines_one_subject")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_deadlines_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_deadlines_pairing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("need_id", "clock", name=op.f("uq_deadlines_need_id_clock")),
        sa.UniqueConstraint("pairing_id", "clock", name=op.f("uq_deadlines_pairing_id_clock")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index("ix_deadlines_due", ["paused_at", "due_at"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "apply",
                "accept_application",
                "reserve_application",
                "set_aside",
                "approve",
                "mark_invited",
                "accept",
                "join_reserve",
                "decline",
                "accept_by_telephone",
                "join_reserve_by_telephone",
                "decline_by_telephone",
                "correct_telephone",
                "ask",
                "reply",
                "expire",
                "reinvite",
                "offer_seat",
                "withdraw",
                "confirm",
                "refuse",
                "release_unanswered",
                "begin",
                "object_to_start",
                "refuse_after_talk",
                "withdraw_after_talk",
                "abandon_without_news",
                "complete",
                "complete_unreviewed",
                "abandon",
                "abandon_early",
                "release",
                "abandon_erased",
                "renew",
                name="pairingstep",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ranking_id", sa.Integer(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_decisions_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_decisions_pairing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "pairing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "apply",
                "accept_application",
                "reserve_application",
                "set_aside",
                "approve",
                "mark_invited",
                "accept",
                "join_reserve",
                "decline",
                "accept_by_telephone",
                "join_reserve_by_telephone",
                "decline_by_telephone",
                "correct_telephone",
                "ask",
                "reply",
                "expire",
                "reinvite",
                "offer_seat",
                "withdraw",
                "confirm",
                "refuse",
                "release_unanswered",
                "begin",
                "object_to_start",
                "refuse_after_talk",
                "withdraw_after_talk",
                "abandon_without_news",
                "complete",
                "complete_unreviewed",
                "abandon",
                "abandon_early",
                "release",
                "abandon_erased",
                "renew",
                name="pairingstep",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "applied",
                "approved",
                "invited",
                "reserve",
                "accepted",
                "confirmed",
                "active",
                "completed",
                "set_aside",
                "declined",
                "expired",
                "withdrawn",
                "refused",
                "released",
                "abandoned",
                name="pairingstatus",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "applied",
                "approved",
                "invited",
                "reserve",
                "accepted",
                "confirmed",
                "active",
                "completed",
                "set_aside",
                "declined",
                "expired",
                "withdrawn",
                "refused",
                "released",
                "abandoned",
                name="pairingstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "door",
            sa.Enum("page", "link", "telephone", "system", name="door", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_pairing_events_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_events_pairing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_events")),
    )
    with op.batch_alter_table("pairing_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_events_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "signed_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "answer",
                "reply_to_yes",
                "still_needed",
                "not_what_i_said",
                "unsubscribe",
                name="linkpurpose",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_signed_links_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_signed_links_pairing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["accounts.id"], name=op.f("fk_signed_links_recipient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_links")),
    )
    with op.batch_alter_table("signed_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_links_need_id"), ["need_id"], unique=False)
        batch_op.create_index("ix_signed_links_pairing", ["pairing_id", "purpose"], unique=False)
        batch_op.create_index("ix_signed_links_recipient", ["recipient_id", "purpose"], unique=False)

    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("text_score", sa.Double(), nullable=False),
        sa.Column("availability_score", sa.Double(), nullable=False),
        sa.Column("distance_km", sa.Double(), nullable=True),
        sa.Column("contributions", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_suggestions_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["rankings.id"], name=op.f("fk_suggestions_ranking_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_suggestions_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("need_id", "volunteer_id", name=op.f("uq_suggestions_need_id_volunteer_id")),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index("ix_suggestions_need_rank", ["need_id", "rank"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestions_ranking_id"), ["ranking_id"], unique=False)
        batch_op.create_index("ix_suggestions_volunteer", ["volunteer_id"], unique=False)



def downgrade() -> None:
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestions_volunteer")
        batch_op.drop_index(batch_op.f("ix_suggestions_ranking_id"))
        batch_op.drop_index("ix_suggestions_need_rank")

    op.drop_table("suggestions")
    with op.batch_alter_table("signed_links", schema=None) as batch_op:
        batch_op.drop_index("ix_signed_links_recipient")
        batch_op.drop_index("ix_signed_links_pairing")
        batch_op.drop_index(batch_op.f("ix_signed_links_need_id"))

    op.drop_table("signed_links")
    with op.batch_alter_table("pairing_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pairing_events_pairing_id"))

    op.drop_table("pairing_events")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_pairing_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_index("ix_deadlines_due")

    op.drop_table("deadlines")
    with op.batch_alter_table("rankings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rankings_need_id"))

    op.drop_table("rankings")
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.drop_index("ix_pairings_volunteer_status")
        batch_op.drop_index("ix_pairings_need_status")

    op.drop_table("pairings")
    with op.batch_alter_table("need_skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_skills_uri"))

    op.drop_table("need_skills")
    op.drop_table("need_locations")
    with op.batch_alter_table("need_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_events_need_id"))

    op.drop_table("need_events")
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_skills_uri"))

    op.drop_table("volunteer_skills")
    op.drop_table("volunteer_locations")
    with op.batch_alter_table("pending_memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_memberships_email"))

    op.drop_table("pending_memberships")
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.drop_index("ix_needs_public")
        batch_op.drop_index(batch_op.f("ix_needs_coordinator_id"))
        batch_op.drop_index(batch_op.f("ix_needs_contact_id"))
        batch_op.drop_index("ix_needs_branch_status")
        batch_op.drop_index("ix_needs_association")

    op.drop_table("needs")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_account_id"))

    op.drop_table("memberships")
    op.drop_table("experiences")
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_index("ix_volunteers_branch")

    op.drop_table("volunteers")
    with op.batch_alter_table("branch_departments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_branch_departments_branch_id"))

    op.drop_table("branch_departments")
    with op.batch_alter_table("branch_coordinators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_branch_coordinators_account_id"))

    op.drop_table("branch_coordinators")
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_log_subject")
        batch_op.drop_index("ix_audit_log_account")

    op.drop_table("audit_log")
    with op.batch_alter_table("associations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_associations_name"))
        batch_op.drop_index(batch_op.f("ix_associations_branch_id"))

    op.drop_table("associations")
    op.drop_table("account_roles")
    with op.batch_alter_table("volunteer_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_changes_volunteer_id"))

    op.drop_table("volunteer_changes")
    op.drop_table("roles")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outbox_pending_key",
            sqlite_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
            postgresql_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
        )
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    op.drop_table("job_slots")
    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_branches_national", sqlite_where=sa.text("is_national"), postgresql_where=sa.text("is_national")
        )

    op.drop_table("branches")
    op.drop_table("accounts")
