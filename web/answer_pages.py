"""The volunteer's answer page: who is asked, what, why her, and what she may still say. No reads, no writes."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.i18n import marked as _
from matcher.models.account import Account
from matcher.models.pairing import Pairing
from matcher.pairing_words import next_in_words
from matcher.published import published
from matcher.queries.acts import Act, answers_of
from matcher.queries.answers import Choice, Situation, choice_of, first_name, situation_of
from matcher.queries.known import due_of, told
from matcher.queries.needs import cards_for_her, need_page
from matcher.queries.shown import shown_as
from web.need_cards import NeedRow, language, rows_of
from web.need_pages import ShownNeed, shown_need
from web.runtime import today

S = Situation
WITH_SIMILAR = frozenset({S.TAKEN, S.CLOSED, S.ON_HOLD, S.FREE, S.ENDED, S.EXPIRED_AGAIN})
# The kind of the message, its title, and its text where the state of the pairing alone does not say it.
WORDS: dict[Situation, tuple[str, str, str | None]] = {
    S.ASKED: ("info", _("Nothing is decided before you press a button"), None),
    S.ASKED_ON_HOLD: (
        "warn",
        _("This need is on hold for now"),
        _("You may answer all the same: your answer is kept and passed on."),
    ),
    S.APPLIED: ("good", _("Thank you: your proposal is with us"), None),
    S.ACCEPTED: ("good", _("Thank you: your yes is recorded"), None),
    S.RESERVE: (
        "good",
        _("Thank you: you are in reserve"),
        _(
            "A place was filled just before your yes. If one becomes free, you are asked first, and you are free to "
            "say no."
        ),
    ),
    S.DECLINED: ("good", _("Thank you for your answer"), None),
    S.EXPIRED: (
        "warn",
        _("The time to answer is over, but the need is still open"),
        _("One press of the button sends a fresh link to the same address, good for three working days."),
    ),
    S.EXPIRED_AGAIN: (
        "warn",
        _("The time to answer is over"),
        _("A fresh link was sent once already. You can still propose your help on the page of the need."),
    ),
    S.TAKEN: (
        "info",
        _("Already taken: this need has found its people"),
        _("Thank you for having thought about it. Nothing more is expected of you."),
    ),
    S.ON_HOLD: (
        "info",
        _("This need is on hold"),
        _("Nobody is asked for it at the moment. Thank you for your interest; nothing is expected of you."),
    ),
    S.CLOSED: (
        "info",
        _("This need is closed"),
        _("Thank you for having thought about it. Nothing more is expected of you."),
    ),
    S.FREE: ("info", _("You are free again"), _("Thank you for your patience. Nothing more is expected of you.")),
    S.MISSION: (
        "good",
        _("Two yeses: you can get in touch"),
        _("Sign in to see how to reach each other and to say how it goes. For safety this link shows no contacts."),
    ),
    S.ENDED: ("info", _("This has ended"), None),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """The question that she asked, and the answer when it has come."""

    question: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What the template of an answer prints; `acts` are the names of the buttons that it offers."""

    need: ShownNeed
    first_name: str
    choice: Choice | None
    kind: str
    title: str
    text: str
    acts: frozenset[str]
    exchange: Exchange | None
    has_changed: bool
    similar: list[NeedRow]
    mission_url: str | None
    need_url: str | None
    mailbox: str


def answer_page(session: Session, actor: Actor, pairing: Pairing, recipient: Account) -> AnswerPage:
    """Return the page of a pairing for whoever holds the volunteer's link."""
    situation = situation_of(pairing)
    kind, title, text = WORDS[situation]
    words = told(actor, pairing, due_of(session, [pairing])[pairing.id], language=language(), today=today())
    need = pairing.need
    url = url_for("needs.show", need_id=need.id)
    return AnswerPage(
        need=shown_need(need_page(shown_as(language(), actor, need))),
        first_name=first_name(recipient),
        choice=choice_of(session, pairing, language=language()),
        kind=kind,
        title=gettext(title),
        text=gettext(text) if text else next_in_words(words),
        acts=frozenset(act.name for act in answers_of(pairing)),
        exchange=exchange_of(pairing),
        has_changed=Act.STILL_AGREE in answers_of(pairing),
        similar=_similar(session, pairing) if situation in WITH_SIMILAR else [],
        mission_url=url_for("missions.show", pairing_id=pairing.id) if situation is S.MISSION else None,
        need_url=url if situation in {S.EXPIRED_AGAIN, S.DECLINED, S.FREE} and need.is_open else None,
        mailbox=need.branch.mailbox,
    )


def exchange_of(pairing: Pairing) -> Exchange | None:
    """Return her question with its answer, None when she asked nothing."""
    if not pairing.question:
        return None
    answer = published(language(), pairing.answer) if pairing.answer else None
    return Exchange(published(language(), pairing.question), answer)


def _similar(session: Session, pairing: Pairing) -> list[NeedRow]:
    return rows_of(cards_for_her(session, pairing.volunteer, pairing.need, language=language()))
