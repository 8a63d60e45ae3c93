"""What the ranking reads: needs and volunteers as plain values, who is left out, what changed. Workers only."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload, selectinload

from matcher.models.account import Account
from matcher.models.association import Membership
from matcher.models.audit import VolunteerChange
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import (
    Availability,
    Hours,
    Location,
    Mission,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Schedule,
    VolunteerInput,
)

WORKING = frozenset({PairingStatus.CONFIRMED, PairingStatus.ACTIVE})
OUT_OF_REACH = frozenset(set(PairingStatus) - {PairingStatus.APPROVED, PairingStatus.INVITED, PairingStatus.APPLIED})


def need_input(need: Need) -> NeedInput:
    """Return a need as the ranking sees it."""
    return NeedInput(
        id=str(need.id),
        title=need.title,
        description=need.description,
        skills=tuple(NeededSkill(s.label, s.importance, s.uri) for s in need.skills),
        language=need.language,
        working_languages=need.working_languages,
        mode=need.mode,
        locations=tuple(Location(place.latitude, place.longitude) for place in need.locations),
        schedule=Schedule(
            starts_on=need.starts_on,
            ends_on=need.ends_on,
            total_hours=need.total_hours,
            together_hours=need.together_hours,
            times=need.times,
            weekly=need.weekly,
            timezone=need.timezone,
        ),
    )


def volunteer_input(volunteer: Volunteer, missions: tuple[Mission, ...] = ()) -> VolunteerInput:
    """Return a volunteer as the ranking sees her: nothing that identifies."""
    hours = None
    if volunteer.hours is not None and volunteer.hours_per is not None:
        hours = Hours(volunteer.hours, volunteer.hours_per)
    return VolunteerInput(
        id=str(volunteer.id),
        headline=volunteer.headline,
        description=volunteer.description,
        experiences=tuple(experience.text for experience in volunteer.experiences),
        skills=tuple(OfferedSkill(s.label, s.level, s.uri) for s in volunteer.skills),
        language=volunteer.language,
        languages=volunteer.languages,
        remote=volunteer.remote,
        on_site=volunteer.on_site,
        locations=tuple(Location(place.latitude, place.longitude) for place in volunteer.locations),
        radius_km=volunteer.radius_km,
        availability=Availability(
            hours=hours,
            starts_on=volunteer.available_from,
            ends_on=volunteer.available_until,
            weekly=volunteer.weekly,
            unavailable=volunteer.unavailable,
            timezone=volunteer.timezone,
            confirmed_on=volunteer.confirmed_on,
            missions=missions,
        ),
    )


def load_inputs(session: Session, *, ids: Collection[int] | None = None) -> list[VolunteerInput]:
    """Return all volunteers (or those of some ids) whose account may be suggested."""
    statement = (
        sa.select(Volunteer)
        .join(Account, Account.id == Volunteer.account_id)
        .where(Account.active, Account.confirmed_at.is_not(None))
        .order_by(Volunteer.id)
        .options(
            lazyload(Volunteer.account),
            selectinload(Volunteer.skills),
            selectinload(Volunteer.locations),
            selectinload(Volunteer.experiences),
        )
        .execution_options(populate_existing=True)
    )
    if ids is not None:
        statement = statement.where(Volunteer.id.in_(ids))
    missions = missions_under_way(session)
    return [volunteer_input(v, missions.get(v.id, ())) for v in session.scalars(statement)]


def missions_under_way(session: Session) -> dict[int, tuple[Mission, ...]]:
    """Return the running missions of each volunteer who has any, with their dates and planned hours."""
    planned = sa.select(Pairing.volunteer_id, Pairing.starts_on, Pairing.ends_on, Pairing.planned_hours)
    found: dict[int, tuple[Mission, ...]] = {}
    for row in session.execute(planned.where(Pairing.status == PairingStatus.ACTIVE).order_by(Pairing.id)):
        if row.planned_hours is not None and row.starts_on is not None and row.ends_on is not None:
            mission = Mission(row.planned_hours, row.starts_on, row.ends_on)
            found[row.volunteer_id] = (*found.get(row.volunteer_id, ()), mission)
    return found


def barred_volunteers(session: Session, need: Need, today: date) -> set[int]:
    """Return who is not suggested for a need.

    The association's own members, people paused or without the will to be invited, those with as many missions as
    they want, and those on whom a human has decided already for this need.
    """
    members = sa.select(Membership.account_id).where(Membership.association_id == need.association_id)
    decided = sa.select(Pairing.volunteer_id).where(Pairing.need_id == need.id, Pairing.status.in_(OUT_OF_REACH))
    paused = sa.and_(Volunteer.is_paused, sa.or_(Volunteer.paused_until.is_(None), Volunteer.paused_until > today))
    busy = (
        sa.select(sa.func.count(Pairing.id))
        .where(Pairing.volunteer_id == Volunteer.id, Pairing.status.in_(WORKING))
        .scalar_subquery()
    )
    unwilling = sa.or_(
        Volunteer.account_id.in_(members),
        Volunteer.id.in_(decided),
        paused,
        Volunteer.invitations_allowed_at.is_(None),
        busy >= Volunteer.missions_at_once,
    )
    return set(session.scalars(sa.select(Volunteer.id).where(unwilling)))


def changes_since(session: Session, horizon: int | None) -> tuple[int, set[int]]:
    """Return the present horizon of the change log and the volunteers that changed since the old one.

    The horizon is an entry's id on SQLite. On PostgreSQL it is the oldest running transaction: what stands beyond it
    is told now and once more later, since transactions that have not ended may still write there. Without an old
    horizon nobody is returned.
    """
    if session.get_bind().dialect.name == "postgresql":
        newest = session.scalar(sa.text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) or 0
        between = VolunteerChange.transaction_id >= (horizon or 0)
    else:
        newest = session.scalar(sa.select(sa.func.max(VolunteerChange.id))) or 0
        between = sa.and_(VolunteerChange.id > (horizon or 0), VolunteerChange.id <= newest)
    if horizon is None:
        return newest, set()
    return newest, set(session.scalars(sa.select(VolunteerChange.volunteer_id).where(between)))
