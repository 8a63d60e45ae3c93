"""A large world for the benchmarks: the demo's people many times over, each with other skills and texts."""

import json
import random
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.catalogue.skills import load_skills
from matcher.database import transaction
from matcher.demo.people import Cast, add_associations, add_branches, read_lines
from matcher.demo.volunteers import build_volunteers
from matcher.demo.world import WrittenNeed, content_of
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.volunteer import Experience, Volunteer, VolunteerLocation, VolunteerSkill
from matcher.services import needs
from matcher.services.places import known_communes

SEED = 20_261_122
BATCH = 1000


def fill(session: Session, now: datetime, *, volunteers: int, drafts: int) -> list[int]:
    """Store branches, associations, so many volunteers and submitted needs; return the needs' ids."""
    cast = settle(session, now, volunteers=volunteers)
    ids = _add_needs(session, cast, now, drafts)
    with transaction(session):
        session.execute(sa.delete(OutboxRow))  # the receipts of needs that were handed in long ago have left
    return ids


def settle(session: Session, now: datetime, *, volunteers: int) -> Cast:
    """Store branches, associations and so many volunteers, without any need."""
    with transaction(session):
        cast = Cast(now, password_hash="-")
        add_branches(session, cast)
        add_associations(session, cast)
    _add_people(session, now, volunteers)
    return cast


def written_needs(cast: Cast) -> list[WrittenNeed]:
    """The needs of the demo whose associations are verified, as they were written."""
    written = [json.loads(line) for line in read_lines("needs.jsonl")]
    return [one for one in written if cast.associations[one["association"]].is_verified]


def _add_people(session: Session, now: datetime, count: int) -> None:
    draw = random.Random(SEED)
    written = build_volunteers(today=now.date())
    for begin in range(0, count, BATCH):
        with transaction(session):
            branch_id = session.scalar(sa.select(Branch.id).where(Branch.is_national))
            for number in range(begin, min(begin + BATCH, count)):
                session.add(_person(draw, written, number, now, branch_id))


def _person(draw, written, number, now, branch_id):
    one, other = draw.choice(written), draw.choice(written)
    account = Account(
        email=f"person{number}@bench.example", name=f"Person {number}", password="-", fs_uniquifier=uuid.uuid4().hex,
        confirmed_at=now, create_datetime=now, update_datetime=now, active=True, language=one.language,
        adult_declared_at=now,
    )  # fmt: skip
    free = one.availability
    person = Volunteer(
        account=account, branch_id=branch_id, headline=one.headline, description=other.description,
        language=one.language, languages=one.languages, remote=one.remote, on_site=one.on_site,
        radius_km=one.radius_km, hours=free.hours.amount if free.hours else None,
        hours_per=free.hours.per if free.hours else None, weekly=free.weekly, unavailable=free.unavailable,
        available_from=free.starts_on, available_until=free.ends_on, confirmed_on=free.confirmed_on,
        invitations_allowed_at=now, created_at=now, touched_at=now,
    )  # fmt: skip
    person.experiences = [Experience(position=i, text=t) for i, t in enumerate((*one.experiences, *other.experiences))]
    labels = {}
    for uri, level in (*draw.sample(one.skills, k=min(3, len(one.skills))), *draw.sample(other.skills, k=1)):
        labels[load_skills().get(uri).labels[one.language]] = (uri, level)
    person.skills = [VolunteerSkill(uri=uri, label=label, level=level) for label, (uri, level) in labels.items()]
    person.locations = [
        VolunteerLocation(position=i, commune=p.code, latitude=p.latitude, longitude=p.longitude)
        for i, p in enumerate(known_communes(one.communes))
    ]
    return person


def _add_needs(session: Session, cast: Cast, now: datetime, count: int) -> list[int]:
    written = written_needs(cast)
    ids = []
    for begin in range(0, count, BATCH):
        with transaction(session):
            for number in range(begin, min(begin + BATCH, count)):
                one = written[number % len(written)]
                contact = cast.accounts[one["contact"]]
                association = cast.associations[one["association"]]
                content = content_of(one, contact.id, now)
                need = needs.create_draft(session, Person(contact), now, association_id=association.id, content=content)
                needs.submit(session, Person(contact), now, need_id=need.id)
                ids.append(need.id)
    return ids


def coordinator_of(session: Session, need_id: int) -> Person:
    """Return a coordinator of a need's branch."""
    need = session.get_one(Need, need_id)
    return Person(need.branch.coordinators[0].account)
