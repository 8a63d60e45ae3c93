"""What the families that send have in common: many mails that are owed, how far they are, and their audit. No fault."""

import email.parser

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.models.outbox import OutboxRow
from matcher.models.volunteer import Volunteer
from tests import ways
from tests.factories import World
from tests.faults.accounting import INVITATIONS, MAILS, Handed, identity
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment

SEATS = 10
# Few mails leave for one domain at a time: so many domains that this is not what is measured.
DOMAINS = 40


def settings_for(url: str, sink: SmtpSink, **facts: str) -> dict[str, str]:
    """The settings of a worker that sends at any hour, without cap and without an undo."""
    return environment(
        DATABASE_URL=url,
        SMTP_HOST=sink.host,
        SMTP_PORT=str(sink.port),
        INVITATION_CAP="false",
        UNDO_S="0",
        INVITATIONS_PER_SEAT="1",
        LOG_LEVEL="WARNING",
        **facts,
    )


def owe_mails(world: World, mails: int, *, first: int = 0) -> None:
    """Write so many mails of accounts into the outbox."""
    with transaction(world.session):
        for number in range(first, first + mails):
            address = f"reader{number}@domain{number % DOMAINS}.example"
            told = outbox.SendAccountMail("password_changed", address, "fr", f"Lectrice {number}")
            outbox.add(world.session, told, world.now)


def owe_invitations(world: World, invitations: int) -> None:
    """Put so many people in lines with a free seat for each; the mails of the needs themselves are owed too.

    The first of each line stands in the next one as well: what gathers for her may leave in one mail.
    """
    also: list[Volunteer] = []
    for begin in range(0, invitations, SEATS):
        need = world.need(seats=SEATS)
        fresh = [world.volunteer() for _ in range(min(SEATS, invitations - begin) - len(also))]
        for volunteer in (*fresh, *also):
            ways.approve(world, need, volunteer)
        also = fresh[:1]


def handed_to(sink: SmtpSink) -> list[Handed]:
    """The sink's log: each mail that it kept, whatever became of its reply."""
    parser = email.parser.BytesHeaderParser()
    named = [(parser.parsebytes(each.content)["Message-ID"], each.recipients[0]) for each in sink.received]
    return [Handed(identity(message_id), recipient) for message_id, recipient in named]


def waiting(session: Session) -> int:
    """How many mails have come to no end."""
    session.rollback()
    is_mail = OutboxRow.kind.in_((*MAILS, INVITATIONS, "advance_line"))
    return session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(is_mail, OutboxRow.done_at.is_(None))) or 0


def in_hand(session: Session) -> set[tuple[int, int]]:
    """The attempts that some worker has begun and not ended: row and number."""
    session.rollback()
    held = sa.select(OutboxRow.id, OutboxRow.attempts).where(
        OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None), OutboxRow.lease_until.is_not(None)
    )
    return {(row.id, row.attempts) for row in session.execute(held)}


def end_leases(session: Session) -> None:
    """As if the minute of the leases had passed; only right while no worker is alive."""
    with transaction(session):
        session.execute(sa.update(OutboxRow).where(OutboxRow.done_at.is_(None)).values(lease_until=None))
