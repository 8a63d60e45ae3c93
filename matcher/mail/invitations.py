"""Mails that ask a volunteer: the invitation, its reminder, a fresh one, and « still free? » to the reserve."""

from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from matcher import wording
from matcher.database import Json
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import need_facts
from matcher.mail.letter import Letter
from matcher.models.suggestion import Suggestion
from matcher.published import excerpt
from matcher.reason_words import Place, reasons_in_words

MOST_REASONS = 2
SUMMARY_MAX = 220


def invitation(case: PairingCase) -> Letter:
    """What, for whom, how long, where and when, by when, who chose her and why."""
    until = reply_by(case)
    return Letter(
        subject=_subject(case),
        preheader=case.say(
            "%(chooser)s thought of you. Answer by %(day)s.", chooser=case.chooser, day=case.date_of(until)
        ),
        paragraphs=(
            case.say(
                "%(association)s is looking for help with %(need)s, and %(chooser)s thought of you.",
                association=case.association,
                need=case.title,
                chooser=case.chooser,
            ),
        ),
        facts=(*need_facts(case), *why_you(case), (case.say("Answer by"), case.moment(until))),
        button=case.to_answer(case.say("See and answer"), until=until),
        after=(
            *_summary(case),
            case.say(
                "Yes, no, not now or a question: each answer helps. Nothing is decided before you press a button."
            ),
            case.say("If we do not hear from you, we ask somebody else; nobody holds it against you."),
        ),
    )


def invitation_reminder(case: PairingCase) -> Letter:
    """One reminder, at half the time."""
    until = reply_by(case)
    return Letter(
        subject=case.say("Reminder: %(need)s", need=case.brief_title),
        preheader=case.say("Answer by %(moment)s. This is our only reminder.", moment=case.moment(until)),
        paragraphs=(
            case.say(
                "%(association)s would still be glad of your help with %(need)s. This is our only reminder.",
                association=case.association,
                need=case.title,
            ),
        ),
        facts=(*need_facts(case), *why_you(case), (case.say("Answer by"), case.moment(until))),
        button=case.to_answer(case.say("See and answer"), until=until),
        after=(case.say("A no is an answer too: it lets us ask somebody else at once."),),
    )


def fresh_invitation(case: PairingCase) -> Letter:
    """The new link that she asked for."""
    until = reply_by(case)
    return Letter(
        subject=case.say("Your new link: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "Here is the new link you asked for, to answer %(association)s about %(need)s.",
                association=case.association,
                need=case.title,
            ),
        ),
        facts=(*need_facts(case), (case.say("Answer by"), case.moment(until))),
        button=case.to_answer(case.say("See and answer"), until=until),
        after=(case.say("If you did not ask for it, you need do nothing."),),
    )


def still_free(case: PairingCase) -> Letter:
    """A seat is free: the reserve is asked first."""
    until = reply_by(case)
    return Letter(
        subject=case.say("Still available? %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("You had said yes to %(need)s and were in reserve: a place is free now.", need=case.title),
            case.say("Are you still available? You are asked first, and free to say no."),
        ),
        facts=(
            (case.say("Association"), case.shown.name),
            *need_facts(case),
            (case.say("Answer by"), case.moment(until)),
        ),
        button=case.to_answer(case.say("See and answer"), until=until),
        after=(case.say("If we do not hear from you by then, the next person is asked."),),
    )


def reply_by(case: PairingCase) -> datetime:
    """Return by when she is to answer: what the caller gives, else what is recorded."""
    given = case.context.data.get("reply_by")
    if isinstance(given, str):
        return datetime.fromisoformat(given)
    return case.pairing.reply_by or case.context.now


def _subject(case: PairingCase) -> str:
    if case.need.total_hours is None:
        return case.say("%(need)s: %(association)s needs you", need=case.brief_title, association=case.association)
    return case.say(
        "%(need)s: %(hours)s h for %(association)s",
        need=case.brief_title,
        hours=wording.number_in_words(case.language, case.need.total_hours),
        association=case.association,
    )


def why_you(case: PairingCase) -> tuple[tuple[str, str], ...]:
    """Return why the ranking proposes her, in her words; nothing when the ranking has gone."""
    told = reasons_in_words(case.language, Place.INVITATION, case.shown.tellable(_reasons(case)))[:MOST_REASONS]
    words = [case.free_text(text) for text in told]
    separator = "\u202f; " if case.language == "fr" else "; "
    return case.fact(case.say("Why you"), separator.join(words))


def _reasons(case: PairingCase) -> list[Mapping[str, Json]]:
    stored = case.context.session.scalar(
        sa.select(Suggestion.reasons).where(
            Suggestion.need_id == case.need.id, Suggestion.volunteer_id == case.pairing.volunteer_id
        )
    )
    listed = stored.get("list") if stored else None
    return [reason for reason in listed if isinstance(reason, dict)] if isinstance(listed, list) else []


def _summary(case: PairingCase) -> tuple[str, ...]:
    text = excerpt(case.free_text(case.need.description), SUMMARY_MAX)
    return (wording.quoted(case.language, text),) if text else ()


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.INVITATION: invitation,
    M.INVITATION_REMINDER: invitation_reminder,
    M.FRESH_INVITATION: fresh_invitation,
    M.STILL_FREE: still_free,
}
