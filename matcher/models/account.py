"""Accounts and their roles. The one place of the domain that takes Flask-Security's mixins."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base

ADMINISTRATOR = "administrator"

account_roles = sa.Table(
    "account_roles",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A right that stands on the account itself; today the administrator's only."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    description: Mapped[str | None] = mapped_column(sa.String(255))


class Account(Base, UserMixin):
    """A person who can sign in. Hats follow from her profile, memberships, branches and roles."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    create_datetime: Mapped[datetime]
    update_datetime: Mapped[datetime]
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(sa.JSON()))
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    hat: Mapped[str | None] = mapped_column(sa.String(20))
    adult_declared_at: Mapped[datetime | None]
    mail_stopped_at: Mapped[datetime | None]
    # When she was last here, when she was last warned that her account would go, and how often.
    last_active_on: Mapped[date | None]
    warned_on: Mapped[date | None]
    warnings: Mapped[int] = mapped_column(default=0, server_default="0")
    suspended_at: Mapped[datetime | None]

    roles: Mapped[list[RoleMixin]] = relationship(Role, secondary=account_roles)

    def drop_second_factor(self) -> None:
        """Forget the second factor and its recovery codes; a password alone signs in."""
        self.tf_primary_method = self.tf_totp_secret = self.tf_last_counter = None
        self.mf_recovery_codes = None

    @property
    def is_confirmed(self) -> bool:
        """True once the address was confirmed."""
        return self.confirmed_at is not None

    @property
    def is_erased(self) -> bool:
        """True once nobody's: neither in use nor kept shut."""
        return not self.active and self.suspended_at is None

    @property
    def is_suspended(self) -> bool:
        """True while an administrator keeps it shut; an erased account is not active either, but not suspended."""
        return not self.active and self.suspended_at is not None

    @property
    def is_administrator(self) -> bool:
        """True for an account with the administrator's role."""
        return any(role.name == ADMINISTRATOR for role in self.roles)
