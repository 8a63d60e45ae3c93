"""A volunteer's own profile: as others see it, what is missing in it, and needs that ask for what she can do."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from matcher import wording
from matcher.actors import Actor, Person
from matcher.errors import NotFound, ProfileIsMissing
from matcher.labels import level_label
from matcher.models.association import Association, Membership
from matcher.models.link import SignedLink
from matcher.models.need import Need, NeedSkill
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import visible
from matcher.published import contacts_in, published
from matcher.queries.shown import Shown, all_shown
from matcher.ranking.types import WeeklySlot
from matcher.volunteer_words import absences_in_words, availability_in_words, languages_in_words, reach_in_words

MOST_LIKED = 5


@dataclass(frozen=True, slots=True)
class SeenSkill:
    """A skill in the reader's language, with its level in words."""

    label: str
    level: str


@dataclass(frozen=True, slots=True)
class SeenProfile:
    """A profile without a name, as others read it; `weekly` is empty when she has not said."""

    headline: str
    description: str
    text_language: str
    experiences: tuple[str, ...]
    skills: tuple[SeenSkill, ...]
    languages: str
    places: str
    time: str
    away: str
    weekly: tuple[WeeklySlot, ...]


@dataclass(frozen=True, slots=True)
class LikedNeed:
    """An open need that asks for some of what she can do."""

    need_id: int
    title: str
    association: str
    place: str
    effort: str
    skills: tuple[str, ...]
    language: str


def own_profile(session: Session, actor: Actor) -> Volunteer:
    """Return the actor's own profile with all that it holds, in four statements; raises ProfileIsMissing."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    volunteer = session.scalar(
        sa.select(Volunteer)
        .where(Volunteer.account_id == account_id, visible(actor, Volunteer))
        .options(selectinload(Volunteer.skills), selectinload(Volunteer.locations), selectinload(Volunteer.experiences))
    )
    if volunteer is None:
        raise ProfileIsMissing
    return volunteer


def profile_behind(session: Session, subject: SignedLink) -> Volunteer:
    """Return the profile of the one to whom a signed link was sent; raises NotFound when she has none."""
    volunteer = session.scalar(sa.select(Volunteer).where(Volunteer.account_id == subject.recipient_id))
    if volunteer is None:
        raise NotFound
    return volunteer


def seen_profile(volunteer: Volunteer, *, language: str, today: date) -> SeenProfile:
    """Put a profile into words as others read it before contacts open."""
    return SeenProfile(
        headline=published(language, volunteer.headline),
        description=published(language, volunteer.description),
        text_language=volunteer.language,
        experiences=tuple(published(language, each.text) for each in volunteer.experiences),
        skills=tuple(
            SeenSkill(
                published(language, wording.skill_in_words(language, skill.label, skill.uri)),
                level_label(language, skill.level) if skill.level else "",
            )
            for skill in volunteer.skills
        ),
        languages=languages_in_words(language, volunteer.languages),
        places=reach_in_words(language, volunteer),
        time=availability_in_words(language, volunteer, today),
        away=absences_in_words(language, volunteer.unavailable, today),
        weekly=volunteer.weekly,
    )


def hidden_contacts(volunteer: Volunteer) -> tuple[str, ...]:
    """Return the telephone numbers, addresses and links in her texts, which nobody else reads."""
    texts = (volunteer.headline, volunteer.description, *(each.text for each in volunteer.experiences))
    return tuple(dict.fromkeys(found for text in texts for found in contacts_in(text)))


def liked_needs(session: Session, actor: Actor, volunteer: Volunteer, *, language: str) -> tuple[LikedNeed, ...]:
    """Return at most five open needs that share most skills with her, without those that she knows already."""
    wanted = sa.or_(
        NeedSkill.uri.in_([skill.uri for skill in volunteer.skills if skill.uri]),
        NeedSkill.label.in_([skill.label for skill in volunteer.skills]),
    )
    known = sa.select(Pairing.need_id).where(Pairing.volunteer_id == volunteer.id, Pairing.is_known_to_her)
    ours = sa.select(Membership.association_id).where(Membership.account_id == volunteer.account_id)
    shared = (
        sa.select(NeedSkill.need_id, sa.func.count(NeedSkill.id).label("n")).where(wanted).group_by(NeedSkill.need_id)
    ).subquery()
    found = session.scalars(
        sa.select(Need)
        .join(shared, shared.c.need_id == Need.id)
        .where(Need.status == NeedStatus.OPEN, visible(actor, Need))
        .where(Need.id.not_in(known), Need.association_id.not_in(ours))
        .order_by(shared.c.n.desc(), Need.opened_at.desc(), Need.id.desc())
        .limit(MOST_LIKED)
        .options(lazyload(Need.branch), joinedload(Need.association, innerjoin=True).lazyload(Association.memberships))
    )
    return tuple(_liked(shown) for shown in all_shown(session, actor, found, language=language))


def _liked(shown: Shown) -> LikedNeed:
    need, language = shown.need, shown.language
    return LikedNeed(
        need_id=need.id,
        title=published(language, need.title),
        association=shown.name,
        place=shown.where,
        effort=wording.effort_in_words(language, need),
        skills=tuple(published(language, wording.skill_in_words(language, s.label, s.uri)) for s in need.skills),
        language=need.language,
    )
