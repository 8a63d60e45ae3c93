"""What is emptied of a person who is erased: profile, mails, account, and her contacts in what associations wrote.

Ends nothing and tells nobody: that stands in privacy.py.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.account import Account
from matcher.models.association import Association, Membership, PendingMembership
from matcher.models.invitation_mail import InvitationMail
from matcher.models.need import Need, NeedEvent
from matcher.models.note import NOTE_MAX, Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.silence import SilenceTold
from matcher.models.states import NeedStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import TUESDAY, USUAL_INVITATIONS, MailPace, Volunteer
from matcher.published import Contacts, without
from matcher.services import counterfactuals, notes, suppression
from matcher.services.changes import log_change
from matcher.services.needs import TITLE_MAX
from matcher.services.places import national_branch
from matcher.services.profile_content import HOME, HOME_ZONE
from matcher.services.wanted import Unwanted

LANGUAGE = "fr"


def forget_profile(session: Session, now: datetime, volunteer: Volunteer) -> None:
    """Empty a profile and all that was kept about it; the rankers and the needs that suggest her are told."""
    suggested = sa.select(Suggestion.need_id).join(Need).where(Suggestion.volunteer_id == volunteer.id)
    ranked = suggested.where(Need.status.in_({NeedStatus.OPEN, NeedStatus.ON_HOLD})).order_by(Suggestion.need_id)
    for need_id in session.scalars(ranked).all():
        outbox.add(session, outbox.RankNeed(need_id), now)
    session.execute(sa.delete(Suggestion).where(Suggestion.volunteer_id == volunteer.id))
    counterfactuals.forget_all_of(session, volunteer.id)
    notes.forget_all_of(session, volunteer.id)
    session.execute(sa.delete(SilenceTold).where(SilenceTold.volunteer_id == volunteer.id))
    volunteer.headline = volunteer.description = ""
    volunteer.skills, volunteer.locations, volunteer.experiences = [], [], []
    volunteer.languages = volunteer.weekly = volunteer.unavailable = ()
    volunteer.language, volunteer.missions_at_once, volunteer.is_short_notice = LANGUAGE, 1, False
    volunteer.remote = volunteer.on_site = volunteer.radius_km = volunteer.commitment = None
    volunteer.hours = volunteer.hours_per = volunteer.available_from = volunteer.available_until = None
    volunteer.confirmed_on = volunteer.paused_until = volunteer.invitations_allowed_at = None
    volunteer.mail_pace, volunteer.mail_weekday, volunteer.most_invitations = (
        MailPace.IMMEDIATE,
        TUESDAY,
        USUAL_INVITATIONS,
    )
    volunteer.rests_until = volunteer.wakes_at = volunteer.still_true_asked_at = None
    session.execute(sa.delete(InvitationMail).where(InvitationMail.volunteer_id == volunteer.id))
    volunteer.country, volunteer.timezone, volunteer.is_paused = HOME, HOME_ZONE, True
    volunteer.branch_id = national_branch(session).id
    volunteer.touched_at = now
    log_change(session, now, volunteer.id)


def forget_mails(session: Session, now: datetime, account: Account) -> None:
    """Mails that carry an address of hers leave no more; those named by her id are dropped when their turn comes.

    Their rows stay, empty: SQLite would give the number of the last one again, and with it the Message-ID.
    """
    named = OutboxRow.payload["account_id"].as_integer() == account.id
    is_hers = sa.or_(sa.func.lower(OutboxRow.payload["address"].as_string()) == account.email.lower(), named)
    mails = sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendAccountMail.kind, is_hers)
    for row in session.scalars(mails.order_by(OutboxRow.id).with_for_update()):
        row.payload = {**row.payload, **dict.fromkeys(("address", "name", "about"), ""), "account_id": None}
        row.sent_text = None
        if row.done_at is None or row.payload.get("sealed_link"):
            outbox.complete(row, row.done_at or now, outcome=row.outcome if row.done_at else Unwanted.NOBODY)
    _forget_what_mails_said(session, account)
    # That an address is closed stays known by its hash, and no longer whose it was.
    suppression.let_go(session, account.id)
    hers = sa.func.lower(PendingMembership.email) == account.email.lower()
    session.execute(sa.delete(PendingMembership).where(hers))


def _forget_what_mails_said(session: Session, account: Account) -> None:
    """Nothing stays of what mails told her, nor of what they told others about her.

    Those are the mails about her pairings, and whatever holds her name when it has several words.
    """
    own = sa.select(Pairing.id).join(Volunteer).where(Volunteer.account_id == account.id)
    speaks_of_her = sa.or_(
        OutboxRow.payload["pairing_id"].as_integer().in_(own),
        OutboxRow.sent_text.contains(account.name, autoescape=True) if " " in account.name else sa.false(),
    )
    is_said = OutboxRow.sent_text.is_not(None)
    forgotten = sa.update(OutboxRow).where(is_said, sa.or_(outbox.is_to(account.id), speaks_of_her))
    session.execute(forgotten.values(sent_text=None).execution_options(synchronize_session="fetch"))


def forget_account(account: Account, now: datetime) -> None:
    """Empty an account and close it; its number stays, so that what others did with her can still be counted."""
    account.email = f"erased-{account.id}@erased.invalid"
    account.name, account.phone, account.password, account.hat = "", None, None, None
    account.drop_second_factor()
    account.language = LANGUAGE
    account.last_active_on, account.warned_on, account.warnings = None, None, 0
    account.confirmed_at = account.adult_declared_at = None
    account.fs_uniquifier = uuid.uuid4().hex
    account.active, account.suspended_at = False, None
    account.mail_stopped_at = account.update_datetime = now


def forget_in_texts(session: Session, account: Account) -> None:
    """Take her name, address and telephone number out of texts where she may stand.

    Those are of the associations that she acted for, and of whatever she had a hand in: a coordinator signs an answer.
    """
    hers = Contacts(account.name, account.email, account.phone)
    ours = sa.select(Membership.association_id).where(Membership.account_id == account.id)
    needs = session.scalars(sa.select(Need).where(_had_a_hand_in(account.id, ours)).order_by(Need.id)).all()
    of_needs = {need.association_id for need in needs}
    for association in session.scalars(
        sa.select(Association).where(sa.or_(Association.id.in_(ours), Association.id.in_(of_needs)))
    ):
        association.description = without(hers, association.language, association.description) or ""
    for need in needs:
        _forget_in_need(need, hers)
    for pairing in session.scalars(sa.select(Pairing).where(Pairing.need_id.in_([need.id for need in needs]))):
        language = pairing.need.language
        pairing.motivation = without(hers, language, pairing.motivation)
        pairing.question = without(hers, language, pairing.question)
        pairing.answer = without(hers, language, pairing.answer)
    for note in session.scalars(sa.select(Note).where(Note.author_id == account.id)):
        note.text = (without(hers, LANGUAGE, note.text) or "")[:NOTE_MAX]


def _had_a_hand_in(account_id: int, associations: sa.Select[int]) -> sa.ColumnElement[bool]:
    """The condition that a need is of these associations, or that the account wrote it, or moved it or its pairings."""
    moved = sa.select(NeedEvent.need_id).where(NeedEvent.account_id == account_id)
    paired = sa.select(Pairing.need_id).join(PairingEvent).where(PairingEvent.account_id == account_id)
    return sa.or_(
        Need.association_id.in_(associations),
        Need.author_id == account_id,
        Need.contact_id == account_id,
        Need.id.in_(moved),
        Need.id.in_(paired),
    )


def forget_draft(need: Need) -> None:
    """Empty a draft that nobody has handed in and nobody acts for any more: no one is left who may read it."""
    need.title = need.description = ""
    need.skills, need.locations = [], []


def _forget_in_need(need: Need, hers: Contacts) -> None:
    need.title = (without(hers, need.language, need.title) or "")[:TITLE_MAX]
    need.description = without(hers, need.language, need.description) or ""
    need.submitted_text = without(hers, need.language, need.submitted_text)
    need.review_points = without(hers, need.language, need.review_points)
