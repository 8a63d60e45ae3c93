"""Which mail each transition and each clock sends, and to whom; or in words why nobody is written to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import Json
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStep, PairingStep
from matcher.queries.tasks import Task
from matcher.services.audiences import Audience, recipients


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to one audience."""

    code: MailCode
    audience: Audience


@dataclass(frozen=True, slots=True)
class InDigest:
    """A line of the coordinator's morning mail instead of a mail of its own."""

    task: Task


@dataclass(frozen=True, slots=True)
class Nobody:
    """No mail, and why."""

    because: str


Notices = tuple[Notice | InDigest, ...] | Nobody
M = MailCode
A = Audience

NEED_NOTICES: dict[NeedStep, Notices] = {
    NeedStep.SUBMIT: (Notice(M.NEED_RECEIVED, A.CONTACT),),
    NeedStep.GIVE_UP: (Notice(M.NEED_GIVEN_UP, A.CONTACT), InDigest(Task.GIVEN_UP)),
    NeedStep.DISCARD: (Notice(M.NEED_DISCARDED, A.CONTACT),),
    NeedStep.OPEN: (Notice(M.NEED_OPENED, A.CONTACT),),
    NeedStep.REQUEST_CHANGES: (Notice(M.CHANGES_REQUESTED, A.CONTACT),),
    NeedStep.LAPSE: (Notice(M.NEED_LAPSED, A.CONTACT),),
    NeedStep.REFUSE: (Notice(M.NEED_REFUSED, A.CONTACT),),
    NeedStep.FILL: (Notice(M.NEED_FILLED, A.APPLIED_AND_INVITED), Notice(M.RESERVE_WAITS, A.RESERVE)),
    NeedStep.ENOUGH: (Notice(M.NEED_FILLED, A.APPLIED_AND_INVITED), Notice(M.RESERVE_WAITS, A.RESERVE)),
    NeedStep.REOPEN: (Notice(M.NEED_REOPENED_COORDINATOR, A.COORDINATOR),),
    NeedStep.HOLD: (Notice(M.NEED_ON_HOLD, A.LIVE_PAIRINGS),),
    NeedStep.RESUME: (Notice(M.NEED_RESUMED, A.CONTACT),),
    NeedStep.RESUME_FILLED: (
        Notice(M.NEED_RESUMED, A.CONTACT),
        Notice(M.NEED_FILLED, A.APPLIED_AND_INVITED),
        Notice(M.RESERVE_WAITS, A.RESERVE),
    ),
    NeedStep.EXPIRE_HOLD: (Notice(M.NEED_CLOSED, A.LIVE_PAIRINGS),),
    NeedStep.CLOSE: (Notice(M.NEED_CLOSED, A.LIVE_PAIRINGS),),
    NeedStep.COMPLETE: (
        Notice(M.NEED_COMPLETED, A.CONTACT),
        Notice(M.NEED_FILLED, A.APPLIED_AND_INVITED),
        Notice(M.RELEASED, A.RESERVE),
    ),
    NeedStep.VANISH: (Notice(M.NEED_CLOSED, A.LIVE_PAIRINGS), Notice(M.NEED_GONE_COORDINATOR, A.COORDINATOR)),
}

_YES = (
    Notice(M.YES_RECEIPT, A.VOLUNTEER),
    Notice(M.YES_TO_CONTACT, A.CONTACT),
    Notice(M.YES_COORDINATOR, A.COORDINATOR),
)
PAIRING_NOTICES: dict[PairingStep, Notices] = {
    PairingStep.APPLY: (Notice(M.APPLICATION_RECEIVED, A.VOLUNTEER),),
    PairingStep.ACCEPT_APPLICATION: (
        Notice(M.APPLICATION_ACCEPTED, A.VOLUNTEER),
        Notice(M.YES_TO_CONTACT, A.CONTACT),
    ),
    PairingStep.RESERVE_APPLICATION: (Notice(M.APPLICATION_RESERVED, A.VOLUNTEER),),
    PairingStep.SET_ASIDE: (Notice(M.SET_ASIDE, A.VOLUNTEER_IF_SHE_KNEW),),
    PairingStep.APPROVE: Nobody("she learns of it by her invitation, when her turn comes"),
    PairingStep.MARK_INVITED: Nobody("the invitation has just been handed over"),
    PairingStep.ACCEPT: _YES,
    PairingStep.JOIN_RESERVE: (Notice(M.RESERVE_RECEIPT, A.VOLUNTEER), Notice(M.YES_COORDINATOR, A.COORDINATOR)),
    PairingStep.DECLINE: Nobody("the page thanks her; the next in line is invited"),
    PairingStep.ACCEPT_BY_TELEPHONE: (
        Notice(M.TELEPHONE_RECEIPT, A.VOLUNTEER),
        Notice(M.YES_TO_CONTACT, A.CONTACT),
        Notice(M.YES_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.JOIN_RESERVE_BY_TELEPHONE: (
        Notice(M.TELEPHONE_RECEIPT, A.VOLUNTEER),
        Notice(M.YES_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.DECLINE_BY_TELEPHONE: (Notice(M.TELEPHONE_RECEIPT, A.VOLUNTEER),),
    PairingStep.CORRECT_TELEPHONE: (Notice(M.WITHDRAWN_COORDINATOR, A.COORDINATOR),),
    PairingStep.ASK: (Notice(M.QUESTION_COORDINATOR, A.COORDINATOR),),
    PairingStep.REPLY: (Notice(M.QUESTION_ANSWERED, A.VOLUNTEER),),
    PairingStep.EXPIRE: Nobody("silence is an answer; the next in line is invited"),
    PairingStep.REINVITE: (Notice(M.FRESH_INVITATION, A.VOLUNTEER),),
    PairingStep.OFFER_SEAT: (Notice(M.STILL_FREE, A.VOLUNTEER),),
    PairingStep.WITHDRAW: Nobody("told by services.answers: the contact only when a seat was held"),
    PairingStep.CONFIRM: (
        Notice(M.INTRODUCED, A.VOLUNTEER),
        Notice(M.INTRODUCED, A.CONTACT),
        Notice(M.CONFIRMED_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.REFUSE: (Notice(M.REFUSED_KINDLY, A.VOLUNTEER),),
    PairingStep.RELEASE_UNANSWERED: (
        Notice(M.YES_RELEASED, A.VOLUNTEER),
        Notice(M.NEED_HELD_SILENT, A.MEMBERS),
        InDigest(Task.STUCK),
    ),
    PairingStep.BEGIN: (Notice(M.MISSION_SHEET, A.VOLUNTEER), Notice(M.MISSION_SHEET, A.CONTACT)),
    PairingStep.OBJECT_TO_START: (
        Notice(M.START_CONTESTED, A.VOLUNTEER),
        Notice(M.START_CONTESTED, A.CONTACT),
        Notice(M.START_CONTESTED_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.REFUSE_AFTER_TALK: (
        Notice(M.ENDED_AFTER_TALK, A.VOLUNTEER),
        Notice(M.ENDED_AFTER_TALK_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.WITHDRAW_AFTER_TALK: (
        Notice(M.ENDED_AFTER_TALK, A.CONTACT),
        Notice(M.ENDED_AFTER_TALK_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.ABANDON_WITHOUT_NEWS: (Notice(M.NO_NEWS, A.VOLUNTEER), Notice(M.NO_NEWS, A.CONTACT)),
    PairingStep.COMPLETE: (Notice(M.MISSION_COMPLETED, A.VOLUNTEER), Notice(M.MISSION_COMPLETED, A.CONTACT)),
    PairingStep.COMPLETE_UNREVIEWED: (
        Notice(M.MISSION_COMPLETED, A.VOLUNTEER),
        Notice(M.MISSION_COMPLETED, A.CONTACT),
    ),
    PairingStep.ABANDON: Nobody("told by services.missions: the side that did not end it, and the coordinator"),
    PairingStep.ABANDON_EARLY: (
        Notice(M.MISSION_ABANDONED, A.VOLUNTEER),
        Notice(M.MISSION_ABANDONED, A.CONTACT),
    ),
    PairingStep.RELEASE: Nobody("told by the mail of what happened to the need, or told by services.privacy"),
    PairingStep.RELEASE_UNREACHABLE: (Notice(M.INVITATION_RETURNED, A.COORDINATOR),),
    PairingStep.ABANDON_ERASED: (
        Notice(M.MISSION_ABANDONED, A.CONTACT),
        Notice(M.ABANDONED_COORDINATOR, A.COORDINATOR),
    ),
    PairingStep.RENEW: Nobody("she learns of it by her new invitation"),
}

CLOCK_NOTICES: dict[Clock, Notices] = {
    Clock.REMIND_DRAFT: (Notice(M.DRAFT_REMINDER, A.CONTACT),),
    Clock.WARN_DRAFT: (Notice(M.DRAFT_WARNING, A.CONTACT),),
    Clock.DISCARD_DRAFT: Nobody("the step itself writes"),
    Clock.REVIEW_MISSED: (Notice(M.REVIEW_LATE, A.CONTACT), Notice(M.REVIEW_LATE_BRANCH, A.BRANCH)),
    Clock.REVIEW_MISSED_AGAIN: (Notice(M.REVIEW_LATE_ADMINISTRATORS, A.ADMINISTRATORS),),
    Clock.REMIND_CHANGES: (Notice(M.CHANGES_REMINDER, A.CONTACT),),
    Clock.LAPSE_CHANGES: Nobody("the step itself writes"),
    Clock.ASK_STILL_NEEDED: (Notice(M.STILL_NEEDED, A.CONTACT),),
    Clock.HOLD_SILENT: (Notice(M.NEED_HELD_SILENT, A.MEMBERS), InDigest(Task.STUCK)),
    Clock.NOBODY_YET: Nobody("told by services.clock_actions unless somebody may still say yes"),
    Clock.WARN_HOLD: (Notice(M.HOLD_WARNING, A.MEMBERS),),
    Clock.EXPIRE_HOLD: Nobody("the step itself writes"),
    Clock.APPLICATION_WAITS: (InDigest(Task.APPLICATION),),
    Clock.APPLICATION_WAITS_LONG: (
        Notice(M.APPLICATION_WAITS_ADMINISTRATORS, A.ADMINISTRATORS),
        Notice(M.APPLICATION_LATE, A.VOLUNTEER),
    ),
    Clock.REMIND_INVITED: (Notice(M.INVITATION_REMINDER, A.VOLUNTEER),),
    Clock.EXPIRE_INVITED: Nobody("silence is an answer; the next in line is invited"),
    Clock.QUESTION_WAITS: Nobody("the invitation's clock runs again"),
    Clock.YES_WAITS: (Notice(M.YES_TO_MEMBERS, A.MEMBERS),),
    Clock.YES_WAITS_LONG: (Notice(M.YES_LATE, A.VOLUNTEER), InDigest(Task.YES)),
    Clock.RELEASE_YES: Nobody("the step itself writes"),
    Clock.ASK_TALKED: (Notice(M.HAVE_YOU_TALKED, A.VOLUNTEER), Notice(M.HAVE_YOU_TALKED, A.CONTACT)),
    Clock.TALK_WAITS: (InDigest(Task.MISSION),),
    Clock.ABANDON_TALK: Nobody("the step itself writes"),
    Clock.ASK_FINISHED: (Notice(M.IS_IT_FINISHED, A.VOLUNTEER), Notice(M.IS_IT_FINISHED, A.CONTACT)),
    Clock.FINISH_WAITS: (InDigest(Task.MISSION),),
    Clock.FINISH_UNREVIEWED: Nobody("the step itself writes"),
    Clock.ACCEPT_FINISH: Nobody("the step itself writes"),
}


def tell(
    session: Session,
    now: datetime,
    notices: Notices,
    need: Need,
    *,
    pairing: Pairing | None = None,
    data: dict[str, Json] | None = None,
) -> None:
    """Add one outbox row for each recipient of each mail."""
    if isinstance(notices, Nobody):
        return
    for notice in notices:
        if isinstance(notice, InDigest):
            continue
        for recipient in recipients(session, notice.audience, need, pairing):
            message = outbox.SendMail(
                code=notice.code.value,
                recipient_id=recipient.account_id,
                need_id=need.id,
                pairing_id=recipient.pairing_id,
                data=data or {},
            )
            outbox.add(session, message, now)
