"""The hand-over of one mail: no connection to the database held while we talk, one last check before it leaves.

A mail that is not wanted any more is withdrawn between RCPT and DATA. It knows no kind of mail.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from matcher.database import autocommit, transaction
from matcher.mail.message import Message
from matcher.services import suppression
from matcher.services.wanted import Unwanted
from workers.rows import Claimed, LeaseLost, M, is_ours
from workers.runtime import Runtime
from workers.smtp import PermanentMailError, TemporaryMailError

# Gives None while a mail may leave, else why it may not; asked in a session of its own, which it only reads.
StillWanted = Callable[[Session], str | None]
# What a server says of the address itself (RFC 3463).
NO_SUCH_MAILBOX = "5.1."
# What a server says at RCPT of one recipient (RFC 5321): no mailbox, moved, full, a name that cannot be. Not 554.
NOT_FOR_HER = frozenset({550, 551, 552, 553})
log = structlog.get_logger(__name__)


def hand_over(runtime: Runtime, claimed: Claimed[M], message: Message, still_wanted: StillWanted) -> str | None:
    """Give a mail to the mail server; return None when it was taken, else why it was withdrawn. Settles nothing.

    Raises LeaseLost when the row is no longer ours, and TemporaryMailError when the mail is to be composed anew.
    """
    withdrawn: list[str] = []
    deadline = timedelta(seconds=runtime.settings.smtp_deadline_s)

    def may_leave() -> bool:
        with runtime.sessions() as session:
            autocommit(session)
            # Long enough for the server's last word: nobody else begins with this mail meanwhile.
            if not is_ours(session, claimed.row, runtime.clock(session) + deadline):
                raise LeaseLost
            withdrawn.extend(filter(None, [still_wanted(session)]))
        return not withdrawn

    try:
        if runtime.send(message, may_leave):
            log.info("mail handed over", message=message.message_id)
            return None
    except PermanentMailError as error:
        if names_no_mailbox(error):
            _close_address(runtime, message.recipient)
        raise
    if Unwanted.ADDRESS_CHANGED in withdrawn:
        raise TemporaryMailError(Unwanted.ADDRESS_CHANGED)
    log.info("mail withdrawn", row=claimed.row.id, kind=claimed.row.kind, reason=str(withdrawn[0]))
    return withdrawn[0]


def names_no_mailbox(error: PermanentMailError) -> bool:
    """Tell whether the mail server refused the address itself; a refusal that does not say so may be about us."""
    return error.verb == "RCPT" and error.enhanced.startswith(NO_SUCH_MAILBOX)


def refuses_recipient(error: PermanentMailError) -> bool:
    """Tell whether the mail server takes no mail for this recipient, for whatever reason: other mails may pass."""
    return error.verb == "RCPT" and error.code in NOT_FOR_HER


def _close_address(runtime: Runtime, address: str) -> None:
    """Write no more to an address that the mail server says does not exist, as after a bounce."""
    with runtime.sessions() as session, transaction(session):
        suppression.refuse(session, runtime.settings, address, runtime.clock(session))
