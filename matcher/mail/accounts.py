"""Mails of an account itself: confirming an address, a password, a change. They know no need and no pairing."""

from collections.abc import Callable
from dataclasses import dataclass

from matcher.i18n import translate
from matcher.links import Links
from matcher.mail.codes import AccountMailCode as A
from matcher.mail.letter import Button, Letter
from matcher.published import published


@dataclass(frozen=True, slots=True)
class AccountMail:
    """To whom an account mail goes; `outbox_id` is its row, `about` the name of an association it is about."""

    address: str
    language: str
    name: str
    outbox_id: int
    about: str = ""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class AccountCase:
    """What an account letter is made from; `link` is the whole address that the account asked for, if any."""

    mail: AccountMail
    links: Links
    link: str | None

    def say(self, sentence: str, **values: object) -> str:
        """Put an English sentence into the reader's language and fill its named places."""
        return translate(self.mail.language, sentence, values)

    @property
    def association(self) -> str:
        """The association's name, without contacts."""
        return published(self.mail.language, self.mail.about)

    def button(self, label: str, page: str) -> Button:
        """Return a button to the mail's own link, or to a page when it has none."""
        return Button(label, self.link or self.links.page(page))


def confirm_address(case: AccountCase) -> Letter:
    """One button confirms the address."""
    return Letter(
        subject=case.say("Confirm your e-mail address"),
        paragraphs=(
            case.say("Welcome to Binôme. One step is left: confirm that this address is yours."),
            case.say("The button opens a page; your address is confirmed there, when you press its button."),
        ),
        button=case.button(case.say("Confirm my address"), "sign_in"),
        after=(
            case.say("Until then you may prepare drafts, but nothing of yours is published or sent."),
            case.say(
                "If you did not open an account, you need do nothing: we remind this address twice, then the account "
                "is deleted."
            ),
        ),
    )


def already_registered(case: AccountCase) -> Letter:
    """Somebody tried to register an address that has an account."""
    return Letter(
        subject=case.say("You already have an account"),
        paragraphs=(
            case.say("Somebody, perhaps you, has tried to open an account with this address: there is one already."),
            case.say("If it was you, sign in. If you have forgotten your password, choose a new one on the same page."),
        ),
        button=case.button(case.say("Sign in"), "sign_in"),
        after=(case.say("If it was not you, you need do nothing: nothing has changed."),),
    )


def reset_password(case: AccountCase) -> Letter:
    """The link to a new password."""
    return Letter(
        subject=case.say("Choose a new password"),
        paragraphs=(
            case.say("You have asked for a new password. Choose it on the page that this button opens."),
            case.say("The link works once, within a day."),
        ),
        button=case.button(case.say("Choose a new password"), "sign_in"),
        after=(case.say("If you did not ask for it, you need do nothing: your present password stays valid."),),
    )


def password_changed(case: AccountCase) -> Letter:
    """A warning to whoever did not do it."""
    return Letter(
        subject=case.say("Your password has changed"),
        paragraphs=(
            case.say("The password of your account has just been changed."),
            case.say(
                "If it was you, you need do nothing. If not, choose a new password at once and answer this e-mail."
            ),
        ),
        button=case.button(case.say("See my account"), "account"),
    )


def change_address(case: AccountCase) -> Letter:
    """The new address confirms itself."""
    return Letter(
        subject=case.say("Confirm your new e-mail address"),
        paragraphs=(
            case.say("You have asked to use this address for your account from now on."),
            case.say("The button opens a page; the change is made there, when you press its button."),
        ),
        button=case.button(case.say("Confirm my new address"), "account"),
        after=(case.say("If you did not ask for it, you need do nothing: your present address stays valid."),),
    )


def address_changed(case: AccountCase) -> Letter:
    """To the old address: a warning to whoever did not do it."""
    return Letter(
        subject=case.say("Your e-mail address has changed"),
        paragraphs=(
            case.say("Your account now uses another e-mail address; this is the last e-mail to the old one."),
            case.say(
                "If it was you, you need do nothing. If not, write to us at once: we will give you your account back."
            ),
        ),
        button=case.button(case.say("See how to reach us"), "home"),
    )


def address_works(case: AccountCase) -> Letter:
    """Mails came back, and she says that they would arrive now: this one proves it."""
    return Letter(
        subject=case.say("Does this e-mail arrive?"),
        paragraphs=(
            case.say("Our e-mails to this address came back, so we had stopped writing to it."),
            case.say(
                "If you read this, it works again: press the button on the page that opens, and we will write to you "
                "again."
            ),
        ),
        button=case.button(case.say("My address works again"), "account"),
        after=(case.say("If you did not ask for it, you need do nothing."),),
    )


def welcome(case: AccountCase) -> Letter:
    """The address is confirmed: what to do first."""
    return Letter(
        subject=case.say("Your account is ready"),
        paragraphs=(
            case.say("Thank you: your address is confirmed and your account is ready."),
            case.say("Do you offer your skills? Say in your profile what you can do and when you have time."),
            case.say("Do you act for an association? Describe a first need: templates help you to begin."),
        ),
        button=case.button(case.say("Go to Binôme"), "home"),
        also=(
            Button(case.say("Fill in my profile"), case.links.page("profile")),
            Button(case.say("Post a need"), case.links.page("new_need")),
        ),
    )


LETTERS: dict[A, Callable[[AccountCase], Letter]] = {
    A.CONFIRM_ADDRESS: confirm_address,
    A.ALREADY_REGISTERED: already_registered,
    A.RESET_PASSWORD: reset_password,
    A.PASSWORD_CHANGED: password_changed,
    A.CHANGE_ADDRESS: change_address,
    A.ADDRESS_CHANGED: address_changed,
    A.ADDRESS_WORKS: address_works,
    A.WELCOME: welcome,
}
