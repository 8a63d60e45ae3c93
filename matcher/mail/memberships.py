"""Mails about who acts for an association: invited, asked, admitted, turned down."""

from collections.abc import Callable

from matcher.mail.accounts import AccountCase
from matcher.mail.codes import AccountMailCode as A
from matcher.mail.letter import Button, Letter


def member_invited(case: AccountCase) -> Letter:
    """A member invites somebody to act for the association."""
    return Letter(
        subject=case.say("Join %(association)s on Binôme", association=case.association),
        paragraphs=(
            case.say(
                "A member of %(association)s invites you to act for it on Binôme: to post its needs and to follow its "
                "missions.",
                association=case.association,
            ),
            case.say("Sign in with this address, or open an account with it; nothing happens until you say yes."),
        ),
        button=case.button(case.say("See the invitation"), "sign_in"),
        after=(case.say("If you do not know this association, you need do nothing."),),
    )


def membership_asked(case: AccountCase) -> Letter:
    """Somebody asks to act for the association: a member answers."""
    return Letter(
        subject=case.say("Somebody asks to join %(association)s", association=case.association),
        paragraphs=(
            case.say(
                "Somebody asks to act for %(association)s on Binôme. One of its members answers: you, or somebody "
                "else.",
                association=case.association,
            ),
            case.say("Say yes only to somebody you know: a member sees the needs and the missions of the association."),
        ),
        button=case.button(case.say("See and answer"), "account"),
    )


def membership_asked_coordinator(case: AccountCase) -> Letter:
    """To the coordinators of a branch: somebody asks to act for an association that nobody acts for."""
    return Letter(
        subject=case.say("Nobody acts for %(association)s, and somebody asks to", association=case.association),
        paragraphs=(
            case.say(
                "Somebody asks to act for %(association)s on Binôme. Nobody acts for it at present, so the "
                "coordinators of its branch answer: you, or a colleague.",
                association=case.association,
            ),
            case.say("Say yes only once the association has told you that this person acts for it."),
        ),
        button=case.button(case.say("See and answer"), "associations"),
    )


def membership_admitted(case: AccountCase) -> Letter:
    """To whoever asked: yes."""
    return Letter(
        subject=case.say("You act for %(association)s from now on", association=case.association),
        paragraphs=(
            case.say("You had asked to act for %(association)s: the answer is yes.", association=case.association),
            case.say(
                "You can post its needs, follow its missions and answer volunteers. Needs that are on hold can be "
                "opened again from their page."
            ),
        ),
        button=case.button(case.say("See its needs"), "my_needs"),
    )


def membership_declined(case: AccountCase) -> Letter:
    """To whoever asked: no, without a reason."""
    return Letter(
        subject=case.say("Your request to act for %(association)s", association=case.association),
        paragraphs=(
            case.say(
                "You had asked to act for %(association)s on Binôme. You were not admitted.",
                association=case.association,
            ),
            case.say("If you think that this is a mistake, please speak to the association itself."),
        ),
        button=Button(case.say("See my account"), case.links.page("account")),
    )


LETTERS: dict[A, Callable[[AccountCase], Letter]] = {
    A.MEMBER_INVITED: member_invited,
    A.MEMBERSHIP_ASKED: membership_asked,
    A.MEMBERSHIP_ASKED_COORDINATOR: membership_asked_coordinator,
    A.MEMBERSHIP_ADMITTED: membership_admitted,
    A.MEMBERSHIP_DECLINED: membership_declined,
}
