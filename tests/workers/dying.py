"""A worker that is killed at one point: the mail server has the mail, the database does not know it yet."""

import os
import signal
import sys

from matcher.mail.message import Message
from matcher.settings import Settings
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.smtp import LastCheck, Server


def main(kind: str, row_id: int) -> None:
    """Handle one row up to that point."""
    settings = Settings()

    def send_and_die(message: Message, last_check: LastCheck) -> bool:
        taken = Server.of(settings).send(message, last_check)
        os.kill(os.getpid(), signal.SIGKILL)
        return taken

    HANDLERS[kind].handle(Runtime.of(settings, send=send_and_die), row_id)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
