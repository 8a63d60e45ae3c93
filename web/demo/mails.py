"""Reads the demo's mailbox for its pages: a page of the list, one mail, its HTML. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask_babel import format_datetime

from matcher.demo.mailbox import Mailbox, StoredMail
from matcher.errors import NotFound
from web.runtime import runtime

PER_PAGE = 20
HEAD = "<head>"
SHOWN_HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in the list."""

    name: str
    subject: str
    recipient: str
    when: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One page of the list, and everybody who has mail."""

    mails: tuple[MailRow, ...]
    total: int
    number: int
    pages: int
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownMail:
    """One mail as its page shows it."""

    name: str
    subject: str
    recipient: str
    when: str
    text: str
    has_html: bool
    headers: list[tuple[str, str]]
    newer: str | None
    older: str | None


def list_mails(to: str, number: int) -> MailPage:
    """Return one page of the mails, the newest first; `to` narrows them to one recipient."""
    box = _mailbox()
    names = box.list()[::-1]
    recipients = {name: box.read(name).recipients for name in names}
    readers = sorted({one for several in recipients.values() for one in several})
    wanted = [name for name in names if not to or any(to.casefold() in one.casefold() for one in recipients[name])]
    pages = max(1, -(-len(wanted) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = wanted[PER_PAGE * (number - 1) : PER_PAGE * number]
    return MailPage(tuple(_row(box.read(name)) for name in shown), len(wanted), number, pages, tuple(readers))


def shown_mail(name: str) -> ShownMail:
    """Return one mail; raises NotFound for a name that is none of the mailbox's."""
    box = _mailbox()
    stored = box.read(name)
    message, names = stored.message, box.list()
    place = names.index(name)
    row = _row(stored)
    return ShownMail(
        name=name,
        subject=row.subject,
        recipient=row.recipient,
        when=row.when,
        text=_part(message, "plain"),
        has_html=bool(_part(message, "html")),
        headers=[(header, str(message[header])) for header in SHOWN_HEADERS if message[header]],
        newer=names[place + 1] if place + 1 < len(names) else None,
        older=names[place - 1] if place > 0 else None,
    )


def frame_of(name: str) -> str:
    """Return the HTML of a mail, whose links open in the whole window; raises NotFound."""
    html = _part(_mailbox().read(name).message, "html")
    if not html:
        raise NotFound
    return html.replace(HEAD, f'{HEAD}<base target="_top">', 1)


def _mailbox() -> Mailbox:
    return Mailbox(Path(runtime().settings.demo_folder or "instance") / "mail")


def _row(stored: StoredMail) -> MailRow:
    message = stored.message
    return MailRow(stored.name, str(message["Subject"] or ""), ", ".join(stored.recipients), _when(message))


def _when(message: EmailMessage) -> str:
    written = message["Date"]
    moment: datetime | None = parsedate_to_datetime(str(written)) if written else None
    return format_datetime(moment, "short") if moment else ""


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
