"""Mails to a volunteer about her application or her answer: receipts, delays, kind refusals."""

from collections.abc import Callable

from matcher.labels import code_label
from matcher.links import Subject
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import need_facts, similar
from matcher.mail.invitations import reply_by
from matcher.mail.letter import Button, Letter
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import PairingReason, PairingStatus

KIND_REASONS = frozenset(
    {
        PairingReason.SKILLS,
        PairingReason.AVAILABILITY,
        PairingReason.DISTANCE,
        PairingReason.LANGUAGE,
        PairingReason.OTHER_PERSON_CHOSEN,
        PairingReason.NEED_CHANGED,
        PairingReason.CHANGED_CIRCUMSTANCES,
    }
)


def application_received(case: PairingCase) -> Letter:
    """The receipt, with a date."""
    return Letter(
        subject=case.say("Application received: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for offering your help with %(need)s.", need=case.title),
            case.say("We will read it and answer you."),
        ),
        facts=(
            (case.say("Association"), case.shown.name),
            *need_facts(case),
            *case.fact(case.say("Answer expected by"), case.due(Clock.APPLICATION_WAITS)),
        ),
        button=case.to_answer(case.say("See my application")),
        after=(case.say("You can take it back freely, without giving a reason."),),
    )


def application_late(case: PairingCase) -> Letter:
    """Ten working days without an answer: we say so."""
    return Letter(
        subject=case.say("Our answer is late: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You applied for %(need)s ten working days ago, and we have not answered yet.", need=case.title),
            case.say(
                "Please excuse us. The administrators of Binôme have been told, and your application stays valid."
            ),
        ),
        button=case.to_answer(case.say("See my application")),
    )


def application_accepted(case: PairingCase) -> Letter:
    """Taken up: the association has the last word."""
    return Letter(
        subject=case.say("Application taken up: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you: we have taken up your application for %(need)s.", need=case.title),
            case.say("%(association)s is told of it now and has the last word.", association=case.association),
            case.say("As soon as it says yes, each of you sees how to reach the other."),
        ),
        facts=case.fact(case.say("News at the latest on"), case.due(Clock.RELEASE_YES)),
        button=case.to_answer(case.say("See my answer")),
    )


def application_reserved(case: PairingCase) -> Letter:
    """Taken up, but no seat is free."""
    return Letter(
        subject=case.say("You are in reserve: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you: we have taken up your application for %(need)s.", need=case.title),
            case.say("All its places are held for now. If one becomes free, we ask you first."),
        ),
        button=case.to_answer(case.say("See my answer")),
        after=(case.say("You can leave the reserve whenever you like."),),
    )


def set_aside(case: PairingCase) -> Letter:
    """Thanks, the reason, the next step."""
    found = similar(case)
    return Letter(
        subject=case.say("Our answer: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for being ready to help with %(need)s.", need=case.title),
            case.say("We will not put you forward for this need. It says nothing about the worth of what you offer."),
        ),
        facts=_kind_reason(case),
        leads_to_offers=case.say("Other needs may suit you better:")
        if found
        else case.say("Other needs may suit you better."),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def yes_receipt(case: PairingCase) -> Letter:
    """Thanks, who does what next, and how to take it back."""
    return Letter(
        subject=case.say("Thank you for your yes: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "Thank you. We have told %(association)s of your yes to %(need)s.",
                association=case.association,
                need=case.title,
            ),
            case.say("It now looks at your profile, without your name, and says whether it wishes to meet you."),
            case.say("As soon as it says yes, each of you sees how to reach the other."),
        ),
        facts=(*need_facts(case), *case.fact(case.say("News at the latest on"), case.due(Clock.RELEASE_YES))),
        button=case.to_answer(case.say("See my answer")),
        after=(case.say("You can take your yes back freely until then, without giving a reason."),),
    )


def reserve_receipt(case: PairingCase) -> Letter:
    """A yes when all seats are held."""
    return Letter(
        subject=case.say("Your yes is in reserve: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "Thank you for your yes to %(need)s. Others were a little quicker: all its places are held.",
                need=case.title,
            ),
            case.say("You are in reserve. If a place becomes free, we ask you first, and you are free to say no."),
        ),
        button=case.to_answer(case.say("See my answer")),
        after=(case.say("You can leave the reserve whenever you like."),),
    )


def telephone_receipt(case: PairingCase) -> Letter:
    """What was recorded by telephone, with « ce n'est pas exact »."""
    said_no = case.pairing.status is PairingStatus.DECLINED
    recorded = case.say("You said no") if said_no else case.say("You said yes")
    return Letter(
        subject=case.say("Your answer by telephone: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for talking with us. We have recorded your answer about %(need)s.", need=case.title),
            case.say("If this is what you said, you need do nothing."),
        ),
        facts=(
            (case.say("Recorded answer"), recorded),
            (case.say("Association"), case.shown.name),
            *case.fact(case.say("Ask me again from"), case.day(case.pairing.ask_again_on)),
        ),
        button=case.signed(
            case.say("This is not correct"), LinkPurpose.NOT_WHAT_I_SAID, Subject(pairing_id=case.pairing.id)
        ),
    )


def question_answered(case: PairingCase) -> Letter:
    """The answer to her question; her clock runs again."""
    until = reply_by(case)
    return Letter(
        subject=case.say("Answer to your question: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You asked: %(question)s", question=case.free_text(case.pairing.question)),
            case.say("%(chooser)s answers you:", chooser=case.chooser),
        ),
        quote=case.free_text(case.pairing.answer),
        facts=(
            (case.say("Need"), case.bare_title),
            (case.say("Association"), case.shown.name),
            (case.say("Answer by"), case.moment(until)),
        ),
        button=case.to_answer(case.say("See and answer"), until=until),
    )


def yes_late(case: PairingCase) -> Letter:
    """The association is slow: we are on it."""
    return Letter(
        subject=case.say("No answer yet: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "%(association)s has not answered your yes to %(need)s yet. Please excuse the delay.",
                association=case.association,
                need=case.title,
            ),
            case.say("We are getting in touch with it. You need do nothing."),
        ),
        facts=case.fact(case.say("News at the latest on"), case.due(Clock.RELEASE_YES)),
        button=case.to_answer(case.say("See my answer")),
    )


def yes_released(case: PairingCase) -> Letter:
    """The association never answered: she is free, thanked and offered other needs."""
    found = similar(case)
    return Letter(
        subject=case.say("You are free again: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for your yes to %(need)s, and for your patience.", need=case.title),
            case.say(
                "%(association)s has not answered in ten working days. It has nothing to do with you, and we no longer "
                "ask you to wait.",
                association=case.association,
            ),
        ),
        leads_to_offers=_elsewhere(case, found),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def refused_kindly(case: PairingCase) -> Letter:
    """Thanks, the reason, the next step."""
    found = similar(case)
    return Letter(
        subject=case.say("The association’s answer: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for your yes to %(need)s.", need=case.title),
            case.say(
                "%(association)s has chosen not to go further this time. It says nothing about the worth of what you "
                "offer.",
                association=case.association,
            ),
        ),
        leads_to_offers=_elsewhere(case, found),
        facts=_kind_reason(case),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def released(case: PairingCase) -> Letter:
    """No longer expected: nobody's fault."""
    found = similar(case)
    return Letter(
        subject=case.say("The wait is over: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for staying in reserve for %(need)s.", need=case.title),
            case.say("The work has started with the people who were there: you are free again, and need do nothing."),
        ),
        leads_to_offers=_elsewhere(case, found),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def _elsewhere(case: PairingCase, found: tuple[Button, ...]) -> str:
    return case.say("Your time would be welcome here:") if found else case.say("Your time would be welcome elsewhere.")


def _kind_reason(case: PairingCase) -> tuple[tuple[str, str], ...]:
    reason = case.pairing.reason
    return case.fact(case.say("Why"), code_label(case.language, reason) if reason in KIND_REASONS else "")


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.APPLICATION_RECEIVED: application_received,
    M.APPLICATION_LATE: application_late,
    M.APPLICATION_ACCEPTED: application_accepted,
    M.APPLICATION_RESERVED: application_reserved,
    M.SET_ASIDE: set_aside,
    M.YES_RECEIPT: yes_receipt,
    M.RESERVE_RECEIPT: reserve_receipt,
    M.TELEPHONE_RECEIPT: telephone_receipt,
    M.QUESTION_ANSWERED: question_answered,
    M.YES_LATE: yes_late,
    M.YES_RELEASED: yes_released,
    M.REFUSED_KINDLY: refused_kindly,
    M.RELEASED: released,
}
