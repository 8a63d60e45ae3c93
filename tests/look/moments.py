"""States that the demo does not show by itself: each is made for a picture, and taken back after it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from matcher.database import Base, transaction
from matcher.messages import AdvanceLine, Message, RankNeed, SendAccountMail, SendInvitation, SendMail
from matcher.models.alert import Alert, AlertCode
from matcher.models.invitation_mail import InvitationMail
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.suppression import MailReport, ReportOutcome, Suppression, SuppressionReason
from matcher.queries.similar_needs import needs_for_her
from matcher.services.suppression import address_hash
from tests.look.backstage import Backstage
from tests.look.finders import Way, at, first_link
from tests.look.looked import VOLUNTEER, Arranged

CHOSEN = ("is_paused", "paused_until", "mail_pace", "most_invitations", "mail_weekday", "rests_until",
          "invitations_allowed_at", "confirmed_on")  # fmt: skip
ADDRESSES = "/admin/addresses"
OUTBOX = "/admin/outbox"


def mails(*, sent: int = 0, stopped: bool = False, rests: bool = False, **values: object) -> Arranged:
    """Her mail choices, behind the link of a mail."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        her = stage.volunteer(VOLUNTEER)
        kept = {name: getattr(her, name) for name in CHOSEN}
        chosen = {**kept, **values}
        if rests:
            chosen["rests_until"] = stage.now + timedelta(days=9)
        if values.get("is_paused"):
            chosen["paused_until"] = stage.now.date() + timedelta(days=40)
        left = [InvitationMail(volunteer_id=her.id, at=stage.now - timedelta(days=3 + 5 * n)) for n in range(sent)]
        stopped_at = stage.now if stopped else None
        with ExitStack() as stack:
            stack.enter_context(stage.changed(her, **chosen))
            stack.enter_context(stage.changed(her.account, mail_stopped_at=stopped_at))
            stack.enter_context(stage.added(left))
            yield stage.path(LinkPurpose.MAIL_CHOICES, her.account)

    return arrange


@contextmanager
def not_stopped(stage: Backstage) -> Iterator[str]:
    """The link that stops invitations; what its button does is taken back."""
    her = stage.volunteer(VOLUNTEER)
    with ExitStack() as stack:
        stack.enter_context(stage.changed(her, invitations_allowed_at=her.invitations_allowed_at))
        stack.enter_context(stage.changed(her.account, mail_stopped_at=None))
        yield stage.path(LinkPurpose.UNSUBSCRIBE, her.account)


@contextmanager
def time_to_confirm(stage: Backstage) -> Iterator[str]:
    """Her availability was confirmed long ago."""
    her = stage.volunteer(VOLUNTEER)
    with stage.changed(her, confirmed_on=stage.now.date() - timedelta(days=120)):
        yield stage.path(LinkPurpose.STILL_TRUE, her.account)


def closed(reason: SuppressionReason, path: str = "") -> Arranged:
    """Her mails come back; without a path, the page behind the link that opens her address again."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        her = stage.account(VOLUNTEER)
        with stage.added([_closed(stage, VOLUNTEER, reason)]):
            yield path or stage.path(LinkPurpose.ADDRESS_WORKS, her)

    return arrange


@contextmanager
def opened_by_her(stage: Backstage) -> Iterator[str]:
    """The same link; its button deletes what closed the address, so nothing is left to take back."""
    with transaction(stage.session):
        stage.session.add(_closed(stage, VOLUNTEER, SuppressionReason.HARD))
    yield stage.path(LinkPurpose.ADDRESS_WORKS, stage.account(VOLUNTEER))


@contextmanager
def mails_come_back(stage: Backstage) -> Iterator[str]:
    """Addresses closed for each reason, and reports of each kind."""
    people = stage.session.scalars(sa.select(Pairing).order_by(Pairing.id).limit(60)).all()
    emails = list(dict.fromkeys(each.volunteer.account.email for each in people))[: len(SuppressionReason) * 2]
    rows: list[Base] = [
        _closed(stage, email, list(SuppressionReason)[n % len(SuppressionReason)]) for n, email in enumerate(emails)
    ]
    rows += [
        MailReport(digest=f"{n:064}", at=stage.now, outcome=list(ReportOutcome)[n % len(ReportOutcome)])
        for n in range(17)
    ]
    with stage.added(rows):
        yield ADDRESSES


def _closed(stage: Backstage, email: str, reason: SuppressionReason) -> Suppression:
    until = stage.now + timedelta(days=7) if reason is SuppressionReason.SOFT else None
    return Suppression(
        address_hash=address_hash(stage.settings, email),
        reason=reason,
        since=stage.now - timedelta(days=2),
        until=until,
        account_id=stage.account(email).id,
    )


@contextmanager
def nothing_waits(stage: Backstage) -> Iterator[str]:
    """An outbox in which nothing waits and nothing is set aside."""
    waiting = stage.session.scalars(sa.select(OutboxRow).where(OutboxRow.done_at.is_(None))).all()
    with ExitStack() as stack:
        for row in waiting:
            stack.enter_context(stage.changed(row, done_at=stage.now))
        yield OUTBOX


@contextmanager
def set_aside(stage: Backstage) -> Iterator[str]:
    """Rows that were set aside for each reason, and two alerts."""
    with stage.added([*_rows(stage), *_alerts(stage)]):
        yield OUTBOX


def to_discard(kind: str) -> Way:
    """The page that asks before a row is given up."""
    return first_link(at(OUTBOX), f"{OUTBOX}/", kind, ending="/discard")


def _rows(stage: Backstage) -> Sequence[OutboxRow]:
    pairing = stage.session.scalars(sa.select(Pairing).where(Pairing.status == PairingStatus.INVITED)).first()
    assert pairing is not None
    need_id = pairing.need_id
    account_mail = SendAccountMail("confirm_address", "somebody@example.org", "fr", name="Somebody")
    told = (
        (SendInvitation(pairing.id), ParkReason.MAIL_REFUSED, "mail refused: 550", 1),
        (SendMail("need_opened", 1, need_id=need_id), ParkReason.MAIL_REFUSED, "mail refused: 552", 1),
        (account_mail, ParkReason.MAIL_NOT_TAKEN, "mail not taken: 451", 24),
        (RankNeed(need_id), ParkReason.ERROR, "ValueError", 24),
        (AdvanceLine(need_id), ParkReason.CUT_SHORT, "", 24),
    )
    return [_row(stage, n, *each) for n, each in enumerate(told)]


def _row(stage: Backstage, hours: int, message: Message, reason: ParkReason, *said: object) -> OutboxRow:
    outcome, attempts = said
    at = stage.now - timedelta(hours=1 + 7 * hours)
    return OutboxRow(
        kind=message.kind, key=None, payload=asdict(message), created_at=at, not_before=at,
        attempts=attempts, parked_at=at, reason=reason, outcome=outcome,
    )  # fmt: skip


def _alerts(stage: Backstage) -> Sequence[Alert]:
    since = stage.now - timedelta(minutes=25)
    told = ((AlertCode.ROWS_LATE, "send_mail", 12), (AlertCode.NEEDS_UNRANKED, "", 1))
    return [
        Alert(code=code, subject=subject, count=n, ids={"list": [311, 312]}, opened_at=since, seen_at=stage.now)
        for code, subject, n in told
    ]


def restored(path: str) -> Arranged:
    """A quarantine is in force."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        since, data_of = stage.now - timedelta(minutes=20), stage.now - timedelta(hours=9)
        with stage.added([Quarantine(since=since, data_of=data_of, reason="restored")]):
            yield path

    return arrange


@contextmanager
def too_late(stage: Backstage) -> Iterator[str]:
    """The answer page of somebody who was invited to a need that has found its people, with two others for her."""
    statuses = (PairingStatus.RELEASED, PairingStatus.EXPIRED)
    found = stage.session.scalars(
        sa.select(Pairing).join(Need).where(Need.status == NeedStatus.FILLED, Pairing.status.in_(statuses))
    ).all()
    most = max(found, key=lambda each: len(needs_for_her(stage.session, each.volunteer, each.need)))
    yield stage.path(LinkPurpose.ANSWER, most.volunteer.account, most.id)
