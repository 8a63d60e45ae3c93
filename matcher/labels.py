"""The words for states, coded reasons, modes and levels, for pages and mails. Sentences stand in wording.py."""

from matcher.i18n import marked, translate
from matcher.models.states import CheckWaiver, EndReason, HoldReason, NeedStatus, PairingReason, PairingStatus
from matcher.ranking.types import Mode, Times

NEED_STATUSES: dict[NeedStatus, str] = {
    NeedStatus.DRAFT: marked("Draft"),
    NeedStatus.SUBMITTED: marked("Under review"),
    NeedStatus.CHANGES_REQUESTED: marked("Changes requested"),
    NeedStatus.OPEN: marked("Open"),
    NeedStatus.FILLED: marked("Filled"),
    NeedStatus.ON_HOLD: marked("On hold"),
    NeedStatus.COMPLETED: marked("Completed"),
    NeedStatus.CLOSED: marked("Closed"),
}
PAIRING_STATUSES: dict[PairingStatus, str] = {
    PairingStatus.APPLIED: marked("Has applied"),
    PairingStatus.APPROVED: marked("In the line"),
    PairingStatus.INVITED: marked("Invited"),
    PairingStatus.RESERVE: marked("In reserve"),
    PairingStatus.ACCEPTED: marked("Has said yes"),
    PairingStatus.CONFIRMED: marked("Getting to know each other"),
    PairingStatus.ACTIVE: marked("Mission under way"),
    PairingStatus.COMPLETED: marked("Mission completed"),
    PairingStatus.SET_ASIDE: marked("Set aside"),
    PairingStatus.DECLINED: marked("Has said no"),
    PairingStatus.EXPIRED: marked("Did not answer"),
    PairingStatus.WITHDRAWN: marked("Has withdrawn"),
    PairingStatus.REFUSED: marked("Not chosen"),
    PairingStatus.RELEASED: marked("No longer expected"),
    PairingStatus.ABANDONED: marked("Stopped before the end"),
}
CODES: dict[PairingReason | EndReason | HoldReason, str] = {
    PairingReason.SKILLS: marked("the skills do not fit this need"),
    PairingReason.AVAILABILITY: marked("the times do not fit together"),
    PairingReason.DISTANCE: marked("the place is too far away"),
    PairingReason.LANGUAGE: marked("the working language does not fit"),
    PairingReason.TOO_OFTEN_ASKED: marked("already asked often of late"),
    PairingReason.OTHER_PERSON_CHOSEN: marked("somebody else was chosen"),
    PairingReason.NO_TIME: marked("no time for it"),
    PairingReason.NOT_NOW: marked("not now"),
    PairingReason.NOT_MY_FIELD: marked("not the right field"),
    PairingReason.NEED_CHANGED: marked("the need has changed"),
    PairingReason.CHANGED_CIRCUMSTANCES: marked("circumstances have changed"),
    PairingReason.NO_AGREEMENT: marked("no agreement on how to work together"),
    PairingReason.NO_NEWS: marked("no news"),
    PairingReason.NEVER_AGAIN: marked("do not ask again for this"),
    PairingReason.UNREACHABLE: marked("our e-mails do not arrive"),
    PairingReason.OTHER: marked("another reason"),
    EndReason.GIVEN_UP: marked("the association has given up this need"),
    EndReason.UNTOUCHED: marked("the draft was left untouched"),
    EndReason.NO_ANSWER: marked("the association has not answered"),
    EndReason.REFUSED: marked("the need was not accepted"),
    EndReason.SOLVED_ELSEWHERE: marked("the need was met elsewhere"),
    EndReason.NOBODY_FOUND: marked("nobody was found"),
    EndReason.ASSOCIATION_GONE: marked("the association has left Binôme"),
    HoldReason.MEMBER_ASKED: marked("the association asked for a pause"),
    HoldReason.COORDINATOR_ASKED: marked("the branch asked for a pause"),
    HoldReason.ASSOCIATION_SILENT: marked("the association has not answered"),
    HoldReason.ASSOCIATION_SUSPENDED: marked("the association’s account is being checked"),
    HoldReason.ASSOCIATION_WITHOUT_MEMBER: marked("nobody acts for the association at present"),
}
CHECK_WAIVERS: dict[CheckWaiver, str] = {
    CheckWaiver.NO_CONTACT: marked("the work brings no direct contact with them"),
    CheckWaiver.ACCOMPANIED: marked("somebody of the association is always present"),
    CheckWaiver.NOT_BY_LAW: marked("the law asks for no check for this work"),
}
MODES: dict[Mode, str] = {
    Mode.REMOTE: marked("remote"),
    Mode.ON_SITE: marked("on site"),
    Mode.HYBRID: marked("on site and remote"),
}
TIMES: dict[Times, str] = {Times.FIXED: marked("fixed times"), Times.PREFERRED: marked("preferred times")}
LEVELS: dict[int, str] = {
    1: marked("discovering it"),
    2: marked("can do it with help"),
    3: marked("does it alone"),
    4: marked("could teach it"),
}
# The parts of the score, by the names of their weights.
PARTS: dict[str, str] = {
    "text": marked("Words of the texts"),
    "skills": marked("Skills"),
    "similar": marked("Likeness to the profiles that fit best"),
    "availability": marked("Time"),
    "distance": marked("Distance"),
    "language": marked("Languages"),
    "level": marked("Level of the skills"),
}
# The same in a word or two, where several stand beside each other.
SHORT_PARTS: dict[str, str] = {
    "text": marked("words"),
    "skills": marked("skills"),
    "similar": marked("close to the best"),
    "availability": marked("time"),
    "distance": marked("distance"),
    "language": marked("language"),
    "level": marked("level"),
}


def status_label(language: str, status: NeedStatus | PairingStatus) -> str:
    """Return the words for a state."""
    if isinstance(status, NeedStatus):
        return translate(language, NEED_STATUSES[status])
    return translate(language, PAIRING_STATUSES[status])


def code_label(language: str, code: PairingReason | EndReason | HoldReason) -> str:
    """Return the words for a coded reason, ready to stand after a colon."""
    return translate(language, CODES[code])


def mode_label(language: str, mode: Mode) -> str:
    """Return the words for where the work is done."""
    return translate(language, MODES[mode])


def times_label(language: str, times: Times) -> str:
    """Return the words for how firm the weekly times are."""
    return translate(language, TIMES[times])


def level_label(language: str, level: int) -> str:
    """Return the words for a skill's level, 1 to 4."""
    return translate(language, LEVELS[level])


def part_label(language: str, part: str) -> str:
    """Return the words for a part of the score."""
    return translate(language, PARTS[part])


def short_part_label(language: str, part: str) -> str:
    """Return a word or two for a part of the score."""
    return translate(language, SHORT_PARTS[part])
