"""Races on connections of their own: two coordinators, accept against withdraw against fill, more yeses than seats."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from matcher.actors import Actor, Person
from matcher.database import make_engine, make_sessions, transaction
from matcher.errors import DecidedMeanwhile, DomainError
from matcher.models.account import Account
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.pairing import Decision, Pairing, PairingEvent
from matcher.models.states import PAIRING_MOVES, NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, line, missions, needs
from tests.factories import World
from tests.faults.campaign import Family, Findings
from tests.faults.stage import BOTH, Stage

Act = Callable[[Session], object]
MORE_THAN_SEATS = 5
HELD_OR_TAKEN = frozenset({PairingStatus.ACCEPTED, PairingStatus.CONFIRMED, PairingStatus.ACTIVE})


def play(stage: Stage, part: str) -> Findings:
    """Run all races on one database."""
    findings = Findings()
    with stage.world(part) as (world, url):
        engine = make_engine(url)
        racing = Racing(world, make_sessions(engine), findings)
        second = world.account()
        with transaction(world.session):
            world.home.coordinators.append(BranchCoordinator(account=second))
        for _ in range(stage.sizes["decisions"]):
            racing.two_coordinators_decide(second)
        for _ in range(stage.sizes["three_ways"]):
            racing.accept_against_withdraw_against_fill()
        for number in range(stage.sizes["seats"]):
            racing.more_yeses_than_seats(1 + number % 3)
        engine.dispose()
    return findings


class Racing:
    """Lets people act at the same moment and looks at what is left."""

    def __init__(self, world: World, sessions: sessionmaker[Session], findings: Findings) -> None:
        """Race in this world."""
        self.world, self.sessions, self.findings = world, sessions, findings

    def at_once(self, acts: Sequence[Act]) -> list[object]:
        """Do all acts at the same moment, each on a connection of its own; a refusal is a result too."""
        barrier = threading.Barrier(len(acts))

        def run(act: Act) -> object:
            with self.sessions() as session:
                session.connection()
                session.rollback()
                barrier.wait()
                try:
                    with transaction(session):
                        return act(session)
                except DomainError as refusal:
                    return refusal

        with ThreadPoolExecutor(len(acts)) as people:
            results = [task.result() for task in [people.submit(run, act) for act in acts]]
        self.world.session.rollback()
        self.world.session.expire_all()
        return results

    def two_coordinators_decide(self, second: Account) -> None:
        """One approves and the other sets aside, or both approve: one pairing, one decision, and the other is told."""
        need, volunteer = self.world.need(), self.world.volunteer()
        first, other = self.world.coordinator().account.id, second.id
        choice, now = line.Choice(need.id, volunteer.id, seen=line.UNDECIDED), self.world.now
        acts: list[Act] = [
            lambda s: line.approve(s, _person(s, first), now, choice),
            lambda s: line.approve(s, _person(s, other), now, choice),
        ]
        is_contrary = self.findings.figures.get("decision_races", 0) % 2 == 1
        if is_contrary:
            acts[1] = lambda s: line.set_aside(s, _person(s, other), now, choice, reason=PairingReason.SKILLS)
        results = self.at_once(acts)
        self._count(results)
        told = [each for each in results if isinstance(each, DecidedMeanwhile)]
        self.findings.count("decision_races")
        self.findings.expect(len(told) == is_contrary, f"need {need.id}: {len(told)} were told that they came second")
        self._one_decision(need)

    def _one_decision(self, need: Need) -> None:
        """One pairing of one person, one frozen decision, and the state that it says."""
        pairings = self.world.session.scalars(sa.select(Pairing).where(Pairing.need_id == need.id)).all()
        decided = sa.select(Decision.step).where(Decision.pairing_id.in_([p.id for p in pairings]))
        steps = self.world.session.scalars(decided).all()
        right = [PAIRING_MOVES[step].target for step in steps]
        states = [pairing.status for pairing in pairings]
        self.findings.expect(len(states) == 1 and states == right, f"need {need.id}: {states}, decided {steps}")

    def accept_against_withdraw_against_fill(self) -> None:
        """A yes, another person's withdrawal and « that is enough » at once: never more than the seats, never torn."""
        need = self.world.need(seats=2)
        taken = self.world.pairing(PairingStatus.CONFIRMED, need=need)
        held = self.world.pairing(PairingStatus.ACCEPTED, need=need)
        invited = self.world.pairing(PairingStatus.INVITED, need=need)
        now, member = self.world.now, self.world.member(need).account.id
        hers, yes, need_id = held.id, invited.id, need.id
        his, theirs = held.volunteer.account_id, invited.volunteer.account_id
        self._count(
            self.at_once(
                [
                    lambda s: answers.accept(s, _person(s, theirs), now, pairing_id=yes),
                    lambda s: answers.withdraw(s, _person(s, his), now, pairing_id=hers),
                    lambda s: needs.enough(s, _person(s, member), now, need_id=need_id),
                    lambda s: missions.confirm(s, _person(s, member), now, pairing_id=hers),
                ]
            )
        )
        self.findings.count("three_way_races")
        self._seats_hold(need, {taken.id, held.id, invited.id})

    def more_yeses_than_seats(self, seats: int) -> None:
        """N seats, N + 5 yeses at once: N are accepted, five wait in the reserve."""
        need = self.world.need(seats=seats)
        invited = [self.world.pairing(PairingStatus.INVITED, need=need) for _ in range(seats + MORE_THAN_SEATS)]
        now = self.world.now
        asked = [(each.id, each.volunteer.account_id) for each in invited]
        acts = [lambda s, p=p, a=a: answers.accept(s, _person(s, a), now, pairing_id=p) for p, a in asked]
        self._count(self.at_once(acts))
        states = [p.status for p in self.world.session.scalars(sa.select(Pairing).where(Pairing.need_id == need.id))]
        self.findings.count("seat_races")
        winners, reserve = states.count(PairingStatus.ACCEPTED), states.count(PairingStatus.RESERVE)
        well = (winners, reserve) == (seats, MORE_THAN_SEATS)
        self.findings.expect(well, f"need {need.id}: {seats} seats, {winners} accepted, {reserve} in reserve")

    def _seats_hold(self, need: Need, pairing_ids: set[int]) -> None:
        self.world.session.refresh(need)
        pairings = self.world.session.scalars(sa.select(Pairing).where(Pairing.id.in_(pairing_ids))).all()
        engaged = sum(p.status in HELD_OR_TAKEN for p in pairings)
        well = engaged == need.held + need.taken <= need.seats
        self.findings.expect(well, f"need {need.id}: {engaged} engaged, {need.held}+{need.taken} of {need.seats}")
        is_full = need.taken == need.seats
        self.findings.expect(
            (need.status is NeedStatus.FILLED) is is_full, f"need {need.id}: {need.status} full={is_full}"
        )
        for pairing in pairings:
            last = sa.select(PairingEvent.step).where(PairingEvent.pairing_id == pairing.id)
            steps = list(self.world.session.scalars(last))
            self.findings.expect(len(steps) == len(set(steps)), f"pairing {pairing.id}: a step twice: {steps}")

    def _count(self, results: Sequence[object]) -> None:
        self.findings.count("acts", len(results))
        self.findings.count("told_kindly", sum(isinstance(each, DomainError) for each in results))


def _person(session: Session, account_id: int) -> Actor:
    """Somebody signed in, as this connection knows her."""
    return Person(session.get_one(Account, account_id))


FAMILY = Family(
    name="races",
    fault="two coordinators decide at once; accept against withdraw against fill; N seats with N + 5 acceptances",
    play=play,
    parts=BOTH,
    short={"decisions": 2, "three_ways": 2, "seats": 2},
    full={"decisions": 500, "three_ways": 500, "seats": 200},
)
