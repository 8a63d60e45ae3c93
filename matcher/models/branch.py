"""Branches: the departments that they serve, their closures and their coordinators."""

from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.models.account import Account
from matcher.working_days import WorkingCalendar


class BranchDepartment(Base):
    """A department belongs to one branch only."""

    __tablename__ = "branch_departments"

    department: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id", ondelete="CASCADE"), index=True)


class BranchCoordinator(Base):
    """An account that coordinates a branch."""

    __tablename__ = "branch_coordinators"

    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    account: Mapped[Account] = relationship(lazy="joined")


class Branch(Base):
    """A list of departments with its coordinators; the national branch takes what has no location."""

    __tablename__ = "branches"
    __table_args__ = (
        sa.Index(
            "uq_branches_national",
            "is_national",
            unique=True,
            sqlite_where=sa.text("is_national"),
            postgresql_where=sa.text("is_national"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name_fr: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    mailbox: Mapped[str] = mapped_column(sa.String(255))
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")
    is_national: Mapped[bool] = mapped_column(default=False)
    closures: Mapped[tuple[tuple[date, date], ...]] = mapped_column(default=())

    departments: Mapped[list[BranchDepartment]] = relationship(cascade="all, delete-orphan")
    coordinators: Mapped[list[BranchCoordinator]] = relationship(cascade="all, delete-orphan")

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days of this branch."""
        return WorkingCalendar(self.timezone, self.closures)

    def name(self, language: str) -> str:
        """Return the branch's name in a language."""
        return self.name_en if language == "en" else self.name_fr

    @property
    def reachable_coordinators(self) -> list[Account]:
        """Those who coordinate it and whose account is not shut, by their number."""
        able = (link.account for link in self.coordinators if link.account.active)
        return sorted(able, key=lambda account: account.id)

    def is_coordinated_by(self, account_id: int) -> bool:
        """True when the account coordinates this branch."""
        return any(link.account_id == account_id for link in self.coordinators)

    def is_coordinated_without(self, account_id: int) -> bool:
        """True when somebody besides the account coordinates this branch and can act."""
        return any(link.account_id != account_id and link.account.active for link in self.coordinators)
