"""What a message to a return path says: delivery reports (RFC 3464), complaints (RFC 5965), plain bounces, replies.

Pure: bytes in, a verdict out. Whatever a stranger sends, of whatever size, is read or found unreadable, never a crash.
"""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from matcher.mail.return_path import Returned, find_returned
from matcher.models.suppression import ReportOutcome
from matcher.settings import Settings

# The report stands before the mail that it returns, so what is cut off says nothing more.
READ_BYTES = 64 * 1024
# The standard library reads each line once for each part that is open around it: seconds for a hostile nest.
MOST_PARTS = 20
MOST_TEXT = 20_000
# A complaint comes to the address that was registered for complaints: our signature is in the mail that it returns.
ADDRESSED = (
    "To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Failed-Recipients", "Return-Path",
    "Original-Mail-From", "Original-Envelope-Id", "X-Original-Return-Path",
)  # fmt: skip
COMPLAINTS = frozenset({"abuse", "fraud", "virus", "opt-out", "other"})
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Vacation", "X-FC-MachineGenerated")
DAEMONS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@|<>", re.IGNORECASE)
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
REPLY = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")
FULL = re.compile(
    r"quota|mailbox (?:is )?full|over ?quota|boîte (?:de réception )?pleine|(?<!\d)552(?!\d)", re.IGNORECASE
)
# What is said of us or of the mail, and not of the address, must not silence the address at once.
NOT_THE_ADDRESS = frozenset({"6", "7"})
# Among what is said of addresses (RFC 3463), two codes are about the sender's: ours.
OUR_ADDRESS = frozenset({("1", "7"), ("1", "8")})


@dataclass(frozen=True, slots=True)
class Report:
    """One message that came back: its fingerprint, what it says, and about which of our mails."""

    digest: str
    outcome: ReportOutcome
    returned: Returned | None


def read_report(settings: Settings, raw: bytes, *, envelope_to: str = "") -> Report:
    """Read a message that came to a return path; `envelope_to` is the address that the mail server was given."""
    digest = hashlib.sha256(envelope_to.encode("utf-8", "replace") + b"\0" + raw[:READ_BYTES]).hexdigest()
    try:
        mail = _parsed(raw[:READ_BYTES])
        parts = list(mail.walk())
        said = " ".join([envelope_to, *(_header(part, name) for part in parts for name in ADDRESSED)])
        returned = find_returned(settings, said)
        outcome = _outcome(mail, parts)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # The standard library raises these for parts that contradict themselves.
        return Report(digest, ReportOutcome.UNREADABLE, None)
    if returned is None:
        return Report(digest, ReportOutcome.FORGED, None)
    return Report(digest, outcome, returned)


def _parsed(raw: bytes) -> Message:
    if raw.lower().count(b"boundary") > MOST_PARTS or raw.lower().count(b"message/") > MOST_PARTS:
        raise ValueError("more parts than any report has")
    return message_from_bytes(raw, policy=compat32)


def _outcome(mail: Message, parts: list[Message]) -> ReportOutcome:
    kinds = {part.get_content_type(): part for part in reversed(parts)}
    if "message/feedback-report" in kinds:
        return _complaint(kinds["message/feedback-report"])
    if "message/delivery-status" in kinds:
        return _delivery(kinds["message/delivery-status"])
    if "message/disposition-notification" in kinds or _is_automatic(mail) or not _is_from_daemon(mail):
        return ReportOutcome.IGNORED
    return _plain(parts)


def _complaint(part: Message) -> ReportOutcome:
    kind = " ".join(_header(block, "Feedback-Type") for block in _blocks(part)).strip().lower()
    return ReportOutcome.COMPLAINT if kind in COMPLAINTS else ReportOutcome.IGNORED


def _delivery(part: Message) -> ReportOutcome:
    """The worst of what is said of the recipients; a delay or a delivery is no failure."""
    found = {
        _failure(_header(block, "Status"), _header(block, "Diagnostic-Code"))
        for block in _blocks(part)
        if _header(block, "Action").strip().lower() == "failed"
    }
    return _worst(found)


def _failure(status: str, diagnostic: str) -> ReportOutcome:
    code = STATUS.search(status) or STATUS.search(diagnostic)
    if code is None:
        reply = REPLY.search(diagnostic)
        kind = reply.group(1) if reply else "4"
        said = ("", "")
    else:
        kind, said = code.group(1), (code.group(2), code.group(3))
    if kind == "2":
        return ReportOutcome.IGNORED
    is_full = said == ("2", "2") or FULL.search(diagnostic) is not None
    if kind == "4" or is_full or said[0] in NOT_THE_ADDRESS or said in OUR_ADDRESS:
        return ReportOutcome.SOFT
    return ReportOutcome.HARD


def _plain(parts: list[Message]) -> ReportOutcome:
    """A mail server that speaks no standard: known by our return path alone, for good only when it says a code."""
    texts = [part for part in parts if part.get_content_maintype() == "text"]
    said = _text(texts[0])[:MOST_TEXT] if texts else ""
    return _failure(said, said) if STATUS.search(said) else ReportOutcome.SOFT


def _worst(found: set[ReportOutcome]) -> ReportOutcome:
    for outcome in (ReportOutcome.HARD, ReportOutcome.SOFT):
        if outcome in found:
            return outcome
    return ReportOutcome.IGNORED


def _is_automatic(mail: Message) -> bool:
    """True for an out-of-office and its like (RFC 3834); a mail server that names a failed address is none."""
    if mail.get("X-Failed-Recipients") is not None:
        return False
    answered = _header(mail, "Auto-Submitted").strip().lower()
    precedence = _header(mail, "Precedence").strip().lower()
    named = any(mail.get(name) is not None for name in AUTOMATIC)
    return named or answered.startswith("auto-replied") or precedence in {"auto_reply", "bulk", "junk", "list"}


def _is_from_daemon(mail: Message) -> bool:
    said = _header(mail, "Return-Path") + " " + _header(mail, "From")
    return DAEMONS.search(said) is not None


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _header(part: Message, name: str) -> str:
    return " ".join(str(value) for value in part.get_all(name, []))
