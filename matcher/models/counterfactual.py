"""What a volunteer asked about her place for a need, and what the workers answered: hers alone, kept for a month."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base, Json


class Counterfactual(Base):
    """The last question of one volunteer about one need. `result` holds codes with data, no words and nobody else."""

    __tablename__ = "counterfactuals"
    __table_args__ = (sa.UniqueConstraint("need_id", "volunteer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    ready_at: Mapped[datetime | None]
    result: Mapped[dict[str, Json] | None]
    version: Mapped[str | None] = mapped_column(sa.String(40))
