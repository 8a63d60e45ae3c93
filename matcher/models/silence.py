"""When a volunteer whom nobody asks was last told why. Holds no reason: they are found anew each time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class SilenceTold(Base):
    """The last time that a volunteer was told why she gets no proposal; kept so that it is not said too often.

    Goes when her account is erased.
    """

    __tablename__ = "silences_told"

    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime]
