"""The far end of SMTP in a test: keeps the messages, raises what it is told to raise."""

from collections import deque
from collections.abc import Callable

from matcher.mail.message import Message
from workers.smtp import LastCheck


class FarEnd:
    """Takes messages; `refuse` makes the next ones fail, `meanwhile` lets something happen just before the check."""

    def __init__(self) -> None:
        """Take everything."""
        self.taken: list[Message] = []
        self._errors: deque[Exception] = deque()
        self._afterwards: deque[Callable[[], object]] = deque()
        self._events: deque[Callable[[], object]] = deque()

    def refuse(self, *errors: Exception) -> None:
        """Raise these errors for the next messages, one each."""
        self._errors.extend(errors)

    def meanwhile(self, *events: Callable[[], object]) -> None:
        """Let these happen while the next messages are on their way, one each: composed, and not yet checked again."""
        self._events.extend(events)

    def afterwards(self, *events: Callable[[], object]) -> None:
        """Let these happen when the next messages have been taken and nobody has recorded it, one each."""
        self._afterwards.extend(events)

    def take(self, message: Message, last_check: LastCheck) -> bool:
        """Take one message unless the last check says no."""
        if self._errors:
            raise self._errors.popleft()
        if self._events:
            self._events.popleft()()
        if not last_check():
            return False
        self.taken.append(message)
        if self._afterwards:
            self._afterwards.popleft()()
        return True
