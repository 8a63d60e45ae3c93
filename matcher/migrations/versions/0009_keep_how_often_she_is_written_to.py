"""Keep how often a volunteer wants to be written to, and count the mails with invitations that left.

A mail may carry several invitations, so the steps of pairings no longer tell how many mails there were. Plain ALTER,
because a batch would make the tables anew.
"""

import sqlalchemy as sa
from alembic import op

from matcher import database

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None
MOMENTS = ("rests_until", "wakes_at", "still_true_asked_at")


def upgrade() -> None:
    op.create_table(
        "invitation_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("invitations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_invitation_mails_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_mails")),
    )
    op.create_index("ix_invitation_mails_volunteer_at", "invitation_mails", ["volunteer_id", "at"])
    op.execute(
        "INSERT INTO invitation_mails (volunteer_id, at, invitations) "
        "SELECT pairings.volunteer_id, pairing_events.at, 1 FROM pairing_events "
        "JOIN pairings ON pairings.id = pairing_events.pairing_id WHERE pairing_events.step = 'mark_invited'"
    )
    op.add_column("pairings", sa.Column("carried_by", sa.Integer(), nullable=True))
    pace = sa.Enum("immediate", "daily", "weekly", name="mailpace", native_enum=False, length=40)
    op.add_column("volunteers", sa.Column("mail_pace", pace, server_default="immediate", nullable=False))
    op.add_column("volunteers", sa.Column("mail_weekday", sa.Integer(), server_default="1", nullable=False))
    op.add_column("volunteers", sa.Column("most_invitations", sa.Integer(), server_default="2", nullable=True))
    for name in MOMENTS:
        op.add_column("volunteers", sa.Column(name, database.UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_volunteers_wakes_at", "volunteers", ["wakes_at"])


def downgrade() -> None:
    op.drop_index("ix_volunteers_wakes_at", "volunteers")
    for name in (*MOMENTS, "most_invitations", "mail_weekday", "mail_pace"):
        op.drop_column("volunteers", name)
    op.drop_column("pairings", "carried_by")
    op.drop_table("invitation_mails")
