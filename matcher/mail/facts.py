"""The facts of a need and of a mission that several mails show, as labels and values."""

from matcher import wording
from matcher.actors import Anonymous
from matcher.mail.context import NeedCase, PairingCase
from matcher.mail.letter import Button
from matcher.queries.shown import all_shown
from matcher.queries.similar_needs import needs_for_her, similar_needs

Facts = tuple[tuple[str, str], ...]
MOST_SKILLS = 6


def need_facts(case: NeedCase) -> Facts:
    """Return what the work is: hours, when, where, and whether it means meeting vulnerable people."""
    language, need = case.language, case.need
    effort = wording.effort_in_words(language, need)
    return (
        *case.fact(case.say("How much"), effort),
        (case.say("When"), wording.when_in_words(language, need)),
        (case.say("Where"), case.shown.where),
        *case.fact(case.say("Whom you meet"), vulnerable_words(case)),
    )


def vulnerable_words(case: NeedCase) -> str:
    """Say that the work means meeting minors or vulnerable people; nothing when it does not."""
    if not case.need.meets_vulnerable:
        return ""
    return case.say("minors or vulnerable people: the association makes the check that it must make before you begin")


def before_work(case: PairingCase) -> tuple[str, ...]:
    """Say to both sides what must be said before the work may begin; nothing where nothing must."""
    if not case.pairing.waits_for_check:
        return ()
    hers = case.say(
        "Here people meet minors or vulnerable people: the association first makes the check that it must make, and "
        "says on that page that it has seen it or why none is required. Then either of you can begin."
    )
    theirs = case.say(
        "Here people meet minors or vulnerable people: before you begin, say on that page on which day you saw the "
        "check that you must make, or why none is required. We never ask for the document, its result or its number."
    )
    return (hers if case.reader_is_volunteer else theirs,)


def subject_facts(case: NeedCase) -> Facts:
    """Return which need it is and whose."""
    return ((case.say("Need"), case.bare_title), (case.say("Association"), case.shown.name))


def person_facts(case: PairingCase) -> Facts:
    """Return the person without a name: pseudonym and headline, skills."""
    skills = [
        wording.skill_in_words(case.language, case.free_text(skill.label), skill.uri)
        for skill in case.pairing.volunteer.skills[:MOST_SKILLS]
    ]
    return (
        (case.say("Person"), case.person),
        *case.fact(case.say("Skills"), wording.join_words(case.language, skills)),
    )


def plan_facts(case: PairingCase) -> Facts:
    """Return what was agreed for the mission: dates and hours."""
    pairing = case.pairing
    hours = wording.hours_in_words(case.language, pairing.planned_hours) if pairing.planned_hours else ""
    period = wording.period_in_words(case.language, pairing.starts_on, pairing.ends_on)
    return (*case.fact(case.say("Dates"), period), *case.fact(case.say("Hours"), hours))


def similar(case: NeedCase) -> tuple[Button, ...]:
    """Return links to two open needs that ask for much the same skills."""
    session = case.context.session
    if isinstance(case, PairingCase) and case.reader_is_volunteer:
        found = needs_for_her(session, case.pairing.volunteer, case.need)
    else:
        found = similar_needs(session, Anonymous(), case.need)
    cards = all_shown(session, Anonymous(), found, language=case.language)
    return tuple(
        case.page(
            case.say("%(need)s, for %(association)s", need=case.free_text(each.need.title), association=each.name),
            "need",
            id=each.need.id,
        )
        for each in cards
    )
