"""Open needs that ask for much the same skills as another one: what is offered to somebody whose need is gone."""

import math

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Anonymous
from matcher.models.association import Membership
from matcher.models.need import Need, NeedLocation, NeedSkill
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer, VolunteerLocation
from matcher.policies import visible
from matcher.ranking.types import Mode

MOST_LOOKED_AT = 60
UNRANKED = 1_000_000
EARTH_RADIUS_KM = 6371.0088


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


def needs_for_her(session: Session, subject: Volunteer, need: Need, *, top: int = 2) -> list[Need]:
    """Return open needs for somebody whose need is gone: public, within her reach, unknown to her, none of her own.

    First those that the ranking suggests her for, then by shared skills, by a shared domain, and by distance.
    """
    hers = sa.select(Suggestion.need_id, Suggestion.rank).where(Suggestion.volunteer_id == subject.id)
    ranks = {row.need_id: row.rank for row in session.execute(hers)}
    found = session.scalars(
        sa.select(Need)
        .where(Need.status == NeedStatus.OPEN, Need.id != need.id, visible(Anonymous(), Need))
        .where(sa.or_(Need.id.in_(ranks), Need.id.in_(_alike(need))))
        .where(Need.id.not_in(sa.select(Pairing.need_id).where(Pairing.volunteer_id == subject.id)))
        .where(
            Need.association_id.not_in(
                sa.select(Membership.association_id).where(Membership.account_id == subject.account_id)
            )
        )
        .order_by(Need.opened_at.desc(), Need.id.desc())
        .limit(MOST_LOOKED_AT)
    ).all()
    near = [(each, _km(subject, each)) for each in found]
    reachable = [(each, km) for each, km in near if _is_reachable(subject, each, km)]
    reachable.sort(key=lambda pair: (ranks.get(pair[0].id, UNRANKED), -_shared(need, pair[0]), pair[1]))
    return [each for each, _km_away in reachable[:top]]


def _alike(need: Need) -> sa.Select[int]:
    """The needs that ask for one of the same skills, or for one of the same domain of the catalogue."""
    uris = [skill.uri for skill in need.skills if skill.uri]
    same: list[sa.ColumnElement[bool]] = [
        NeedSkill.uri.in_(uris),
        NeedSkill.label.in_([skill.label for skill in need.skills]),
    ]
    same += [NeedSkill.uri.startswith(domain, autoescape=True) for domain in sorted(_domains(need))]
    return sa.select(NeedSkill.need_id).where(sa.or_(*same))


def _domains(need: Need) -> set[str]:
    return {skill.uri.rpartition("/")[0] + "/" for skill in need.skills if skill.uri}


def _shared(need: Need, other: Need) -> float:
    """Count shared skills; a shared domain alone counts half."""
    words = {skill.uri or skill.label for skill in need.skills}
    shared = len(words & {skill.uri or skill.label for skill in other.skills})
    return shared + (0.5 if _domains(need) & _domains(other) else 0.0)


def _is_reachable(volunteer: Volunteer, need: Need, km: float) -> bool:
    if need.mode is Mode.REMOTE:
        return volunteer.remote is not False
    return volunteer.on_site is not False and (volunteer.radius_km is None or km <= volunteer.radius_km)


def _km(volunteer: Volunteer, need: Need) -> float:
    """The way between the nearest places of both; none where a side names no place or the work is remote."""
    if need.mode is Mode.REMOTE:
        return 0.0
    return min((_way(here, there) for here in volunteer.locations for there in need.locations), default=0.0)


def _way(here: VolunteerLocation, there: NeedLocation) -> float:
    phi, other = math.radians(here.latitude), math.radians(there.latitude)
    half_phi, half_lambda = (phi - other) / 2, math.radians(here.longitude - there.longitude) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
