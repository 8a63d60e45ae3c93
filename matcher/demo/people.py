"""Stores the people of the demo world: branches, coordinators, associations with their members, and volunteers."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import TypedDict

from sqlalchemy.orm import Session

from matcher.catalogue.skills import Skill, load_skills
from matcher.demo.profiles import DemoVolunteer
from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.branch import Branch, BranchCoordinator, BranchDepartment
from matcher.models.silence import SilenceTold
from matcher.models.volunteer import Experience, Volunteer, VolunteerLocation, VolunteerSkill
from matcher.ranking.lot import lot
from matcher.services.places import branch_of, known_communes

SINCE = timedelta(days=240)
STARS = frozenset({"v001", "v002"})
ONE_IN_SO_MANY = 6
# Else the clocks would write to everybody on the demo's first morning.
ASKED_AGO, ASKED_NEXT_EACH = timedelta(days=30), 40


class WrittenPerson(TypedDict):
    """A person of the data files."""

    name: str
    email: str


class WrittenMember(WrittenPerson):
    """A member of an association of the data files."""

    phone: str


class WrittenBranch(TypedDict):
    """A branch of the data file."""

    id: str
    name: dict[str, str]
    departments: list[str]
    mailbox: str
    timezone: str
    closures: list[list[str]]
    coordinators: list[WrittenPerson]
    is_national: bool


class WrittenAssociation(TypedDict):
    """An association of the data file."""

    id: str
    name: str
    language: str
    description: str
    commune: str
    registration: str
    members: list[WrittenMember]
    status: str


@dataclass
class Cast:
    """Everybody of the demo world, by the names of the data files."""

    now: datetime
    password_hash: str
    accounts: dict[str, Account] = field(default_factory=dict)
    associations: dict[str, Association] = field(default_factory=dict)
    volunteers: dict[str, Volunteer] = field(default_factory=dict)

    def account(self, session: Session, person: Mapping[str, str], *, language: str) -> Account:
        """Return the account of a person, made at the first mention; all share the demo's password."""
        email = person["email"]
        if email not in self.accounts:
            since = self.now - SINCE
            account = Account(
                email=email,
                name=person["name"],
                phone=person.get("phone"),
                password=self.password_hash,
                fs_uniquifier=uuid.uuid5(uuid.NAMESPACE_URL, email).hex,
                confirmed_at=since,
                create_datetime=since,
                update_datetime=since,
                adult_declared_at=since,
                language=language,
                active=True,
            )
            session.add(account)
            self.accounts[email] = account
        return self.accounts[email]


def read_lines(name: str) -> list[str]:
    """Return the lines of a data file of the demo."""
    return files("matcher.demo").joinpath(name).read_text(encoding="utf-8").splitlines()


def add_branches(session: Session, cast: Cast) -> None:
    """Store the branches with their coordinators, and one administrator."""
    written: list[WrittenBranch] = json.loads("\n".join(read_lines("branches.json")))
    for one in written:
        branch = Branch(
            slug=one["id"],
            name_fr=one["name"]["fr"],
            name_en=one["name"]["en"],
            mailbox=one["mailbox"],
            timezone=one["timezone"],
            is_national=one["is_national"],
            closures=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in one["closures"]),
            departments=[BranchDepartment(department=code) for code in one["departments"]],
        )
        for person in one["coordinators"]:
            account = cast.account(session, {"name": person["name"], "email": person["email"]}, language="fr")
            branch.coordinators.append(BranchCoordinator(account=account))
        session.add(branch)
    administrator = cast.account(session, {"name": "Dominique Vial", "email": "admin@binome.example"}, language="fr")
    administrator.roles.append(Role(name=ADMINISTRATOR, description="Looks after the whole installation"))
    session.flush()


def add_associations(session: Session, cast: Cast) -> None:
    """Store the associations with their members."""
    for text in read_lines("associations.jsonl"):
        one: WrittenAssociation = json.loads(text)
        since = cast.now - SINCE
        status = AssociationStatus(one["status"])
        verified = status is not AssociationStatus.UNVERIFIED  # a suspended one is suspended by its story
        association = Association(
            name=one["name"],
            description=one["description"],
            language=one["language"],
            registration=one["registration"],
            commune=one["commune"],
            branch_id=branch_of(session, known_communes([one["commune"]])).id,
            status=AssociationStatus.UNVERIFIED
            if status is AssociationStatus.UNVERIFIED
            else AssociationStatus.VERIFIED,
            verified_at=since if verified else None,
            created_at=since,
        )
        for position, member in enumerate(one["members"]):
            account = cast.account(session, _with_plain_phone(member), language=one["language"])
            joined = since + timedelta(minutes=position)
            association.memberships.append(Membership(account=account, joined_at=joined))
        session.add(association)
        cast.associations[one["id"]] = association
    session.flush()


def add_volunteers(session: Session, cast: Cast, written: Iterable[DemoVolunteer]) -> None:
    """Store the volunteers with their profiles; most were written to lately and are not asked again at once."""
    with session.no_autoflush:
        for number, person in enumerate(written):
            session.add(_volunteer(session, cast, person, number))
    session.flush()
    asked = cast.now - ASKED_AGO
    for number, volunteer in enumerate(cast.volunteers.values()):
        if number % ASKED_NEXT_EACH:
            volunteer.still_true_asked_at = asked
            session.add(SilenceTold(volunteer_id=volunteer.id, told_at=asked))
    session.flush()


def _volunteer(session: Session, cast: Cast, person: DemoVolunteer, number: int) -> Volunteer:
    contact = {"name": person.name, "email": person.email, "phone": person.phone}
    places = known_communes(person.communes)
    since = cast.now - SINCE + timedelta(hours=number)
    volunteer = Volunteer(
        account=cast.account(session, contact, language=person.language),
        branch=branch_of(session, places),
        created_at=since,
        touched_at=since,
        invitations_allowed_at=since if person.invitation_opt_in else None,
        **_columns(person),
    )
    volunteer.experiences = [Experience(position=i, text=text) for i, text in enumerate(person.experiences)]
    volunteer.skills = [_skill(uri, level, person) for uri, level in person.skills]
    volunteer.locations = [
        VolunteerLocation(position=i, commune=place.code, latitude=place.latitude, longitude=place.longitude)
        for i, place in enumerate(places)
    ]
    cast.volunteers[person.id] = volunteer
    return volunteer


def _columns(person: DemoVolunteer) -> dict[str, object]:
    free = person.availability
    return {
        "headline": person.headline,
        "description": person.description,
        "language": person.language,
        "languages": person.languages,
        "remote": person.remote,
        "on_site": person.on_site,
        "radius_km": person.radius_km,
        "country": person.country,
        "timezone": person.timezone,
        "commitment": person.commitment,
        "hours": free.hours.amount if free.hours else None,
        "hours_per": free.hours.per if free.hours else None,
        "available_from": free.starts_on,
        "available_until": free.ends_on,
        "weekly": free.weekly,
        "unavailable": free.unavailable,
        "confirmed_on": free.confirmed_on,
        "is_short_notice": person.short_notice,
    }


def _skill(uri: str, level: int, person: DemoVolunteer) -> VolunteerSkill:
    skill = load_skills().get(uri)
    if skill is None:
        raise LookupError(uri)
    return VolunteerSkill(uri=uri, label=_said(skill, person), level=level)


def _said(skill: Skill, person: DemoVolunteer) -> str:
    """Return how a person names a skill: as the catalogue does, now and then by another of its names (drawn by lot)."""
    phrases = [each for each in skill.alternatives[person.language] if " " in each]
    if not phrases or person.id in STARS or lot(skill.uri, person.id)[0] % ONE_IN_SO_MANY:
        return skill.labels[person.language]
    return phrases[0][0].upper() + phrases[0][1:]


def _with_plain_phone(member: WrittenMember) -> dict[str, str]:
    return {"name": member["name"], "email": member["email"], "phone": member["phone"].replace(" ", "")}
