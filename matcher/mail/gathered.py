"""One mail with the invitations that have gathered for a volunteer: each keeps its own reasons and its own answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import need_facts
from matcher.mail.invitations import reply_by, why_you
from matcher.mail.letter import Letter, Part
from matcher.models.pairing import Pairing


def gathered(case: PairingCase) -> Letter:
    """Each need with its facts, who chose her and why, by when, and a button of its own; yes to one binds to no other.

    `data["replies"]` names the pairings in their order, with the time of each answer.
    """
    cases = [_case_of(case, int(pairing_id), until) for pairing_id, until in _replies(case).items()]
    titles = cases[0].brief_title if len(cases) == 1 else f"{cases[0].brief_title.rstrip('…')}…"
    first = min(reply_by(each) for each in cases)
    return Letter(
        subject=case.say_plural("An invitation: %(needs)s", "%(n)s invitations: %(needs)s", len(cases), needs=titles),
        preheader=case.say("First answer by %(day)s.", day=case.date_of(first)),
        paragraphs=(
            case.say("The coordination team thought of you for what follows."),
            case.say("Each need has its own answer. A yes to one says nothing about the others."),
        ),
        parts=tuple(_part(each) for each in cases),
        after=(
            case.say(
                "Yes, no, not now or a question: each answer helps. Nothing is decided before you press a button."
            ),
            case.say("If we do not hear from you, we ask somebody else; nobody holds it against you."),
        ),
    )


def _part(case: PairingCase) -> Part:
    until = reply_by(case)
    return Part(
        title=case.title,
        facts=(
            (case.say("Association"), case.shown.name),
            *need_facts(case),
            (case.say("Chosen by"), case.chooser),
            *why_you(case),
            (case.say("Answer by"), case.moment(until)),
        ),
        button=case.to_answer(case.say("See and answer"), until=until),
    )


def _replies(case: PairingCase) -> Mapping[str, object]:
    told = case.context.data.get("replies")
    return told if isinstance(told, dict) else {}


def _case_of(case: PairingCase, pairing_id: int, until: object) -> PairingCase:
    pairing = case.context.session.get_one(Pairing, pairing_id)
    moment = datetime.fromisoformat(str(until)).isoformat()
    context = replace(case.context, need=pairing.need, pairing=pairing, data={"reply_by": moment})
    return PairingCase(context, pairing.need, pairing)


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {M.INVITATIONS: gathered}
