"""Mails to an association about somebody who said yes: a profile without a name, two choices, one link each."""

from collections.abc import Callable

from matcher.links import Subject
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import person_facts
from matcher.mail.letter import Button, Letter
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose


def yes_to_contact(case: PairingCase) -> Letter:
    """Somebody says yes: meet, or decline kindly."""
    return Letter(
        subject=case.say("Good news, a yes: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Somebody says yes to your need %(need)s.", need=case.title),
            case.say(
                "You have two choices: get to know each other, and each of you sees how to reach the other; or decline "
                "kindly, and we look further. Meeting binds nobody."
            ),
        ),
        facts=_facts(case),
        quote=case.free_text(case.pairing.motivation),
        button=_reply(case),
        after=(
            case.say("The name stays hidden until you say yes: skills and time come first."),
            case.say("Without news from you in three working days, we also ask the other members of your association."),
        ),
    )


def yes_to_members(case: PairingCase) -> Letter:
    """The contact has not answered: any member may."""
    return Letter(
        subject=case.say("A yes is waiting for you: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "Somebody said yes to %(need)s three working days ago, and the contact has not answered yet.",
                need=case.title,
            ),
            case.say(
                "Any member of %(association)s may answer, you too. The first answer counts.",
                association=case.association,
            ),
        ),
        facts=_facts(case),
        button=_reply(case),
        after=(case.say("The name stays hidden until you say yes: skills and time come first."),),
    )


def yes_withdrawn(case: PairingCase) -> Letter:
    """The yes was taken back."""
    return Letter(
        subject=case.say("A yes was taken back: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The person who had said yes to %(need)s is not available after all.", need=case.title),
            case.say("You need do nothing: the place is free again, and we ask the next people at once."),
        ),
        facts=((case.say("Person"), case.person),),
        button=case.to_need(case.say("See my need")),
    )


def _facts(case: PairingCase) -> tuple[tuple[str, str], ...]:
    return (*person_facts(case), *case.fact(case.say("To be answered by"), case.until(Clock.RELEASE_YES)))


def _reply(case: PairingCase) -> Button:
    return case.signed(case.say("See and answer"), LinkPurpose.REPLY_TO_YES, Subject(pairing_id=case.pairing.id))


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.YES_TO_CONTACT: yes_to_contact,
    M.YES_TO_MEMBERS: yes_to_members,
    M.YES_WITHDRAWN: yes_withdrawn,
}
