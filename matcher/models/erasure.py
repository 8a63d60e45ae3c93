"""Erasures that took place: keyed hashes only, never an address. The ledger outside of the database is made from it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base
from matcher.models.suppression import HASH_LENGTH


class Erasure(Base):
    """One account that was erased, known by hashes under MAIL_KEY of its number and of its last address."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(sa.String(HASH_LENGTH), unique=True)
    address_hash: Mapped[str] = mapped_column(sa.String(HASH_LENGTH))
    erased_at: Mapped[datetime]
