"""Mails that break a silence: to a volunteer whom nobody asks, to an association that has found nobody yet."""

from collections.abc import Callable

from matcher.mail.codes import MailCode as M
from matcher.mail.context import NeedCase
from matcher.mail.letter import Letter, Line, Section
from matcher.mail.reader import MailContext, VolunteerCase
from matcher.models.volunteer import Volunteer
from matcher.queries.progress import Progress, progress_of
from matcher.queries.silences import is_silent, volunteer_of


def no_proposal(context: MailContext) -> tuple[VolunteerCase, Letter] | None:
    """Why nobody has asked her for two months and what would help; None once somebody has."""
    volunteer = volunteer_of(context.session, context.recipient)
    if volunteer is None or not is_silent(context.session, volunteer, context.now):
        return None
    case = VolunteerCase(context, volunteer)
    advice = _advice(case, volunteer)
    return case, Letter(
        subject=case.say("No proposal for two months: here is why"),
        paragraphs=(
            case.say("You offer your time, and for two months we have not put any need to you. Here is why."),
            *_reason(case),
        ),
        facts=_counted(case),
        sections=(Section(case.say("What would help"), advice),) if advice else (),
        button=case.page(case.say("See the open needs"), "needs"),
        after=(
            case.say("You may also leave all as it is: each new need is compared with your profile all the same."),
            case.say("We write this at most twice a year."),
        ),
    )


def nobody_yet(case: NeedCase) -> Letter:
    """Three weeks after opening, nobody in sight: the true state, and what the association can do."""
    options = (
        (case.say("Accept that it is done remotely, even in part"), "edit_need", "mode"),
        (case.say("Ask for fewer hours, and post the rest as a need of its own"), "edit_need", "total_hours"),
        (case.say("Say it in other words, and name the skills"), "edit_need", "description"),
        (case.say("Give it more time: later dates"), "edit_need", "ends_on"),
        (case.say("Stop here"), "close_need", ""),
    )
    lines = tuple(_to_part(case, label, page, part) for label, page, part in options)
    return Letter(
        subject=case.say("Nobody in sight yet: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "Your need %(need)s has been open since %(day)s, and nobody is in sight yet.",
                need=case.title,
                day=case.date_of(case.need.opened_at),
            ),
            case.say("This is what has happened, as it is. It says nothing about the worth of your need."),
        ),
        facts=_stand(case, progress_of(case.context.session, case.need)),
        sections=(Section(case.say("What you can do"), lines),),
        button=case.to_need(case.say("See my need")),
        also=(case.page(case.say("Post the other part as a new need"), "new_need"),),
        after=(
            case.say("If you change nothing, we go on looking. Your coordinator knows that nobody is in sight."),
            case.say("Would you like to talk it over? Answer this e-mail: it reaches your branch."),
        ),
    )


def _to_part(case: NeedCase, label: str, page: str, part: str) -> Line:
    address = case.context.links.page(page, id=case.need.id)
    return Line(label, f"{address}#{part}" if part else address)


def _stand(case: NeedCase, told: Progress) -> tuple[tuple[str, str], ...]:
    counted = (
        (case.say("Profiles compared with your need"), told.compared),
        (case.say("People suggested to your coordinator"), told.suggested),
        (case.say("People asked"), told.asked),
        (case.say("Said no"), told.declined),
        (case.say("Did not answer in time"), told.expired),
        (case.say("Said yes or applied, and it came to nothing"), told.left),
        (case.say("Waiting for your coordinator’s decision"), told.undecided),
    )
    return tuple((label, str(number)) for label, number in counted)


def _number(case: VolunteerCase, name: str) -> int:
    value = case.context.data.get(name)
    return value if isinstance(value, int) else 0


def _reason(case: VolunteerCase) -> tuple[str, ...]:
    """Return the one sentence that the figures come to."""
    needs, elsewhere, others = (_number(case, name) for name in ("needs", "elsewhere", "others_first"))
    if not needs:
        return (case.say("No need was open in that time: it is not about you."),)
    if elsewhere == needs:
        return (case.say("No need was open near you or in the way in which you work."),)
    if not others:
        return (case.say("The needs that were open did not go with your places, languages or times."),)
    return (case.say("Some needs could have suited you, but others came first. It says nothing about your worth."),)


def _counted(case: VolunteerCase) -> tuple[tuple[str, str], ...]:
    labels = {
        "needs": case.say("Needs open in that time"),
        "elsewhere": case.say("Too far from you, or not in the way in which you work"),
        "language": case.say("In languages that you did not name"),
        "time": case.say("At times that are not yours"),
        "others_first": case.say("Others came first"),
    }
    return tuple((label, str(_number(case, name))) for name, label in labels.items() if _number(case, name))


def _advice(case: VolunteerCase, volunteer: Volunteer) -> tuple[Line, ...]:
    asked = (
        ("says_little", case.say("Say more of what you can do: skills, and what you have done"), "profile_skills"),
        ("elsewhere", case.say("Add a place, go further, or agree to work remotely"), "profile_places"),
        ("language", case.say("Name all the languages in which you can work"), "profile_skills"),
        ("time", case.say("Look again at your dates and times"), "profile_time"),
        ("is_old", _old(case, volunteer), "profile_time"),
        ("others_first", case.say("Apply for a need that you like: a coordinator will answer you"), "needs"),
    )
    links, said = case.context.links, case.context.data
    return tuple(Line(label, links.page(page)) for name, label, page in asked if said.get(name))


def _old(case: VolunteerCase, volunteer: Volunteer) -> str:
    if volunteer.confirmed_on is None:
        return case.say("Tell us when you have time: you have not said so yet")
    said_on = case.day(volunteer.confirmed_on)
    return case.say("Tell us whether your times are still true: you gave them on %(day)s", day=said_on)


LETTERS: dict[M, Callable[[MailContext], tuple[VolunteerCase, Letter] | None]] = {M.NO_PROPOSAL: no_proposal}
NEED_LETTERS: dict[M, Callable[[NeedCase], Letter]] = {M.NOBODY_YET: nobody_yet}
