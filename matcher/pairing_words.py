"""What happens next between a need and a volunteer, and what has happened, as each side is told it. No markup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from matcher.i18n import marked, translate
from matcher.labels import status_label
from matcher.models.deadline import Clock
from matcher.models.pairing import Pairing, Side
from matcher.models.states import NeedStatus, PairingStatus, PairingStep
from matcher.queries.shown import shown_in
from matcher.wording import HOME_ZONE, day_in_words, hours_in_words

LOCAL = ZoneInfo(HOME_ZONE)
P, S = PairingStatus, PairingStep


class Reader(StrEnum):
    """For whom the words are: one of the two sides, or who watches over them."""

    VOLUNTEER = "volunteer"
    ASSOCIATION = "association"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Told:
    """A pairing as one reader is told of it: `status` is the last one that she knows of."""

    language: str
    reader: Reader
    pairing: Pairing
    status: PairingStatus
    due: Mapping[Clock, datetime]
    today: date

    def say(self, sentence: str, **values: object) -> str:
        """Put a sentence into the reader's language; the association and the other side are named in it."""
        shown = shown_in(self.language, self.pairing, to_her=self.reader is Reader.VOLUNTEER)
        return shown.begun(translate(self.language, sentence, {"association": shown.inside, **values}))

    def day(self, clock: Clock) -> str | None:
        """Return the day on which a clock falls due, None when it does not run."""
        moment = self.due.get(clock)
        return self.day_of(moment.astimezone(LOCAL).date()) if moment else None

    def day_of(self, day: date | None) -> str:
        """Return a day in words, nothing for none."""
        return day_in_words(self.language, day, self.today) if day else ""

    @property
    def side(self) -> Side | None:
        """The reader's side of the mission; a coordinator has none."""
        return None if self.reader is Reader.COORDINATOR else Side(self.reader.value)


OWN_LABELS: dict[PairingStatus, str] = {
    P.APPLIED: marked("You have applied"),
    P.INVITED: marked("You are invited"),
    P.RESERVE: marked("You are in reserve"),
    P.ACCEPTED: marked("You have said yes"),
    P.DECLINED: marked("You have said no"),
    P.EXPIRED: marked("The time to answer is over"),
    P.WITHDRAWN: marked("You have withdrawn"),
    P.SET_ASIDE: marked("Not this time"),
    P.REFUSED: marked("Not this time"),
    P.RELEASED: marked("You are free again"),
}
STEPS: dict[PairingStep, str] = {
    S.APPLY: marked("The volunteer proposed to help."),
    S.ACCEPT_APPLICATION: marked("A coordinator took up the application; the association is asked."),
    S.RESERVE_APPLICATION: marked("A coordinator took up the application; all places were held."),
    S.SET_ASIDE: marked("A coordinator set the pairing aside."),
    S.APPROVE: marked("A coordinator put the person in the line."),
    S.MARK_INVITED: marked("The invitation left."),
    S.ACCEPT: marked("The volunteer said yes."),
    S.JOIN_RESERVE: marked("The volunteer said yes; all places were held."),
    S.DECLINE: marked("The volunteer said no."),
    S.ACCEPT_BY_TELEPHONE: marked("A coordinator recorded a yes by telephone."),
    S.JOIN_RESERVE_BY_TELEPHONE: marked("A coordinator recorded a yes by telephone; all places were held."),
    S.DECLINE_BY_TELEPHONE: marked("A coordinator recorded a no by telephone."),
    S.CORRECT_TELEPHONE: marked("The volunteer corrected what was recorded by telephone."),
    S.ASK: marked("The volunteer asked a question."),
    S.REPLY: marked("A coordinator answered the question."),
    S.EXPIRE: marked("The time to answer was over."),
    S.REINVITE: marked("The volunteer asked for a fresh link."),
    S.OFFER_SEAT: marked("A place was free again; the volunteer is asked anew."),
    S.WITHDRAW: marked("The volunteer withdrew."),
    S.CONFIRM: marked("The association wishes to meet; contacts are open."),
    S.REFUSE: marked("The association declined kindly."),
    S.RELEASE_UNANSWERED: marked("The association did not answer; the volunteer was released."),
    S.BEGIN: marked("The work began."),
    S.OBJECT_TO_START: marked("One side said that the work had not begun."),
    S.REFUSE_AFTER_TALK: marked("After a first talk the association said no."),
    S.WITHDRAW_AFTER_TALK: marked("After a first talk the volunteer said no."),
    S.ABANDON_WITHOUT_NEWS: marked("Nobody gave news, and it was ended."),
    S.COMPLETE: marked("The mission was completed."),
    S.COMPLETE_UNREVIEWED: marked("The mission was counted as completed without news."),
    S.ABANDON: marked("The mission was stopped before its end."),
    S.ABANDON_EARLY: marked("A coordinator ended it before the work began."),
    S.RELEASE: marked("The volunteer is no longer expected."),
    S.RELEASE_UNREACHABLE: marked("Our e-mails did not reach the volunteer; somebody else is asked."),
    S.ABANDON_ERASED: marked("The volunteer’s account was erased."),
    S.RENEW: marked("A coordinator put the person in the line once more."),
}
THANKS: dict[PairingStatus, str] = {
    P.COMPLETED: marked("The mission is completed. Thank you both."),
    P.SET_ASIDE: marked("Thank you for your offer. We do not put you forward for this need; another may suit better."),
    P.DECLINED: marked("Thank you for your answer: it lets us ask somebody else at once. Nothing more is expected."),
    P.WITHDRAWN: marked("The yes or the proposal was taken back. Nothing more is expected."),
    P.REFUSED: marked("It goes no further. Thank you for the time given to it; it is nobody’s fault."),
    P.RELEASED: marked("Nobody is expected here any more, and it is nobody’s fault."),
    P.ABANDONED: marked("It ended before its time. The hours done are kept."),
    P.EXPIRED: marked("The invitation had no answer in time. It is held against nobody."),
}
# Where the work means meeting minors or vulnerable people, and the association has not yet spoken.
BEFORE_WORK: dict[Reader, str] = {
    Reader.VOLUNTEER: marked(
        "Talk with each other. Here people meet minors or vulnerable people: before anything begins, the association "
        "makes the check that it must make, and says on this page that it has seen it or why none is required."
    ),
    Reader.ASSOCIATION: marked(
        "Talk with each other. Here people meet minors or vulnerable people: before anything begins, say that you have "
        "seen the check that you must make, or why none is required."
    ),
    Reader.COORDINATOR: marked(
        "The two sides get to know each other. The work begins when the association has said that it has seen the "
        "check that it must make, or why none is required."
    ),
}
TO_OTHERS: dict[PairingStatus, str] = {
    P.SET_ASIDE: marked("The person was thanked, and is not put forward for this need."),
    P.DECLINED: marked("The volunteer said no. Somebody else can be asked at once; nothing more is expected."),
}


def label_in_words(told: Told) -> str:
    """Return the state in a few words: to the volunteer as hers."""
    own = OWN_LABELS.get(told.status) if told.reader is Reader.VOLUNTEER else None
    return translate(told.language, own) if own else status_label(told.language, told.status)


def next_in_words(told: Told) -> str:
    """Say who does what next, and by when."""
    if told.status in NEXT:
        return NEXT[told.status](told)
    kept = None if told.reader is Reader.VOLUNTEER else TO_OTHERS.get(told.status)
    return told.say(kept or THANKS[told.status])


def _applied(told: Told) -> str:
    day = told.day(Clock.APPLICATION_WAITS)
    if day is None:
        return told.say("A coordinator reads the proposal. This takes longer than promised; it stays valid.")
    return told.say("A coordinator reads the proposal and answers by %(day)s.", day=day)


def _approved(told: Told) -> str:
    return told.say("In the line: the invitation leaves when its turn comes.")


def _invited(told: Told) -> str:
    pairing = told.pairing
    if pairing.question and not pairing.answer:
        return told.say("A question was asked; a coordinator answers by e-mail. The time to answer stands still.")
    if pairing.need.status is NeedStatus.ON_HOLD:
        return told.say("The need is on hold for now. The time to answer stands still.")
    day = told.day_of(pairing.reply_by.astimezone(LOCAL).date() if pairing.reply_by else None)
    if told.reader is Reader.VOLUNTEER:
        return told.say("It is your turn: please answer by %(day)s.", day=day)
    return told.say("The volunteer answers by %(day)s.", day=day)


def _reserve(told: Told) -> str:
    return told.say("All places are held for now. If one becomes free, the reserve is asked first.")


def _accepted(told: Told) -> str:
    day = told.day(Clock.RELEASE_YES)
    if told.reader is Reader.ASSOCIATION:
        if day is None:
            return told.say("It is your turn: would you like to meet this person?")
        return told.say("It is your turn: would you like to meet this person? Please answer by %(day)s.", day=day)
    if told.reader is Reader.VOLUNTEER:
        return _accepted_by_reader(told, day)
    if day is None:
        return told.say("%(association)s reads the profile, without the name, and answers.")
    return told.say(
        "%(association)s reads the profile, without the name, and answers by %(day)s at the latest.", day=day
    )


def _accepted_by_reader(told: Told, day: str | None) -> str:
    if day is None:
        return told.say("%(association)s reads your profile, without your name, and answers you.")
    return told.say(
        "%(association)s reads your profile, without your name, and answers you by %(day)s at the latest.", day=day
    )


def _confirmed(told: Told) -> str:
    if told.pairing.waits_for_check:
        return told.say(BEFORE_WORK[told.reader])
    if told.reader is Reader.COORDINATOR:
        return told.say("The two sides get to know each other; either says when the work begins.")
    day = told.day(Clock.ASK_TALKED)
    if day is None:
        return told.say("Have you been able to talk? Say that you begin, or that in the end it is no.")
    return told.say(
        "Whoever reads this first calls or writes; a first talk binds nobody. We ask for news on %(day)s.", day=day
    )


def _active(told: Told) -> str:
    pairing = told.pairing
    if pairing.finished_by is not None:
        return _finished(told)
    if pairing.proposed_by is not None:
        return _prolonged(told)
    if pairing.ends_on is not None and pairing.ends_on < told.today:
        return told.say(
            "The mission was to end on %(day)s. Is it finished, prolonged or stopped?", day=told.day_of(pairing.ends_on)
        )
    return told.say(
        "The mission runs until %(day)s. Then either side says how it went.", day=told.day_of(pairing.ends_on)
    )


def _finished(told: Told) -> str:
    values = {
        "hours": hours_in_words(told.language, told.pairing.hours_done or 0),
        "day": told.day(Clock.ACCEPT_FINISH) or "",
    }
    if told.side is not None and told.pairing.finished_by is not told.side:
        return told.say(
            "The other side says that it is finished, with %(hours)s. Do you agree? Without an answer it counts as "
            "completed on %(day)s.",
            **values,
        )
    return told.say(
        "One side says that it is finished, with %(hours)s. Without an objection it counts as completed on %(day)s.",
        **values,
    )


def _prolonged(told: Told) -> str:
    values = {
        "hours": hours_in_words(told.language, told.pairing.proposed_hours or 0),
        "day": told.day_of(told.pairing.proposed_ends_on),
    }
    if told.side is not None and told.pairing.proposed_by is not told.side:
        return told.say(
            "The other side proposes to go on until %(day)s, with %(hours)s in all. Do you agree?", **values
        )
    return told.say("It was proposed to go on until %(day)s, %(hours)s in all. The other side answers.", **values)


def _declined(told: Told) -> str:
    if told.reader is Reader.VOLUNTEER and told.pairing.ask_again_on:
        return told.say(
            "Thank you for your answer. We do not ask you for this before %(day)s.",
            day=told.day_of(told.pairing.ask_again_on),
        )
    return told.say(THANKS[P.DECLINED])


def event_in_words(language: str, step: PairingStep) -> str:
    """Say one step of a pairing's life."""
    return translate(language, STEPS[step])


NEXT: dict[PairingStatus, Callable[[Told], str]] = {
    P.APPLIED: _applied,
    P.APPROVED: _approved,
    P.INVITED: _invited,
    P.RESERVE: _reserve,
    P.ACCEPTED: _accepted,
    P.CONFIRMED: _confirmed,
    P.ACTIVE: _active,
    P.DECLINED: _declined,
}
