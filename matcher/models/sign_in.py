"""Sign-ins: where an account is signed in, since when, and why that ended. No address of a network is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base

DEVICE_MAX = 60
LONGEST = timedelta(days=30)
TRUSTED_IDLE = timedelta(hours=4)
TRUSTED_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts without a visit, and how long at most."""

    idle: timedelta
    longest: timedelta


class SignInEnd(StrEnum):
    """Why a sign-in was ended; those that merely grew too old carry none."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_OWNER = "ended_by_owner"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SECOND_FACTOR_LOST = "second_factor_lost"
    RIGHT_WITHDRAWN = "right_withdrawn"
    SUSPENDED = "suspended"
    ENDED_FOR_HER = "ended_for_her"


class SignIn(Base):
    """One browser in which an account is signed in. Its cookie holds a secret of which only the hash is kept."""

    __tablename__ = "sign_ins"
    __table_args__ = (sa.Index("ix_sign_ins_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    device: Mapped[str] = mapped_column(sa.String(DEVICE_MAX))
    is_remembered: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end: Mapped[SignInEnd | None]

    def limits(self, *, idle_h: int, is_trusted: bool) -> Limits:
        """Return how long it lasts; those who decide for others are trusted, and never remembered."""
        if is_trusted:
            return Limits(min(TRUSTED_IDLE, timedelta(hours=idle_h)), TRUSTED_LONGEST)
        return Limits(LONGEST if self.is_remembered else timedelta(hours=idle_h), LONGEST)
