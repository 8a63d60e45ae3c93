"""Signs of life of the processes that nobody asks anything: when each was last at work. Holds no person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base

DISPATCHER = "dispatcher"


class Heartbeat(Base):
    """The last sign of life under a name; an older one is written over."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
