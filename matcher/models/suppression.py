"""Addresses that are not written to, and the reports that said so: keyed hashes only, never an address.

They are no person's data on their own and outlive an erasure, so that nobody who was let go is written to again.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base

HASH_LENGTH = 32


class SuppressionReason(StrEnum):
    """Why an address is not written to: it does not exist, its owner complained, it has refused too often."""

    HARD = "hard"
    COMPLAINT = "complaint"
    SOFT = "soft"


class ReportOutcome(StrEnum):
    """What was made of a message that came to a return path."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    IGNORED = "ignored"
    FORGED = "forged"
    UNREADABLE = "unreadable"


class Suppression(Base):
    """One address and one reason. For good when `until` is empty.

    `account_id` is whose address it is today, so that she is told on her page; emptied when she erases her account
    or changes her address.
    """

    __tablename__ = "suppressions"
    __table_args__ = (sa.UniqueConstraint("address_hash", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(sa.String(HASH_LENGTH))
    reason: Mapped[SuppressionReason]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)


class MailReport(Base):
    """One message that came to a return path: what was made of it. The same bytes count once; kept for 30 days."""

    __tablename__ = "mail_reports"
    __table_args__ = (sa.Index("ix_mail_reports_address_hash_at", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[ReportOutcome]
    address_hash: Mapped[str | None] = mapped_column(sa.String(HASH_LENGTH))
