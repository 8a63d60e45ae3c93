"""What a volunteer does with her profile: text, skills, places, time, mails. Each change is told to the rankers.

Opening a profile stands in accounts.py, erasing it in privacy.py.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, LinkHolder, System
from matcher.catalogue.communes import Commune
from matcher.catalogue.skills import load_skills
from matcher.errors import InvalidDates, LinkRevoked, NotFound
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.volunteer import Experience, Volunteer, VolunteerLocation, VolunteerSkill
from matcher.policies import Action, require
from matcher.ranking.types import OfferedSkill
from matcher.services import suppression
from matcher.services.accounts import own_account, require_there
from matcher.services.changes import log_change
from matcher.services.places import branch_of, known_communes
from matcher.services.profile_content import (
    HOME,
    HOME_ZONE,
    PER,
    ProfilePlaces,
    ProfileSkills,
    ProfileText,
    ProfileTime,
    check_places,
    check_skills,
    check_text,
    check_time,
)
from matcher.services.steps import record
from matcher.services.waking import wake

OVERSEAS_ZONES = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/Guadeloupe", "978": "America/Guadeloupe",
    "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip


def save_text(session: Session, actor: Actor, now: datetime, *, volunteer_id: int, text: ProfileText) -> None:
    """Keep her texts; raises TextTooLong or InvalidValue (too many experiences)."""
    volunteer = writable(session, actor, volunteer_id)
    check_text(text)
    volunteer.headline, volunteer.description, volunteer.language = text.headline, text.description, text.language
    volunteer.experiences = [Experience(position=i, text=words) for i, words in enumerate(text.experiences)]
    tell(session, now, volunteer)


def save_skills(session: Session, actor: Actor, now: datetime, *, volunteer_id: int, said: ProfileSkills) -> None:
    """Keep her skills, with the catalogue's identifier where it knows the word; one said twice counts once."""
    volunteer = writable(session, actor, volunteer_id)
    check_skills(said)
    _set_skills(volunteer, [_resolved(skill, volunteer.language) for skill in said.skills if skill.label.strip()])
    volunteer.languages = said.languages
    tell(session, now, volunteer)


def save_places(session: Session, actor: Actor, now: datetime, *, volunteer_id: int, places: ProfilePlaces) -> None:
    """Keep where she works and find her branch anew; raises UnknownCommune or InvalidValue."""
    volunteer = writable(session, actor, volunteer_id)
    check_places(places)
    is_home = places.country == HOME
    communes = known_communes(tuple(dict.fromkeys(places.communes)) if is_home else ())
    volunteer.country = places.country
    volunteer.timezone = _zone(communes) if is_home else str(places.timezone)
    volunteer.remote, volunteer.on_site = places.remote or not is_home, places.on_site and is_home
    volunteer.radius_km = places.radius_km if volunteer.on_site else None
    volunteer.locations = [
        VolunteerLocation(position=i, commune=place.code, latitude=place.latitude, longitude=place.longitude)
        for i, place in enumerate(communes)
    ]
    volunteer.branch_id = branch_of(session, communes).id
    tell(session, now, volunteer)


def save_time(session: Session, actor: Actor, now: datetime, *, volunteer_id: int, time: ProfileTime) -> None:
    """Keep when she has time, confirmed as of today; raises InvalidHours, InvalidDates or InvalidValue."""
    volunteer = writable(session, actor, volunteer_id)
    today = now.astimezone(ZoneInfo(volunteer.timezone)).date()
    check_time(time, today)
    per = PER.get(time.commitment) if time.hours is not None else None
    volunteer.commitment, volunteer.hours_per = time.commitment, per
    volunteer.hours = time.hours if per else None
    volunteer.available_from, volunteer.available_until = time.available_from, time.available_until
    volunteer.weekly, volunteer.unavailable = time.weekly, tuple(sorted(time.unavailable))
    takes_urgent_ones_now = time.is_short_notice and not volunteer.is_short_notice
    volunteer.missions_at_once, volunteer.is_short_notice = time.missions_at_once, time.is_short_notice
    volunteer.confirmed_on = today
    tell(session, now, volunteer)
    if takes_urgent_ones_now:
        wake(session, now, volunteer)


def pause(session: Session, actor: Actor, now: datetime, *, volunteer_id: int, until: date | None) -> None:
    """Ask to be left in peace, until a day that lies ahead or until further notice; raises InvalidDates."""
    volunteer = writable(session, actor, volunteer_id)
    if until is not None and until <= now.astimezone(ZoneInfo(volunteer.timezone)).date():
        raise InvalidDates(field="until")
    volunteer.is_paused, volunteer.paused_until = True, until
    tell(session, now, volunteer)


def resume(session: Session, actor: Actor, now: datetime, *, volunteer_id: int) -> None:
    """End the pause."""
    volunteer = writable(session, actor, volunteer_id)
    volunteer.is_paused, volunteer.paused_until = False, None
    tell(session, now, volunteer)
    wake(session, now, volunteer)


def stop_mail(session: Session, actor: Actor, now: datetime) -> None:
    """Stop all mails that ask something; by the person or by her unsubscribing link. Twice is once."""
    _stop(session, actor, now, _own_mailbox(actor))


def stop_mail_of(session: Session, actor: System, now: datetime, *, account: Account) -> None:
    """The same for somebody who complained to her mail provider."""
    _stop(session, actor, now, account)


def allow_mail(session: Session, actor: Actor, now: datetime) -> None:
    """Take « stop » back: she may be invited again; by the person or by her unsubscribing link, unless withdrawn."""
    if isinstance(actor, LinkHolder) and actor.link.revoked_at is not None:
        raise LinkRevoked
    account = _own_mailbox(actor)
    account.mail_stopped_at = None
    record(session, actor, now, action="mail_invited", subject=("account", account.id))
    suppression.lift_complaint(session, account.id)  # her own word, and a later one
    volunteer = _profile_of(session, account)
    if volunteer is not None:
        _allow(session, now, volunteer, volunteer.invitations_allowed_at or now)


def writable(session: Session, actor: Actor, volunteer_id: int) -> Volunteer:
    """Load a volunteer under a row lock for the one who may change her profile; raises NotFound, NotAllowed."""
    volunteer = session.scalar(
        sa.select(Volunteer)
        .where(Volunteer.id == volunteer_id)
        .with_for_update(of=Volunteer, key_share=True)
        .execution_options(populate_existing=True)
    )
    if volunteer is None:
        raise NotFound
    require(actor, Action.WRITE, volunteer)
    require_there(session, volunteer.account_id)
    return volunteer


def tell(session: Session, now: datetime, volunteer: Volunteer) -> None:
    """Mark her profile as changed; while her address is not confirmed nobody needs to know."""
    volunteer.touched_at = now
    session.flush()
    if volunteer.account.is_confirmed:
        log_change(session, now, volunteer.id)


def _own_mailbox(actor: Actor) -> Account:
    if isinstance(actor, LinkHolder) and actor.link.purpose is LinkPurpose.UNSUBSCRIBE:
        return actor.link.recipient
    return own_account(actor)


def _stop(session: Session, actor: Actor, now: datetime, account: Account) -> None:
    account.mail_stopped_at = account.mail_stopped_at or now
    record(session, actor, now, action="mail_stopped", subject=("account", account.id))
    volunteer = _profile_of(session, account)
    if volunteer is not None:
        _allow(session, now, volunteer, None)


def _allow(session: Session, now: datetime, volunteer: Volunteer, since: datetime | None) -> None:
    volunteer.invitations_allowed_at = since
    tell(session, now, volunteer)
    wake(session, now, volunteer)


def _profile_of(session: Session, account: Account) -> Volunteer | None:
    return session.scalar(sa.select(Volunteer).where(Volunteer.account_id == account.id))


def _resolved(skill: OfferedSkill, language: str) -> OfferedSkill:
    label = " ".join(skill.label.split())
    known = load_skills().get(skill.uri or label) or load_skills().resolve(label, language)
    if known is None:
        return OfferedSkill(label, skill.level)
    return OfferedSkill(known.labels[language] if label == known.uri else label, skill.level, known.uri)


def _set_skills(volunteer: Volunteer, skills: Sequence[OfferedSkill]) -> None:
    # A label that stays keeps its row: two rows with one label cannot stand beside each other even for a moment.
    present = {skill.label: skill for skill in volunteer.skills}
    wanted: dict[str, OfferedSkill] = {}
    for skill in skills:
        wanted.setdefault(skill.uri or skill.label.casefold(), skill)
    kept = []
    for skill in wanted.values():
        row = present.get(skill.label) or VolunteerSkill(label=skill.label)
        row.uri, row.level = skill.uri, skill.level
        kept.append(row)
    volunteer.skills = kept


def _zone(communes: Sequence[Commune]) -> str:
    return OVERSEAS_ZONES.get(communes[0].department, HOME_ZONE) if communes else HOME_ZONE
