"""From a code and its context to a message: the letter, its footer, its headers, its id. Sends nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from matcher.i18n import LANGUAGES
from matcher.links import Links, Subject
from matcher.mail import (
    accounts,
    answers,
    availability,
    branches,
    coordinators,
    digests,
    gathered,
    invitations,
    memberships,
    missions,
    needs,
    people,
    retention,
    rights,
    silence,
    yeses,
)
from matcher.mail.accounts import AccountCase, AccountMail
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.context import MailContext, NeedCase, PairingCase, PreviewCase
from matcher.mail.envelope import account_comes_back_to, comes_back_to, host, local_id, thread
from matcher.mail.letter import Button, Footer, Letter
from matcher.mail.message import Message
from matcher.mail.reader import ReaderCase, VolunteerCase
from matcher.mail.render import Rendered, render
from matcher.mail.return_path import Purpose, return_path
from matcher.mail.sense import still_true
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.settings import Settings

__all__ = ["AccountMail", "MailContext", "compose", "compose_account_mail", "preview_invitation"]

NEED_LETTERS: dict[MailCode, Callable[[NeedCase], Letter]] = {
    **needs.LETTERS,
    **branches.LETTERS,
    **silence.NEED_LETTERS,
}
PAIRING_LETTERS: dict[MailCode, Callable[[PairingCase], Letter]] = {
    **people.LETTERS,
    **coordinators.LETTERS,
    **invitations.LETTERS,
    **gathered.LETTERS,
    **answers.LETTERS,
    **yeses.LETTERS,
    **missions.LETTERS,
}
ACCOUNT_LETTERS = {**accounts.LETTERS, **memberships.LETTERS, **rights.LETTERS, **retention.LETTERS}
READER_LETTERS: dict[MailCode, Callable[[MailContext], tuple[ReaderCase, Letter] | None]] = {
    **digests.LETTERS,
    **silence.LETTERS,
    **availability.LETTERS,
}
WITH_UNSUBSCRIBE = frozenset(
    {
        MailCode.INVITATION,
        MailCode.INVITATIONS,
        MailCode.INVITATION_REMINDER,
        MailCode.FRESH_INVITATION,
        MailCode.STILL_FREE,
        MailCode.NO_PROPOSAL,
        MailCode.STILL_TRUE,
    }
)


def compose(context: MailContext, code: MailCode) -> Message | None:
    """Return the message, or None when it has no sense any more; issues the links in it, so it writes."""
    need, pairing = context.need, context.pairing
    if not context.recipient.active:
        return None
    if code in READER_LETTERS:
        return _to_reader(context, code)
    if need is None or not still_true(code, need, pairing):
        return None
    if code in NEED_LETTERS:
        need_case = NeedCase(context, need)
        return _message(need_case, NEED_LETTERS[code](need_case), ())
    if pairing is None:
        return None
    case = PairingCase(context, need, pairing)
    letter = PAIRING_LETTERS[code](case)
    message = _message(case, letter, (_unsubscribe(case),) if code in WITH_UNSUBSCRIBE else ())
    return replace(
        message,
        message_id=f"<{local_id(case, code)}@{host(context.settings)}>",
        headers={**message.headers, **thread(case, code)},
        return_path=comes_back_to(case, code),
    )


def _to_reader(context: MailContext, code: MailCode) -> Message | None:
    written = READER_LETTERS[code](context)
    if written is None:
        return None
    case, letter = written
    unsubscribe = (_unsubscribe(case),) if code in WITH_UNSUBSCRIBE else ()
    return _message(case, letter, unsubscribe)


def preview_invitation(context: MailContext, volunteer: Volunteer, reply_by: datetime) -> Rendered:
    """Return the invitation as this volunteer would read it; writes nothing, and its links grant nothing."""
    need = context.need
    if need is None:
        raise ValueError("a preview needs its need")
    data = {**context.data, "reply_by": reply_by.isoformat()}
    pairing = context.pairing or Pairing(volunteer=volunteer, volunteer_id=volunteer.id, need_id=need.id)
    case = PreviewCase(replace(context, data=data), need, pairing)
    letter = replace(invitations.invitation(case), greeting=case.greeting)
    return render(letter, _footer(case, (case.to_review(case.say("No more invitations")),)), case.language)


def compose_account_mail(
    settings: Settings, links: Links, mail: AccountMail, code: AccountMailCode, *, link: str | None
) -> Message:
    """Return an account mail; `link` is the whole address that it offers, None where it offers none."""
    spoken = mail if mail.language in LANGUAGES else replace(mail, language="fr")
    case = AccountCase(spoken, links, link)
    greeting = case.say("Hello %(name)s,", name=mail.name) if mail.name else case.say("Hello,")
    letter = replace(ACCOUNT_LETTERS[code](case), greeting=greeting)
    footer = Footer(
        (
            case.say("Binôme brings the skills of volunteers to the associations that need them."),
            case.say("You get this e-mail because this address was given on Binôme."),
        )
    )
    rendered = render(letter, footer, spoken.language)
    return Message(
        message_id=f"<account.{mail.outbox_id}@{host(settings)}>",
        sender=settings.mail_from,
        recipient=mail.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        headers=_headers(spoken.language),
        return_path=return_path(settings, Purpose.ACCOUNT_MAIL, mail.account_id or 0, recipient=mail.address),
    )


def _message(case: ReaderCase, letter: Letter, unsubscribe: tuple[Button, ...]) -> Message:
    context = case.context
    rendered = render(replace(letter, greeting=case.greeting), _footer(case, unsubscribe), case.language)
    headers = {**_headers(case.language), "Reply-To": case.answering.mailbox}
    for button in unsubscribe:
        headers["List-Unsubscribe"] = f"<{button.address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Message(
        message_id=f"<binome.{context.outbox_id}@{host(context.settings)}>",
        sender=context.settings.mail_from,
        recipient=context.recipient.email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        headers=headers,
        return_path=account_comes_back_to(context.settings, context.recipient.id, context.recipient.email),
    )


def _headers(language: str) -> dict[str, str]:
    return {"Auto-Submitted": "auto-generated", "Content-Language": language}


def _footer(case: ReaderCase, unsubscribe: tuple[Button, ...]) -> Footer:
    why, settings = _why_this_mail(case)
    branch = case.say("Binôme, %(branch)s. Answer this e-mail if you like: a person reads it.", branch=case.branch)
    return Footer((branch, why), (*unsubscribe, settings))


def _why_this_mail(case: ReaderCase) -> tuple[str, Button]:
    account = case.page(case.say("See my account"), "account")
    if isinstance(case, VolunteerCase) or (isinstance(case, PairingCase) and case.reader_is_volunteer):
        return case.say("You get this e-mail because you offer your skills on Binôme."), _choices(case)
    if isinstance(case, NeedCase) and case.reader_is_member:
        return case.say(
            "You get this e-mail because you act for %(association)s.", association=case.association
        ), account
    return case.say("You get this e-mail because you coordinate a branch or look after Binôme."), account


def _choices(case: ReaderCase) -> Button:
    words = case.say("Choose which e-mails I get")
    return (
        case.to_review(words)
        if isinstance(case, PreviewCase)
        else case.signed(words, LinkPurpose.MAIL_CHOICES, Subject())
    )


def _unsubscribe(case: ReaderCase) -> Button:
    return case.signed(case.say("No more invitations"), LinkPurpose.UNSUBSCRIBE, Subject())
