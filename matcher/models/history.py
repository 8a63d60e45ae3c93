"""What is recorded of each step: who, when, by which door and why."""

from dataclasses import dataclass
from datetime import datetime

from matcher.models.states import Door


@dataclass(frozen=True, slots=True)
class Trace:
    """Who took a step (None is the system), when, through which door, with which coded reason."""

    at: datetime
    account_id: int | None = None
    door: Door = Door.SYSTEM
    reason: str | None = None
