"""Needs in the forms in which they are written: the one draft that a form makes however often it is sent, saving by
itself, and two forms that write the same need.

What has been sent for review is never changed from here by itself: others see it. Writing proper: needs.py.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import IllegalTransition, NeedIsIncomplete
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.services import needs
from matcher.services.needs import NeedContent
from matcher.services.steps import lock_need

REPEATED = frozenset({NeedStatus.DRAFT, NeedStatus.SUBMITTED})
ITSELF = frozenset({NeedStatus.DRAFT})


@dataclass(frozen=True, slots=True)
class Page:
    """The form in which somebody writes: its own key, and the edition that it showed, None for a new need."""

    key: str
    edition: int | None = None


def write(
    session: Session, actor: Actor, now: datetime, *, association_id: int, form_key: str, content: NeedContent
) -> Need:
    """Make the draft of a form, or change the one that this form has made.

    Raises IllegalTransition when it went on, EditedMeanwhile when another form has written since.
    """
    need = _made_by(session, actor, form_key)
    if need is None:
        return _begin(session, actor, now, association_id=association_id, form_key=form_key, content=content)
    return _change(session, actor, now, need_id=need.id, content=content, page=Page(form_key), states=REPEATED)


def edit(session: Session, actor: Actor, now: datetime, *, need_id: int, content: NeedContent, page: Page) -> Need:
    """Change a need from a form that showed it; raises EditedMeanwhile, and what needs.edit raises."""
    need = needs.edit(session, actor, now, need_id=need_id, content=content)
    need.begin_edition(page.key, page.edition)
    return need


def autosave_new(
    session: Session, actor: Actor, now: datetime, *, association_id: int, form_key: str, content: NeedContent
) -> Need:
    """Like `write`, for a form that nobody sent: a draft needs words to begin, and only a draft is changed.

    Raises NeedIsIncomplete without title and text, IllegalTransition when the need was sent meanwhile, EditedMeanwhile
    when another form has written.
    """
    need = _made_by(session, actor, form_key)
    if need is not None:
        return autosave(session, actor, now, need_id=need.id, content=content, page=Page(form_key))
    if not (content.title or content.description):
        raise NeedIsIncomplete(field="title")
    return _begin(session, actor, now, association_id=association_id, form_key=form_key, content=content)


def autosave(session: Session, actor: Actor, now: datetime, *, need_id: int, content: NeedContent, page: Page) -> Need:
    """Keep a draft while it is written; raises IllegalTransition for a need in any other state, EditedMeanwhile."""
    return _change(session, actor, now, need_id=need_id, content=content, page=page, states=ITSELF)


def _made_by(session: Session, actor: Actor, form_key: str) -> Need | None:
    """Find what a form has made. Where it has made nothing yet the author's row is held, so that the same form sent
    twice at once waits here."""
    made = sa.select(Need).where(Need.author_id == actor.account_id, Need.form_key == form_key)
    there = session.scalar(made)
    if there is not None:
        return there
    session.execute(
        sa.select(Account.id).where(Account.id == actor.account_id).with_for_update(key_share=True)
    ).one_or_none()
    return session.scalar(made)


def _begin(
    session: Session, actor: Actor, now: datetime, *, association_id: int, form_key: str, content: NeedContent
) -> Need:
    need = needs.create_draft(session, actor, now, association_id=association_id, content=content)
    need.form_key = form_key
    need.begin_edition(form_key, need.edition)
    return need


def _change(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    need_id: int,
    content: NeedContent,
    page: Page,
    states: frozenset[NeedStatus],
) -> Need:
    need = lock_need(session, need_id)
    if need.status not in states:
        raise IllegalTransition(status=need.status.value, step="edit")
    return edit(session, actor, now, need_id=need_id, content=content, page=page)
