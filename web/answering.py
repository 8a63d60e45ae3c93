"""The volunteer's answers, by her link or signed in: which form each one has and what it sets in motion."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.queries.acts import Act
from matcher.services import answers
from web.forms.answers import LaterForm, NoForm, QuestionForm
from web.forms.need_steps import StepForm

Perform = Callable[[Session, Actor, datetime, int, FlaskForm], object]


@dataclass(frozen=True, slots=True)
class Answering:
    """One way to answer."""

    form: type[FlaskForm]
    perform: Perform


def _yes(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return answers.accept(session, actor, now, pairing_id=pairing_id)


def _no(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    refusal = answers.Refusal(reason=cast(NoForm, form).code)
    return answers.decline(session, actor, now, pairing_id=pairing_id, refusal=refusal)


def _later(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    refusal = answers.Refusal(ask_again_on=cast(LaterForm, form).ask_again_on.data)
    return answers.decline(session, actor, now, pairing_id=pairing_id, refusal=refusal)


def _question(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return answers.ask(session, actor, now, pairing_id=pairing_id, question=cast(QuestionForm, form).question.data)


def _still_agree(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return answers.still_agree(session, actor, now, pairing_id=pairing_id)


def _fresh(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return answers.reinvite(session, actor, now, pairing_id=pairing_id)


def _withdraw(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return answers.withdraw(session, actor, now, pairing_id=pairing_id)


ANSWERING: dict[Act, Answering] = {
    Act.YES: Answering(StepForm, _yes),
    Act.NO: Answering(NoForm, _no),
    Act.LATER: Answering(LaterForm, _later),
    Act.QUESTION: Answering(QuestionForm, _question),
    Act.STILL_AGREE: Answering(StepForm, _still_agree),
    Act.FRESH: Answering(StepForm, _fresh),
    Act.WITHDRAW: Answering(StepForm, _withdraw),
}


def blank_forms() -> dict[str, FlaskForm]:
    """Return the forms that the page shows beside the yes, with nothing typed."""
    return {Act.NO.name: NoForm(formdata=None), Act.LATER.name: LaterForm(formdata=None),
            Act.QUESTION.name: QuestionForm(formdata=None)}  # fmt: skip
