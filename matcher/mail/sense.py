"""When a mail that waited has lost its sense: in which states of its need or pairing each is still true."""

from collections.abc import Mapping

from matcher.mail.codes import MailCode as M
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import CONTACTS_OPEN, NeedStatus, PairingStatus

N = NeedStatus
P = PairingStatus
SAID_YES = frozenset({P.ACCEPTED, P.RESERVE, P.CONFIRMED})

# What is not named here tells of something that has happened and stays true.
NEED_MUST_BE: Mapping[M, frozenset[NeedStatus]] = {
    M.DRAFT_REMINDER: frozenset({N.DRAFT}),
    M.DRAFT_WARNING: frozenset({N.DRAFT}),
    M.NEED_RECEIVED: frozenset({N.SUBMITTED}),
    M.REVIEW_LATE: frozenset({N.SUBMITTED}),
    M.REVIEW_LATE_BRANCH: frozenset({N.SUBMITTED}),
    M.REVIEW_LATE_ADMINISTRATORS: frozenset({N.SUBMITTED}),
    M.CHANGES_REQUESTED: frozenset({N.CHANGES_REQUESTED}),
    M.CHANGES_REMINDER: frozenset({N.CHANGES_REQUESTED}),
    M.NEED_OPENED: frozenset({N.OPEN, N.FILLED}),
    M.NEED_RESUMED: frozenset({N.OPEN, N.FILLED}),
    M.STILL_NEEDED: frozenset({N.OPEN}),
    M.NEED_HELD_SILENT: frozenset({N.ON_HOLD}),
    M.HOLD_WARNING: frozenset({N.ON_HOLD}),
    M.NEED_ON_HOLD: frozenset({N.ON_HOLD}),
    M.NEED_REOPENED_COORDINATOR: frozenset({N.OPEN}),
    M.NEED_WITHOUT_MEMBER_COORDINATOR: frozenset({N.ON_HOLD}),
    M.NOBODY_YET: frozenset({N.OPEN}),
    M.NEED_CHANGED: frozenset({N.OPEN, N.FILLED, N.ON_HOLD}),
    M.NEED_CORRECTED: frozenset({N.OPEN, N.FILLED, N.ON_HOLD}),
    M.RESERVE_WAITS: frozenset({N.FILLED}),
    M.INVITATION: frozenset({N.OPEN}),
    M.INVITATION_REMINDER: frozenset({N.OPEN}),
    M.FRESH_INVITATION: frozenset({N.OPEN}),
    M.STILL_FREE: frozenset({N.OPEN}),
}
PAIRING_MUST_BE: Mapping[M, frozenset[PairingStatus]] = {
    M.RESERVE_WAITS: frozenset({P.RESERVE}),
    M.NEED_CHANGED: SAID_YES | {P.ACTIVE},
    M.APPLICATION_RECEIVED: frozenset({P.APPLIED}),
    M.APPLICATION_WAITS_ADMINISTRATORS: frozenset({P.APPLIED}),
    M.APPLICATION_LATE: frozenset({P.APPLIED}),
    M.APPLICATION_ACCEPTED: frozenset({P.ACCEPTED}),
    M.APPLICATION_RESERVED: frozenset({P.RESERVE}),
    M.INVITATION: frozenset({P.APPROVED, P.INVITED}),
    M.INVITATION_REMINDER: frozenset({P.INVITED}),
    M.FRESH_INVITATION: frozenset({P.INVITED}),
    M.STILL_FREE: frozenset({P.INVITED}),
    M.QUESTION_COORDINATOR: frozenset({P.INVITED}),
    M.QUESTION_ANSWERED: frozenset({P.INVITED}),
    M.YES_RECEIPT: frozenset({P.ACCEPTED}),
    M.RESERVE_RECEIPT: frozenset({P.RESERVE}),
    M.TELEPHONE_RECEIPT: frozenset({P.ACCEPTED, P.RESERVE, P.DECLINED}),
    M.YES_COORDINATOR: frozenset({P.ACCEPTED, P.RESERVE}),
    M.YES_TO_CONTACT: frozenset({P.ACCEPTED}),
    M.YES_TO_MEMBERS: frozenset({P.ACCEPTED}),
    M.YES_LATE: frozenset({P.ACCEPTED}),
    M.INTRODUCED: CONTACTS_OPEN,
    M.CONFIRMED_COORDINATOR: CONTACTS_OPEN,
    M.HAVE_YOU_TALKED: frozenset({P.CONFIRMED}),
    M.START_CONTESTED: frozenset({P.CONFIRMED}),
    M.START_CONTESTED_COORDINATOR: frozenset({P.CONFIRMED}),
    M.MISSION_SHEET: frozenset({P.ACTIVE}),
    M.PROLONGATION_PROPOSED: frozenset({P.ACTIVE}),
    M.PROLONGATION_AGREED: frozenset({P.ACTIVE}),
    M.FINISH_PROPOSED: frozenset({P.ACTIVE}),
    M.IS_IT_FINISHED: frozenset({P.ACTIVE}),
}

# They are about a person, not a need: their letters themselves look whether they are still true.
ABOUT_NO_NEED = frozenset({M.COORDINATOR_DIGEST, M.NO_PROPOSAL, M.STILL_TRUE})


def still_true(code: M, need: Need, pairing: Pairing | None) -> bool:
    """Tell whether a mail of this code still says something true."""
    if code in NEED_MUST_BE and need.status not in NEED_MUST_BE[code]:
        return False
    if pairing is None:
        return True
    if code in PAIRING_MUST_BE and pairing.status not in PAIRING_MUST_BE[code]:
        return False
    return _still_asked(code, pairing)


def _still_asked(code: M, pairing: Pairing) -> bool:
    if code is M.QUESTION_COORDINATOR:
        return bool(pairing.question) and not pairing.answer
    if code is M.QUESTION_ANSWERED:
        return bool(pairing.answer)
    if code is M.PROLONGATION_PROPOSED:
        return pairing.proposed_by is not None
    if code is M.FINISH_PROPOSED:
        return pairing.finished_by is not None
    return True
