"""Signed links: what each may do, for whom and how long. The token itself is stored nowhere."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing


class LinkPurpose(StrEnum):
    """The one thing that a link is good for."""

    ANSWER = "answer"
    REPLY_TO_YES = "reply_to_yes"
    STILL_NEEDED = "still_needed"
    NOT_WHAT_I_SAID = "not_what_i_said"
    UNSUBSCRIBE = "unsubscribe"
    MAIL_CHOICES = "mail_choices"
    STILL_TRUE = "still_true"
    ADDRESS_WORKS = "address_works"


class SignedLink(Base):
    """A capability for one subject (a pairing, a need or an account), one recipient and one purpose."""

    __tablename__ = "signed_links"
    __table_args__ = (
        sa.Index("ix_signed_links_pairing", "pairing_id", "purpose"),
        sa.Index("ix_signed_links_recipient", "recipient_id", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose]
    pairing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    recipient: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    pairing: Mapped[Pairing | None] = relationship()
    need: Mapped[Need | None] = relationship()
