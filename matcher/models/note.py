"""Notes between the coordinators of a branch about a volunteer: short, never sent, hers to read when she asks."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer

NOTE_MAX = 300


class Note(Base):
    """What a coordinator wrote for those of her branch, about a volunteer and perhaps one pairing of hers."""

    __tablename__ = "notes"
    __table_args__ = (
        sa.Index("ix_notes_volunteer", "volunteer_id", "branch_id", "id"),
        sa.Index("ix_notes_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"))
    pairing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pairings.id", ondelete="SET NULL"), index=True)
    # The need beside which it was written, whatever becomes of the pairing: a party to it does not read the note.
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("needs.id", ondelete="SET NULL"), index=True)
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(sa.String(NOTE_MAX))

    volunteer: Mapped[Volunteer] = relationship(lazy="joined", innerjoin=True)
    branch: Mapped[Branch] = relationship(lazy="joined", innerjoin=True)
    pairing: Mapped[Pairing | None] = relationship()
    need: Mapped[Need | None] = relationship()
    author: Mapped[Account | None] = relationship()
