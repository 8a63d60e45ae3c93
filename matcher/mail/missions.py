"""Mails to both sides of a mission, from the introduction to the end. Contacts stand on its page, never here."""

from collections.abc import Callable

from matcher import wording
from matcher.labels import code_label
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import Facts, before_work, plan_facts
from matcher.mail.letter import Letter
from matcher.models.deadline import Clock
from matcher.models.pairing import Side

OBJECTION_WORKING_DAYS = 3


def introduced(case: PairingCase) -> Letter:
    """Contacts are open: who calls whom, by when."""
    hers = case.say(
        "%(association)s would like to meet you about %(need)s.", association=case.association, need=case.title
    )
    theirs = case.say("You wish to meet the person who said yes to %(need)s.", need=case.title)
    return Letter(
        subject=case.say("Get to know each other: %(need)s", need=case.brief_title),
        paragraphs=(
            hers if case.reader_is_volunteer else theirs,
            case.say("Each of you now sees on the page of the mission how to reach the other, after signing in."),
            case.say("Whoever reads this first calls or writes. A first talk binds neither of you."),
        ),
        facts=(
            *_mission_facts(case),
            *case.fact(case.say("We ask for news on"), case.due(Clock.ASK_TALKED)),
        ),
        button=case.to_mission(case.say("See contact details")),
        after=(
            *before_work(case),
            case.say("After your talk, either of you says on that page that you begin, or that in the end it is no."),
            case.say("Telephone numbers and addresses never stand in our e-mails."),
        ),
    )


def have_you_talked(case: PairingCase) -> Letter:
    """A week later: have you been able to talk?"""
    return Letter(
        subject=case.say("Have you talked? %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("A week ago you were put in touch for %(need)s.", need=case.title),
            case.say(
                "Have you been able to talk? Tell us on the page of the mission: you begin, or in the end it is no."
            ),
        ),
        facts=(*_mission_facts(case), *_ends_without_news(case)),
        button=case.to_mission(case.say("Give news")),
        after=(
            *before_work(case),
            case.say("You cannot reach each other? Answer this e-mail: we will help you."),
        ),
    )


def _ends_without_news(case: PairingCase) -> Facts:
    """Say when it ends by itself: a check that is awaited puts that off."""
    if case.pairing.waits_for_check:
        return ()
    return case.fact(case.say("Without news, we end it on"), case.due(Clock.ABANDON_TALK))


def mission_sheet(case: PairingCase) -> Letter:
    """« On commence »: what was agreed, and by when to object."""
    begun = case.pairing.begun_at or case.context.now
    until = case.need.branch.calendar.add_working_days(begun, OBJECTION_WORKING_DAYS)
    mine = case.pairing.begun_by is (Side.VOLUNTEER if case.reader_is_volunteer else Side.ASSOCIATION)
    object_by = case.say("If this is not what you agreed, say so on the page of the mission by the date below.")
    hers = case.say(
        "You have said that you begin; %(association)s reads it at the same time.", association=case.association
    )
    theirs = case.say("You have said that you begin; the volunteer reads it at the same time.")
    told = hers if case.reader_is_volunteer else theirs
    return Letter(
        subject=case.say("You begin: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The mission %(need)s has begun. Here is what was agreed.", need=case.title),
            told if mine else object_by,
        ),
        facts=(
            *_mission_facts(case),
            *plan_facts(case),
            (case.say("Where"), case.shown.where),
            *(() if mine else case.fact(case.say("Say so by"), case.moment(until))),
        ),
        button=case.to_mission(case.say("See the mission")),
        after=(
            case.say("Dates and hours can be prolonged together on that page, and either of you can stop at any time."),
        ),
    )


def start_contested(case: PairingCase) -> Letter:
    """Not begun after all."""
    return Letter(
        subject=case.say("Not begun yet: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("One of you said that the work had begun, the other that it had not."),
            case.say("You are back to getting to know each other. Talk it over; we will help if you like."),
        ),
        facts=_mission_facts(case),
        button=case.to_mission(case.say("See the mission")),
    )


def ended_after_talk(case: PairingCase) -> Letter:
    """« Finalement non », told to the other side."""
    hers = (
        case.say("Thank you for taking the time to talk with %(association)s.", association=case.association),
        case.say("It has preferred to stop there. It is nobody’s fault, and you need do nothing more."),
    )
    theirs = (
        case.say("Thank you for taking the time for a first talk about %(need)s.", need=case.title),
        case.say("The volunteer has preferred to stop there. It is nobody’s fault."),
        case.say("The place is free again: if others are waiting for their turn, we ask them at once."),
    )
    needs = case.page(case.say("See the open needs"), "needs")
    return Letter(
        subject=case.say("In the end, no: %(need)s", need=case.brief_title),
        paragraphs=hers if case.reader_is_volunteer else theirs,
        facts=(*_mission_facts(case), *_why(case)),
        button=needs if case.reader_is_volunteer else case.to_need(case.say("See my need")),
    )


def no_news(case: PairingCase) -> Letter:
    """Forty-five days without news: ended by itself."""
    needs = case.page(case.say("See the open needs"), "needs")
    return Letter(
        subject=case.say("Ended without news: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You were put in touch for %(need)s six weeks ago, and nobody has told us more.", need=case.title),
            case.say("We have ended it, so that the place is free again and nobody waits. It is nobody’s fault."),
            case.say("Have you begun after all? Answer this e-mail: we will put it right."),
        ),
        facts=_mission_facts(case),
        button=needs if case.reader_is_volunteer else case.to_need(case.say("See my need")),
    )


def prolongation_proposed(case: PairingCase) -> Letter:
    """The other side proposes a new end and new hours."""
    hers = case.say(
        "%(association)s proposes to prolong the mission %(need)s.", association=case.association, need=case.title
    )
    theirs = case.say("The volunteer proposes to prolong the mission %(need)s.", need=case.title)
    return Letter(
        subject=case.say("Prolong the mission? %(need)s", need=case.brief_title),
        paragraphs=(
            hers if case.reader_is_volunteer else theirs,
            case.say("Nothing changes until you agree, on the page of the mission."),
        ),
        facts=(
            *_mission_facts(case),
            *case.fact(case.say("New end"), case.day(case.pairing.proposed_ends_on)),
            *case.fact(case.say("Hours in all"), _hours(case, case.pairing.proposed_hours)),
        ),
        button=case.to_mission(case.say("See and answer")),
    )


def prolongation_agreed(case: PairingCase) -> Letter:
    """Both agree on a new end."""
    hers = case.say(
        "%(association)s agrees: the mission %(need)s is prolonged.", association=case.association, need=case.title
    )
    theirs = case.say("The volunteer agrees: the mission %(need)s is prolonged.", need=case.title)
    return Letter(
        subject=case.say("Mission prolonged: %(need)s", need=case.brief_title),
        paragraphs=(
            hers if case.reader_is_volunteer else theirs,
            case.say("You need do nothing. We will ask you for news after the new end."),
        ),
        facts=(
            *_mission_facts(case),
            *case.fact(case.say("New end"), case.day(case.pairing.ends_on)),
            *case.fact(case.say("Hours in all"), _hours(case, case.pairing.planned_hours)),
        ),
        button=case.to_mission(case.say("See the mission")),
    )


def finish_proposed(case: PairingCase) -> Letter:
    """The other side says that it is done."""
    hers = case.say(
        "%(association)s says that the mission %(need)s is finished.", association=case.association, need=case.title
    )
    theirs = case.say("The volunteer says that the mission %(need)s is finished.", need=case.title)
    return Letter(
        subject=case.say("Finished? %(need)s", need=case.brief_title),
        paragraphs=(
            hers if case.reader_is_volunteer else theirs,
            case.say("If you agree, say so; if not, tell us too. Without an answer it counts as completed."),
        ),
        facts=(
            *_mission_facts(case),
            *case.fact(case.say("Hours done"), _hours(case, case.pairing.hours_done)),
            *case.fact(case.say("Without an answer, completed on"), case.due(Clock.ACCEPT_FINISH)),
        ),
        button=case.to_mission(case.say("See and answer")),
    )


def is_it_finished(case: PairingCase) -> Letter:
    """Three days past the end: finished, prolonged, stopped?"""
    return Letter(
        subject=case.say("Where does it stand? %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "The mission %(need)s was to end on %(day)s.", need=case.title, day=case.day(case.pairing.ends_on)
            ),
            case.say("Is it finished, prolonged, or stopped? Tell us on its page: one answer is enough."),
        ),
        facts=(
            *_mission_facts(case),
            *case.fact(case.say("Without news, completed on"), case.due(Clock.FINISH_UNREVIEWED)),
        ),
        button=case.to_mission(case.say("Give news")),
    )


def mission_completed(case: PairingCase) -> Letter:
    """Thanks, the hours, a word on how it went."""
    hers = case.say("Thank you for what you have done for %(association)s.", association=case.association)
    theirs = case.say("Thank you for welcoming a volunteer for %(need)s.", need=case.title)
    certificate = case.say("Your certificate stands on the page of the mission, ready to be printed.")
    again = case.page(case.say("Post a need"), "new_need")
    return Letter(
        subject=case.say("Completed, thank you: %(need)s", need=case.brief_title),
        paragraphs=(
            hers if case.reader_is_volunteer else theirs,
            case.say(
                "The mission is completed. How did it go? A few lines in answer to this e-mail help those who follow."
            ),
            *((certificate,) if case.reader_is_volunteer else ()),
        ),
        facts=(*_mission_facts(case), *case.fact(case.say("Hours done"), _hours(case, case.pairing.hours_done))),
        button=case.to_mission(case.say("See the mission")),
        also=() if case.reader_is_volunteer else (again,),
    )


def mission_abandoned(case: PairingCase) -> Letter:
    """Stopped before the end, told to whoever did not stop it."""
    hers = case.say("Thank you for what you have done; your hours are kept. You need do nothing more.")
    theirs = case.say("The hours done are kept, and the place is free again. We will get in touch with you.")
    return Letter(
        subject=case.say("The mission has stopped: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The mission %(need)s has stopped before its end.", need=case.title),
            hers if case.reader_is_volunteer else theirs,
        ),
        facts=(
            *_mission_facts(case),
            *_why(case),
            *case.fact(case.say("Hours done"), _hours(case, case.pairing.hours_done)),
        ),
        button=case.to_mission(case.say("See the mission")),
    )


def _mission_facts(case: PairingCase) -> tuple[tuple[str, str], ...]:
    label = case.say("Association") if case.reader_is_volunteer else case.say("Person")
    return ((case.say("Need"), case.bare_title), (label, case.other_side))


def _hours(case: PairingCase, hours: float | None) -> str:
    return wording.hours_in_words(case.language, hours) if hours is not None else ""


def _why(case: PairingCase) -> tuple[tuple[str, str], ...]:
    return case.fact(case.say("Why"), code_label(case.language, case.pairing.reason) if case.pairing.reason else "")


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.INTRODUCED: introduced,
    M.HAVE_YOU_TALKED: have_you_talked,
    M.MISSION_SHEET: mission_sheet,
    M.START_CONTESTED: start_contested,
    M.ENDED_AFTER_TALK: ended_after_talk,
    M.NO_NEWS: no_news,
    M.PROLONGATION_PROPOSED: prolongation_proposed,
    M.PROLONGATION_AGREED: prolongation_agreed,
    M.FINISH_PROPOSED: finish_proposed,
    M.IS_IT_FINISHED: is_it_finished,
    M.MISSION_COMPLETED: mission_completed,
    M.MISSION_ABANDONED: mission_abandoned,
}
