"""The connections that are kept between two mails: few mails each, and not for long. They carry nothing themselves."""

import threading
import time

from workers.smtp_talk import Talk

# From the beginning of a connection; then it is ended in good order, so that no place at the mail server is held.
MAILS, LASTS_S = 100, 30.0


class KeptTalks:
    """Talks that wait for the next mail; shared by threads. A sweeper ends those that nobody took up in time."""

    def __init__(self, *, mails: int = MAILS, lasts_s: float = LASTS_S) -> None:
        """Keep none yet."""
        self._mails = mails
        self._lasts_s = lasts_s
        self._waiting: list[Talk] = []
        self._changed = threading.Condition()
        self._is_swept = False

    def take(self) -> Talk | None:
        """Return the talk that was used last, None when none waits."""
        with self._changed:
            return self._waiting.pop() if self._waiting else None

    def keep(self, talk: Talk) -> None:
        """Let a talk wait for the next mail, or end it when it has had its share."""
        if talk.sock is None:
            return
        if talk.mails >= self._mails or self._ends_in_s(talk) <= 0:
            talk.farewell()
            return
        with self._changed:
            self._waiting.append(talk)
            if not self._is_swept:
                self._is_swept = True
                threading.Thread(target=self._sweep, name="smtp-sweeper", daemon=True).start()

    def close(self) -> None:
        """End all that wait."""
        with self._changed:
            ended, self._waiting = self._waiting, []
            self._changed.notify()
        for talk in ended:
            talk.farewell()

    def _sweep(self) -> None:
        """End each talk when its time has come; ends itself when none waits."""
        while True:
            with self._changed:
                if not self._waiting:
                    self._is_swept = False
                    return
                self._changed.wait(max(0.0, min(self._ends_in_s(talk) for talk in self._waiting)))
                ended = [talk for talk in self._waiting if self._ends_in_s(talk) <= 0]
                self._waiting = [talk for talk in self._waiting if talk not in ended]
            for talk in ended:
                talk.farewell()

    def _ends_in_s(self, talk: Talk) -> float:
        return talk.begun_at + self._lasts_s - time.monotonic()
