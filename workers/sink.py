"""The demo's mail server: takes every mail on the loopback and keeps it in the demo's mailbox. It forwards nothing."""

import signal
import threading
from pathlib import Path

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from matcher import logs
from matcher.demo.mailbox import Mailbox
from matcher.settings import Settings

LOOPBACK = "127.0.0.1"
FOLDER = Path("instance/mail")


class Keeper:
    """What the server does with a mail: keep it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        """Keep a mail with its envelope."""
        content = envelope.original_content or b""
        self.mailbox.add(content, [str(recipient) for recipient in envelope.rcpt_tos])
        return "250 2.0.0 kept"


def make_sink(mailbox: Mailbox, port: int) -> Controller:
    """Make a server that keeps mails; `start` opens the port, `stop` closes it."""
    return Controller(Keeper(mailbox), hostname=LOOPBACK, port=port, enable_SMTPUTF8=True)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="The mailbox.")
@click.option("--port", type=int, help="Port to listen on; SMTP_PORT when absent.")
def main(folder: Path, port: int | None) -> None:
    """Keep the demo's mails until told to stop."""
    settings = Settings()
    if not settings.is_demo:
        raise click.ClickException("The mail sink swallows every mail: it runs in the demo only.")
    logs.configure(settings)
    told_to_stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: told_to_stop.set())
    sink = make_sink(Mailbox(folder), port or settings.smtp_port)
    sink.start()
    told_to_stop.wait()
    sink.stop()


if __name__ == "__main__":
    main()
