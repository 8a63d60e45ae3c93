"""The far end of SMTP in a test: keeps the messages, raises what it is told to raise."""

from collections import deque

from matcher.mail.message import Message


class FarEnd:
    """Takes messages; `refuse` makes the next ones fail."""

    def __init__(self) -> None:
        """Take everything."""
        self.taken: list[Message] = []
        self._errors: deque[Exception] = deque()

    def refuse(self, *errors: Exception) -> None:
        """Raise these errors for the next messages, one each."""
        self._errors.extend(errors)

    def take(self, message: Message) -> None:
        """Take one message."""
        if self._errors:
            raise self._errors.popleft()
        self.taken.append(message)
