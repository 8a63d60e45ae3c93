"""Why somebody is not invited just now, and until when: her will, a pause, a rest, her limit, her pace. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.invitation_mail import InvitationMail
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import MailPace, Volunteer
from matcher.services.sending import ONE_DAY, SendingRules, is_mail_day, next_opening, opening
from matcher.services.suppression import is_not_solicited

LIMIT_WINDOW = timedelta(days=30)
MOST_TOGETHER = 5
# Who gets one mail a day or a week gets it in the morning: a worker that was away at eight still sends it.
MORNING = timedelta(hours=4)
SOON = timedelta(minutes=10)
MOST_HOLDS = 12


class Held(StrEnum):
    """Why she is not invited just now."""

    NOT_ASKED = "not_asked"
    UNREACHABLE = "unreachable"
    SHORT_NOTICE = "short_notice"
    PAUSED = "paused"
    RESTING = "resting"
    LIMIT = "limit"
    PACE = "pace"


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason, and the moment at which it ends by itself; None when only she can end it."""

    why: Held
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mailed:
    """Her mails with invitations: when each of the last 30 days left, and how many more are about to."""

    sent: tuple[datetime, ...] = ()
    leaving: int = 0


def hold_at(volunteer: Volunteer, mailed: Mailed, moment: datetime) -> Hold | None:
    """Return the first reason that keeps one more such mail from her at a moment; None when it may leave."""
    if volunteer.invitations_allowed_at is None or volunteer.account.mail_stopped_at is not None:
        return Hold(Held.NOT_ASKED)
    if not volunteer.account.active or not volunteer.account.is_confirmed:
        return Hold(Held.UNREACHABLE)
    if volunteer.is_paused_on(moment.astimezone(ZoneInfo(volunteer.timezone)).date()):
        return Hold(Held.PAUSED, _start_of(volunteer, volunteer.paused_until))
    if volunteer.rests_until is not None and volunteer.rests_until > moment:
        return Hold(Held.RESTING, volunteer.rests_until)
    return _limit(volunteer, mailed, moment) or _pace(volunteer, mailed, moment)


def hold_of(session: Session, rules: SendingRules, pairing: Pairing, now: datetime, *, row_id: int = 0) -> Hold | None:
    """Return why the volunteer of a pairing is not to be invited to it now; a row of the outbox does not count itself.

    While a mail to her is set aside, no other is queued: an administrator looks why, or gives it up.
    Without a row, the mail that is about to leave takes up to five invitations along, so that one more costs nothing.
    """
    volunteer = pairing.volunteer
    if pairing.need.is_urgent and not volunteer.is_short_notice:
        return Hold(Held.SHORT_NOTICE)
    if rules.settings and is_not_solicited(session, rules.settings, volunteer.account.email, now):
        return Hold(Held.UNREACHABLE, now + ONE_DAY)
    if not row_id and _is_set_aside(session, volunteer):
        return Hold(Held.UNREACHABLE, now + ONE_DAY)
    if not rules.cap:
        return hold_at(volunteer, Mailed(), now)
    sent = sent_mails(session, [volunteer.id], now)[volunteer.id]
    return hold_at(volunteer, Mailed(sent, _leaving(session, volunteer, row_id)), now)


def next_possible(volunteer: Volunteer, mailed: Mailed, now: datetime) -> datetime | None:
    """Return when one more mail may leave by her own rules: now, later, or None when only she can end what holds it."""
    moment = now
    for _ in range(MOST_HOLDS):
        hold = hold_at(volunteer, mailed, moment)
        if hold is None:
            return moment if moment == now else next_opening(volunteer, moment)
        if hold.until is None:
            return None
        moment = hold.until
    return moment


def sent_mails(session: Session, volunteer_ids: Collection[int], now: datetime) -> dict[int, tuple[datetime, ...]]:
    """Return when each mail with invitations of the last 30 days left, by volunteer, oldest first; one statement."""
    rows = session.execute(
        sa.select(InvitationMail.volunteer_id, InvitationMail.at)
        .where(InvitationMail.volunteer_id.in_(volunteer_ids), InvitationMail.at > now - LIMIT_WINDOW)
        .order_by(InvitationMail.at)
    )
    found: defaultdict[int, tuple[datetime, ...]] = defaultdict(tuple)
    for volunteer_id, at in rows:
        found[volunteer_id] += (at,)
    return found


def _is_set_aside(session: Session, volunteer: Volunteer) -> bool:
    hers = sa.select(sa.cast(Pairing.id, sa.String)).where(Pairing.volunteer_id == volunteer.id)
    parked = sa.select(OutboxRow.id).where(
        OutboxRow.done_at.is_(None),
        OutboxRow.parked_at.is_not(None),
        OutboxRow.kind == outbox.SendInvitation.kind,
        OutboxRow.key.in_(hers),
    )
    return session.scalar(parked.limit(1)) is not None


def _leaving(session: Session, volunteer: Volunteer, row_id: int) -> int:
    """Count the mails to her that are about to leave, beside the one in question."""
    carriers = session.scalars(
        sa.select(Pairing.carried_by).where(
            Pairing.volunteer_id == volunteer.id,
            Pairing.status == PairingStatus.APPROVED,
            Pairing.queued_at.is_not(None),
        )
    ).all()
    in_hand = len({carrier for carrier in carriers if carrier not in {None, row_id}})
    waiting = carriers.count(None)
    return in_hand if row_id else in_hand + waiting // MOST_TOGETHER


def _limit(volunteer: Volunteer, mailed: Mailed, moment: datetime) -> Hold | None:
    if volunteer.most_invitations is None:
        return None
    counted = [at for at in mailed.sent if at > moment - LIMIT_WINDOW]
    excess = len(counted) + mailed.leaving + 1 - volunteer.most_invitations
    if excess <= 0:
        return None
    until = counted[excess - 1] + LIMIT_WINDOW if excess <= len(counted) else moment + SOON
    return Hold(Held.LIMIT, until)


def _pace(volunteer: Volunteer, mailed: Mailed, moment: datetime) -> Hold | None:
    if volunteer.mail_pace is MailPace.IMMEDIATE:
        return None
    day = moment.astimezone(ZoneInfo(volunteer.timezone)).date()
    if _has_mail(volunteer, day):
        opens = opening(volunteer, day)
        if moment < opens:
            return Hold(Held.PACE, opens)
        if moment < opens + MORNING and not mailed.leaving and not any(at >= opens for at in mailed.sent):
            return None
    day += ONE_DAY
    while not _has_mail(volunteer, day):
        day += ONE_DAY
    return Hold(Held.PACE, opening(volunteer, day))


def _has_mail(volunteer: Volunteer, day: date) -> bool:
    """True on each mail day, or for the weekly mail on her weekday or the first mail day after it."""
    if not is_mail_day(volunteer, day):
        return False
    if volunteer.mail_pace is not MailPace.WEEKLY:
        return True
    chosen = day - ONE_DAY * ((day.weekday() - volunteer.mail_weekday) % 7)
    return not any(is_mail_day(volunteer, chosen + ONE_DAY * n) for n in range((day - chosen).days))


def _start_of(volunteer: Volunteer, day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), ZoneInfo(volunteer.timezone)).astimezone(UTC)
