"""Open needs that ask for much the same skills as another one: what is offered to somebody whose need is gone."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.need import Need, NeedSkill
from matcher.models.states import NeedStatus
from matcher.policies import visible


def similar_needs(session: Session, actor: Actor, need: Need, *, top: int = 2) -> list[Need]:
    """Return the open needs, visible to the actor, that share most skills with a need; ties to the newest."""
    wanted = sa.or_(
        NeedSkill.uri.in_([skill.uri for skill in need.skills if skill.uri]),
        NeedSkill.label.in_([skill.label for skill in need.skills]),
    )
    shared = sa.func.count(NeedSkill.id)
    ranked = (
        sa.select(Need.id)
        .join(NeedSkill, NeedSkill.need_id == Need.id)
        .where(Need.status == NeedStatus.OPEN, Need.id != need.id, wanted, visible(actor, Need))
        .group_by(Need.id, Need.opened_at)
        .order_by(shared.desc(), Need.opened_at.desc(), Need.id.desc())
        .limit(top)
    )
    ids = list(session.scalars(ranked))
    found = {each.id: each for each in session.scalars(sa.select(Need).where(Need.id.in_(ids)))}
    return [found[need_id] for need_id in ids]
