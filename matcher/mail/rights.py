"""Mails about who looks after what: an account’s rights, suspension and second factor; a branch left alone."""

from collections.abc import Callable

from matcher.i18n import marked as _
from matcher.mail.accounts import AccountCase
from matcher.mail.codes import AccountMailCode as A
from matcher.mail.letter import Letter

# By the code that the audit log keeps.
WHY_SUSPENDED = {
    "stolen": _("Somebody else seems to use your account. We have shut it to protect you."),
    "conduct": _("What was done or written with your account does not fit the rules of this service."),
    "untrue": _("What your account says about you does not seem to be true."),
    "asked": _("You have asked us for it."),
}


def right_given(case: AccountCase) -> Letter:
    """Somebody may look after a branch, or after the service."""
    branch = case.say("You now coordinate %(branch)s on Binôme.", branch=case.association)
    return Letter(
        subject=case.say("You have a new role on Binôme"),
        paragraphs=(
            branch if case.association else case.say("You are now an administrator of Binôme."),
            case.say("This role asks for a second factor: a code of your telephone. The next page leads you there."),
        ),
        button=case.button(case.say("Go to Binôme"), "home"),
        after=(case.say("If you did not expect this, please answer this e-mail."),),
    )


def right_withdrawn(case: AccountCase) -> Letter:
    """A right has ended; the account stays."""
    branch = case.say("You no longer coordinate %(branch)s on Binôme.", branch=case.association)
    return Letter(
        subject=case.say("One of your roles on Binôme has ended"),
        paragraphs=(
            branch if case.association else case.say("You are no longer an administrator of Binôme."),
            case.say("Thank you for what you have done. Your account stays; please sign in again."),
        ),
        button=case.button(case.say("Sign in"), "sign_in"),
        after=(case.say("If you think that this is a mistake, please answer this e-mail."),),
    )


def account_suspended(case: AccountCase) -> Letter:
    """The account is shut until somebody lifts it."""
    why = WHY_SUSPENDED.get(case.mail.about)
    return Letter(
        subject=case.say("Your account is suspended"),
        paragraphs=(
            case.say("Your account on Binôme is suspended: nobody can sign in with it, and it receives no invitation."),
            *((case.say(why),) if why else ()),
            case.say("Applications and answers that were waiting are taken back. Nothing is erased."),
        ),
        button=case.button(case.say("See how to reach us"), "home"),
        after=(
            case.say("If you think that this is a mistake, please answer this e-mail: a person will read it."),
            case.say("You may also ask us for what we keep about you, or to erase your account."),
        ),
    )


def suspension_lifted(case: AccountCase) -> Letter:
    """The account is open again."""
    return Letter(
        subject=case.say("Your account is open again"),
        paragraphs=(
            case.say("Your account on Binôme is no longer suspended: you can sign in again."),
            case.say("What was taken back meanwhile does not come back by itself: please look at your missions."),
        ),
        button=case.button(case.say("Sign in"), "sign_in"),
    )


def second_factor_forgotten(case: AccountCase) -> Letter:
    """An administrator took the second factor away: a warning to whoever did not ask for it."""
    return Letter(
        subject=case.say("Your second factor was taken away"),
        paragraphs=(
            case.say("An administrator has taken away the second factor of your account, and its recovery codes."),
            case.say("Please sign in with your password and set up a new one. You are signed out everywhere."),
        ),
        button=case.button(case.say("Sign in"), "sign_in"),
        after=(case.say("If you did not ask for it, choose a new password at once and answer this e-mail."),),
    )


def signed_out(case: AccountCase) -> Letter:
    """An administrator ended every sign-in: a warning to whoever did not ask for it."""
    return Letter(
        subject=case.say("You were signed out everywhere"),
        paragraphs=(
            case.say("An administrator has ended every sign-in of your account, on all devices, to keep it safe."),
            case.say("Your account stays open and your password is the same. Please sign in again."),
        ),
        button=case.button(case.say("Sign in"), "sign_in"),
        after=(
            case.say("If you lost a device, or somebody else may know your password, choose a new password."),
            case.say("If you did not ask for it, please answer this e-mail: a person will read it."),
        ),
    )


def branch_left_alone(case: AccountCase) -> Letter:
    """To administrators: the last coordinator of a branch has erased her account."""
    return Letter(
        subject=case.say("Nobody coordinates %(branch)s any more", branch=case.association),
        paragraphs=(
            case.say("The last person who coordinated %(branch)s has left Binôme.", branch=case.association),
            case.say("Until somebody is appointed, the needs of this branch are reviewed by nobody."),
        ),
        button=case.button(case.say("Appoint somebody"), "people"),
    )


LETTERS: dict[A, Callable[[AccountCase], Letter]] = {
    A.RIGHT_GIVEN: right_given,
    A.RIGHT_WITHDRAWN: right_withdrawn,
    A.ACCOUNT_SUSPENDED: account_suspended,
    A.SUSPENSION_LIFTED: suspension_lifted,
    A.SECOND_FACTOR_FORGOTTEN: second_factor_forgotten,
    A.SIGNED_OUT: signed_out,
    A.BRANCH_LEFT_ALONE: branch_left_alone,
}
