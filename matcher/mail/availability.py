"""The mail that asks a volunteer whether what she said of her time still holds."""

from collections.abc import Callable

from matcher.links import Subject
from matcher.mail.codes import MailCode as M
from matcher.mail.letter import Letter
from matcher.mail.reader import MailContext, VolunteerCase
from matcher.models.link import LinkPurpose
from matcher.models.volunteer import Volunteer
from matcher.queries.availability import may_be_asked
from matcher.queries.silences import volunteer_of
from matcher.volunteer_words import absences_in_words, availability_in_words


def still_true(context: MailContext) -> tuple[VolunteerCase, Letter] | None:
    """Whether her time is as she said, and one button for yes; None once she has said so or wants to be left alone."""
    volunteer = volunteer_of(context.session, context.recipient)
    if volunteer is None:
        return None
    case = VolunteerCase(context, volunteer)
    if not may_be_asked(volunteer, case.today):
        return None
    return case, Letter(
        subject=case.say("Is your availability still true?"),
        paragraphs=(
            case.say(
                "You last told us on %(day)s when you have time. Does it still hold?",
                day=case.day(volunteer.confirmed_on),
            ),
        ),
        facts=_said(case, volunteer),
        button=case.signed(case.say("See and confirm"), LinkPurpose.STILL_TRUE, Subject()),
        also=(case.page(case.say("Change it (you sign in first)"), "profile_time"),),
        after=(
            case.say("We propose needs by what you said: when it holds, coordinators can count on it."),
            case.say("We ask this at most once in three months. Without an answer everything stays as it is."),
        ),
    )


def _said(case: VolunteerCase, volunteer: Volunteer) -> tuple[tuple[str, str], ...]:
    time = availability_in_words(case.language, volunteer, case.today)
    away = absences_in_words(case.language, volunteer.unavailable, case.today)
    return (*case.fact(case.say("Your time"), time), *case.fact(case.say("Away"), away))


LETTERS: dict[M, Callable[[MailContext], tuple[VolunteerCase, Letter] | None]] = {M.STILL_TRUE: still_true}
