"""Mails before an account goes: an address that nobody confirmed, somebody who was not here for nearly two years."""

from collections.abc import Callable

from matcher.mail.accounts import AccountCase
from matcher.mail.codes import AccountMailCode as A
from matcher.mail.letter import Letter


def unconfirmed_first(case: AccountCase) -> Letter:
    """After a week: one step is left."""
    return Letter(
        subject=case.say("One step is left: confirm your address"),
        paragraphs=(
            case.say("You have opened an account on Binôme, and your address is not confirmed yet."),
            case.say("Sign in: your account page sends you a new link, and one press confirms your address."),
        ),
        button=case.button(case.say("Go to my account"), "account"),
        after=(case.say("If you did not open an account, you need do nothing: it deletes itself."),),
    )


def unconfirmed_second(case: AccountCase) -> Letter:
    """The last word before it is deleted."""
    return Letter(
        subject=case.say("Your account is about to be deleted"),
        paragraphs=(
            case.say("Your address on Binôme is still not confirmed. In about a week we delete the account."),
            case.say("To keep it, sign in and ask for a new link on your account page."),
        ),
        button=case.button(case.say("Keep my account"), "account"),
        after=(case.say("If you do not want it, you need do nothing: this is the last e-mail about it."),),
    )


def inactive_warning(case: AccountCase) -> Letter:
    """A month before somebody who comes no more is erased."""
    return Letter(
        subject=case.say("Shall we keep your account?"),
        paragraphs=(
            case.say("You have not been on Binôme for a long time. We do not keep what nobody needs any more."),
            case.say("To stay, sign in once within 30 days. Nothing else is asked of you."),
        ),
        button=case.button(case.say("Keep my account"), "sign_in"),
        after=(
            case.say("Without a word from you, your account and your profile are erased then, for good."),
            case.say("Thank you for the time that you have given."),
        ),
    )


LETTERS: dict[A, Callable[[AccountCase], Letter]] = {
    A.UNCONFIRMED_FIRST: unconfirmed_first,
    A.UNCONFIRMED_SECOND: unconfirmed_second,
    A.INACTIVE_WARNING: inactive_warning,
}
