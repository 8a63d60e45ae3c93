"""What the ranking reads of the database: missions under way with their dates, news of them, and nobody’s identity."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions, transaction
from matcher.models.account import Account
from matcher.models.audit import VolunteerChange
from matcher.models.need import Need
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.queries.ranking_inputs import load_inputs, need_input
from matcher.ranking.files import explained_record
from matcher.ranking.ranker import Ranker
from matcher.ranking.types import Mission, NeedInput, Schedule
from matcher.services import missions
from tests import ways
from tests.bench.world import fill
from tests.factories import NOW, World

NEEDS, VOLUNTEERS = 50, 200
S = PairingStatus


def changes(world: World, volunteer_id: int) -> int:
    told = sa.select(sa.func.count()).where(VolunteerChange.volunteer_id == volunteer_id)
    return world.session.scalar(told) or 0


def test_missions_under_way_are_read_with_their_dates_and_hours(world: World) -> None:
    volunteer = world.volunteer()
    running = [world.pairing(S.ACTIVE, volunteer=volunteer) for _ in range(2)]
    world.pairing(S.COMPLETED, volunteer=volunteer)
    world.pairing(S.CONFIRMED, volunteer=volunteer)

    (told,) = (one for one in load_inputs(world.session) if one.id == str(volunteer.id))

    assert told.availability.missions == tuple(Mission(p.planned_hours, p.starts_on, p.ends_on) for p in running)


def test_rankers_are_told_when_a_mission_begins_is_prolonged_and_ends(world: World) -> None:
    pairing = world.pairing(S.CONFIRMED)
    member, volunteer, id_ = world.member(pairing), world.volunteer_of(pairing), pairing.id
    told = [changes(world, pairing.volunteer_id)]

    ways.begin(world, pairing)
    told.append(changes(world, pairing.volunteer_id))
    longer = missions.Plan(pairing.starts_on, pairing.ends_on + timedelta(days=30), 20)
    world.act(missions.propose_prolongation, member, pairing_id=id_, plan=longer)
    world.act(missions.agree_to_prolongation, volunteer, pairing_id=id_)
    told.append(changes(world, pairing.volunteer_id))
    world.act(missions.abandon, member, pairing_id=id_, reason=PairingReason.NO_AGREEMENT)
    told.append(changes(world, pairing.volunteer_id))

    assert [after - before for before, after in pairwise(told)] == [1, 1, 1]


def test_names_addresses_and_telephones_swapped_over_10_000_pairs_change_no_byte(sqlite_url: str) -> None:
    with make_sessions(make_engine(sqlite_url))() as session:
        fill(session, NOW, volunteers=VOLUNTEERS, drafts=NEEDS)
        session.execute(sa.update(Account).values(phone=sa.literal("+33 6 00 00 ").concat(Account.id)))
        session.commit()
        people, before = identities(session), rankings(session)

        swap_identities(session)

        assert all(identities(session)[account_id] != identity for account_id, identity in people.items())
        assert rankings(session) == before
    assert sum(len(json.loads(line)["order"]) for line in before.splitlines()) == NEEDS * VOLUNTEERS


def identities(session: Session) -> dict[int, tuple[str, str, str]]:
    """Return name, address and telephone of each volunteer's account."""
    rows = session.execute(
        sa.select(Account.id, Account.name, Account.email, Account.phone).where(
            Account.id.in_(sa.select(Volunteer.account_id))
        )
    )
    return {row.id: (row.name, row.email, row.phone) for row in rows}


def swap_identities(session: Session) -> None:
    """Give each volunteer's account the name, address and telephone of the one before."""
    found = identities(session)
    ids = list(found)
    with transaction(session):
        for account_id in ids:  # addresses are unique
            session.execute(sa.update(Account).where(Account.id == account_id).values(email=f"{account_id}@none"))
        for account_id, other in zip(ids, [ids[-1], *ids[:-1]], strict=True):
            name, email, phone = found[other]
            values = {"name": name, "email": email, "phone": phone}
            session.execute(sa.update(Account).where(Account.id == account_id).values(values))
    session.expire_all()


def rankings(session: Session) -> bytes:
    """Return everybody's place for every need, and the scores and reasons of the first, as bytes."""
    ranker = Ranker().fit(load_inputs(session))
    needs = [open_to_all(need_input(need)) for need in session.scalars(sa.select(Need).order_by(Need.id))]
    told = (
        {"order": ranker.order(need, today=NOW.date()), **explained_record(ranker.rank(need, today=NOW.date()))}
        for need in needs
    )
    return b"\n".join(json.dumps(record).encode() for record in told)


def open_to_all(need: NeedInput) -> NeedInput:
    """Return a need that filters nobody, so that every pair is ranked."""
    return replace(need, mode=None, working_languages=(), schedule=Schedule(total_hours=need.schedule.total_hours))
