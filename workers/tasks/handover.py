"""The hand-over of one mail: no connection to the database held while we talk, one last check before it leaves.

A mail that is not wanted any more is withdrawn between RCPT and DATA. It knows no kind of mail.
"""

from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from matcher.mail.message import Message
from matcher.services.wanted import Unwanted
from workers.rows import Claimed, LeaseLost, M, is_ours
from workers.runtime import Runtime
from workers.smtp import TemporaryMailError

# Gives None while a mail may leave, else why it may not; asked in a session of its own, which it only reads.
StillWanted = Callable[[Session], str | None]
log = structlog.get_logger(__name__)


def hand_over(runtime: Runtime, claimed: Claimed[M], message: Message, still_wanted: StillWanted) -> str | None:
    """Give a mail to the mail server; return None when it was taken, else why it was withdrawn. Settles nothing.

    Raises LeaseLost when the row is no longer ours, and TemporaryMailError when the mail is to be composed anew.
    """
    withdrawn: list[str] = []

    def may_leave() -> bool:
        with runtime.sessions() as session:
            if not is_ours(session, claimed.row):
                raise LeaseLost
            withdrawn.extend(filter(None, [still_wanted(session)]))
        return not withdrawn

    if runtime.send(message, may_leave):
        return None
    if Unwanted.ADDRESS_CHANGED in withdrawn:
        raise TemporaryMailError(Unwanted.ADDRESS_CHANGED)
    log.info("mail withdrawn", row=claimed.row.id, kind=claimed.row.kind, reason=str(withdrawn[0]))
    return withdrawn[0]
