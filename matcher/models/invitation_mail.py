"""Mails with invitations that were handed over, one row each: what the limit of a person is counted by."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class InvitationMail(Base):
    """When a mail with one or several invitations left for a volunteer.

    Kept for the promise « so many in 30 days », and forgotten after 60 days or when she is erased.
    """

    __tablename__ = "invitation_mails"
    __table_args__ = (sa.Index("ix_invitation_mails_volunteer_at", "volunteer_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    invitations: Mapped[int] = mapped_column(default=1)
