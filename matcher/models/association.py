"""Associations and their members."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.errors import IllegalTransition
from matcher.models.account import Account
from matcher.models.branch import Branch


class AssociationStatus(StrEnum):
    """How far an association is trusted."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Membership(Base):
    """An account that acts for an association."""

    __tablename__ = "memberships"

    association_id: Mapped[int] = mapped_column(sa.ForeignKey("associations.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    joined_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="joined")


class PendingMembership(Base):
    """Somebody who may become a member: invited by a member, or asking herself; found again by her address."""

    __tablename__ = "pending_memberships"
    __table_args__ = (sa.UniqueConstraint("association_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(sa.ForeignKey("associations.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(255), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    is_asked_by_herself: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    association: Mapped["Association"] = relationship(lazy="joined", innerjoin=True)


class Association(Base):
    """An organisation that posts needs; has members; verified by a coordinator."""

    __tablename__ = "associations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160), index=True)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    registration: Mapped[str | None] = mapped_column(sa.String(20))
    commune: Mapped[str | None] = mapped_column(sa.String(5))
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id"), index=True)
    status: Mapped[AssociationStatus] = mapped_column(default=AssociationStatus.UNVERIFIED)
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    branch: Mapped[Branch] = relationship()
    memberships: Mapped[list[Membership]] = relationship(cascade="all, delete-orphan")

    @property
    def members(self) -> list[Account]:
        """The accounts that act for it, oldest first."""
        return [link.account for link in sorted(self.memberships, key=lambda link: (link.joined_at, link.account_id))]

    @property
    def reachable_members(self) -> list[Account]:
        """Those among them whose account is not shut."""
        return [member for member in self.members if member.active]

    @property
    def is_verified(self) -> bool:
        """True while a coordinator vouches for it."""
        return self.status is AssociationStatus.VERIFIED

    @property
    def is_suspended(self) -> bool:
        """True while a coordinator has stopped it: nobody new is brought to it, what runs goes on."""
        return self.status is AssociationStatus.SUSPENDED

    def has_member(self, account_id: int) -> bool:
        """True when the account acts for it."""
        return any(link.account_id == account_id for link in self.memberships)

    def verify(self, *, now: datetime) -> None:
        """Mark it verified; raises IllegalTransition when it is closed."""
        self._leave(AssociationStatus.UNVERIFIED, AssociationStatus.SUSPENDED)
        self.status = AssociationStatus.VERIFIED
        self.verified_at = now

    def ask_again(self) -> None:
        """Mark it unverified: it says that it is somebody else than was vouched for; raises IllegalTransition."""
        self._leave(AssociationStatus.VERIFIED)
        self.status = AssociationStatus.UNVERIFIED
        self.verified_at = None

    def suspend(self) -> None:
        """Mark it suspended; raises IllegalTransition unless it is verified."""
        self._leave(AssociationStatus.VERIFIED, AssociationStatus.UNVERIFIED)
        self.status = AssociationStatus.SUSPENDED

    def close(self) -> None:
        """Mark it closed for good."""
        self._leave(*(status for status in AssociationStatus if status is not AssociationStatus.CLOSED))
        self.status = AssociationStatus.CLOSED

    def _leave(self, *sources: AssociationStatus) -> None:
        if self.status not in sources:
            raise IllegalTransition(status=self.status.value)
