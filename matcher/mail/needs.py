"""Mails to an association about its need: received, opened, changes, refused, silent, closed."""

from collections.abc import Callable

from matcher.links import Subject
from matcher.mail.codes import MailCode as M
from matcher.mail.context import NeedCase
from matcher.mail.facts import need_facts, subject_facts
from matcher.mail.letter import Letter
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import NeedStatus


def need_received(case: NeedCase) -> Letter:
    """The receipt, with the promised date."""
    promised = case.date_of(case.need.promised_at)
    return Letter(
        subject=case.say("Need received: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you: your need %(need)s has reached us.", need=case.title),
            case.say("We will read it and answer you by %(day)s at the latest.", day=promised),
            case.say("Until then nothing is published, and you can still change it."),
        ),
        facts=(*subject_facts(case), (case.say("Answer promised by"), promised)),
        button=case.to_need(case.say("See my need")),
        after=(case.say("Should we be late, we will write to you with a new date."),),
    )


def need_given_up(case: NeedCase) -> Letter:
    """What was given up stays readable."""
    return Letter(
        subject=case.say("Closed, as you asked: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You have given up %(need)s: it is closed and nobody is asked for it.", need=case.title),
            case.say("Its text stays readable to you. You can post another need whenever you like."),
        ),
        button=case.page(case.say("Post a need"), "new_need"),
        also=(case.to_need(case.say("Read the closed need again")),),
    )


def need_discarded(case: NeedCase) -> Letter:
    """A draft untouched for six months is closed."""
    return Letter(
        subject=case.say("Draft closed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Nobody had touched the draft %(need)s for six months: it is closed now.", need=case.title),
            case.say("Its text stays readable to you, and you can take it up again in a new need."),
        ),
        button=case.page(case.say("Post a need"), "new_need"),
        also=(case.to_need(case.say("Read the closed draft again")),),
    )


def need_opened(case: NeedCase) -> Letter:
    """What happens next."""
    return Letter(
        subject=case.say("Your need is published: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("%(coordinator)s has read your need and opened it.", coordinator=case.coordinator),
            case.say(
                "Next, Binôme compares it with the skills and the time of the volunteers, and the coordination team "
                "chooses whom to invite. Each person takes the time to answer."
            ),
            case.say("As soon as somebody says yes, we write to you: the last word is yours."),
        ),
        facts=subject_facts(case),
        button=case.to_need(case.say("See my need")),
        after=(case.say("If dates, hours or places move, change the need: those who have said yes are asked again."),),
    )


def changes_requested(case: NeedCase) -> Letter:
    """The points that are to be settled, and by when."""
    return Letter(
        subject=case.say("A few points to settle: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for your need %(need)s.", need=case.title),
            case.say("Before it can open, %(coordinator)s asks you for this:", coordinator=case.coordinator),
        ),
        quote=case.free_text(case.need.review_points),
        facts=case.fact(case.say("To be sent again by"), case.until(Clock.LAPSE_CHANGES)),
        button=case.to_need(case.say("Change my need")),
        after=(
            case.say("Once you have sent it again, we read it anew and promise you a date."),
            case.say("Is a point unclear? Answer this e-mail: it reaches your branch."),
        ),
    )


def changes_reminder(case: NeedCase) -> Letter:
    """The same points, a week later."""
    return Letter(
        subject=case.say("Your changes are awaited: %(need)s", need=case.brief_title),
        paragraphs=(case.say("A week ago %(coordinator)s asked you for this:", coordinator=case.coordinator),),
        quote=case.free_text(case.need.review_points),
        facts=(*subject_facts(case), *case.fact(case.say("Without news, it closes on"), case.due(Clock.LAPSE_CHANGES))),
        button=case.to_need(case.say("Change my need")),
        after=(case.say("Do you need help with it? Answer this e-mail: it reaches your branch."),),
    )


def need_lapsed(case: NeedCase) -> Letter:
    """Closed after thirty days without the changes that were asked for."""
    return Letter(
        subject=case.say("Closed without news: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for thinking of Binôme for %(need)s.", need=case.title),
            case.say("The points that we had asked you for have been waiting for thirty days: the need is closed."),
            case.say("Nothing is lost. Its text is kept, and you can post it again when the time is right."),
        ),
        button=case.page(case.say("Post a need"), "new_need"),
        also=(case.to_need(case.say("Read the closed need again")),),
    )


def need_refused(case: NeedCase) -> Letter:
    """Thanks, the reason, where else to go."""
    return Letter(
        subject=case.say("Our answer: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for your need %(need)s and for the time you gave to it.", need=case.title),
            case.say(
                "%(coordinator)s has read it and cannot open it on Binôme. Here is why, and where else you may find "
                "help:",
                coordinator=case.coordinator,
            ),
        ),
        quote=case.free_text(case.need.review_points),
        button=case.page(case.say("Post another need"), "new_need"),
        after=(case.say("Have we misunderstood something? Answer this e-mail: it reaches your branch."),),
    )


def need_resumed(case: NeedCase) -> Letter:
    """The pause is over."""
    filled = case.need.status is NeedStatus.FILLED
    all_taken = case.say("All its places are taken: the missions go on, nobody else is invited.")
    asked = case.say("The volunteers are compared anew, and invitations begin again.")
    return Letter(
        subject=case.say("No longer on hold: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The pause of your need %(need)s is over.", need=case.title),
            all_taken if filled else asked,
        ),
        button=case.to_need(case.say("See my need")),
    )


def need_completed(case: NeedCase) -> Letter:
    """Thanks, a word on how it went, and an offer to post again."""
    return Letter(
        subject=case.say("Your need is completed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("All the missions of your need %(need)s have ended.", need=case.title),
            case.say("Thank you for opening your door. In a few lines, how did it go? Answer this e-mail."),
            case.say("When another need comes up, you know the way: ten minutes are enough."),
        ),
        button=case.page(case.say("Post a need"), "new_need"),
        also=(case.to_need(case.say("See the completed need")),),
    )


def draft_reminder(case: NeedCase) -> Letter:
    """One reminder after three days."""
    return Letter(
        subject=case.say("Your draft is waiting: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You have begun to describe a need: %(need)s.", need=case.title),
            case.say("It is kept as you left it, and nobody else sees it. Ten minutes are often enough to finish it."),
        ),
        button=case.to_need(case.say("Go on with my draft")),
        after=(case.say("This is our only reminder before several months."),),
    )


def draft_warning(case: NeedCase) -> Letter:
    """A month before an untouched draft is closed."""
    return Letter(
        subject=case.say("Draft soon to be closed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Nobody has touched your draft %(need)s for five months.", need=case.title),
            case.say("If nothing changes, it is closed. To keep it, it is enough to change it once."),
        ),
        facts=case.fact(case.say("Closes on"), case.due(Clock.DISCARD_DRAFT)),
        button=case.to_need(case.say("Go on with my draft")),
    )


def review_late(case: NeedCase) -> Letter:
    """We are late: a new date."""
    return Letter(
        subject=case.say("We are late: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "We had promised you an answer for %(need)s by now, and we are late. Please excuse us.", need=case.title
            ),
            case.say("Your branch has just been reminded of it. You need do nothing."),
        ),
        facts=((case.say("New date"), case.date_of(case.need.promised_at)),),
        button=case.to_need(case.say("See my need")),
        after=(case.say("If this date is missed too, the administrators of Binôme are told."),),
    )


def still_needed(case: NeedCase) -> Letter:
    """After thirty quiet days: is it still needed?"""
    return Letter(
        subject=case.say("Is it still needed? %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Your need %(need)s has been open for a month, and nothing has moved.", need=case.title),
            case.say("Is it still current? If so, it stays open for thirty more days."),
        ),
        facts=case.fact(case.say("Without an answer, on hold from"), case.due(Clock.HOLD_SILENT)),
        button=case.signed(case.say("Answer"), LinkPurpose.STILL_NEEDED, Subject(need_id=case.need.id)),
        also=(case.to_need(case.say("Change or close my need")),),
        after=(case.say("On hold means that nobody is invited any more; you can open the need again at any time."),),
    )


def need_held_silent(case: NeedCase) -> Letter:
    """On hold because nobody of the association answered: to its members."""
    unanswered = case.context.pairing is not None
    asked = case.say("We had asked whether %(need)s was still current, and had no answer.", need=case.title)
    yes = case.say(
        "Somebody said yes to %(need)s and had no answer within ten working days: this person is no longer expected.",
        need=case.title,
    )
    return Letter(
        subject=case.say("On hold without an answer: %(need)s", need=case.brief_title),
        paragraphs=(
            yes if unanswered else asked,
            case.say("The need is on hold: nobody else is invited. Missions under way go on."),
        ),
        facts=(*subject_facts(case), *case.fact(case.say("Without news, it closes on"), case.due(Clock.EXPIRE_HOLD))),
        button=case.to_need(case.say("Open my need again")),
        after=(case.say("Whoever acts for the association can open it again at any time."),),
    )


def need_corrected(case: NeedCase) -> Letter:
    """A coordinator has changed the association's published need."""
    return Letter(
        subject=case.say("Your need was changed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("A coordinator has changed your need %(need)s. This is how it stands now.", need=case.title),
            case.say("If something in it is not as you want it, change it, or answer this e-mail."),
        ),
        facts=need_facts(case),
        button=case.to_need(case.say("See my need")),
        also=(case.page(case.say("Change my need"), "edit_need", id=case.need.id),),
    )


def hold_warning(case: NeedCase) -> Letter:
    """Seven days before a need on hold is closed."""
    return Letter(
        subject=case.say("Need soon to be closed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Your need %(need)s is on hold, and we have had no news from you.", need=case.title),
            case.say("Without news it is closed, and the people who wait for it are told."),
        ),
        facts=case.fact(case.say("Closes on"), case.due(Clock.EXPIRE_HOLD)),
        button=case.to_need(case.say("Open or close my need")),
    )


LETTERS: dict[M, Callable[[NeedCase], Letter]] = {
    M.NEED_RECEIVED: need_received,
    M.NEED_GIVEN_UP: need_given_up,
    M.NEED_DISCARDED: need_discarded,
    M.NEED_OPENED: need_opened,
    M.CHANGES_REQUESTED: changes_requested,
    M.CHANGES_REMINDER: changes_reminder,
    M.NEED_LAPSED: need_lapsed,
    M.NEED_REFUSED: need_refused,
    M.NEED_RESUMED: need_resumed,
    M.NEED_COMPLETED: need_completed,
    M.DRAFT_REMINDER: draft_reminder,
    M.DRAFT_WARNING: draft_warning,
    M.REVIEW_LATE: review_late,
    M.STILL_NEEDED: still_needed,
    M.NEED_HELD_SILENT: need_held_silent,
    M.HOLD_WARNING: hold_warning,
    M.NEED_CORRECTED: need_corrected,
}
