"""Twelve weeks of a service on a simulated clock, with the real services and handlers, and people who do as they do."""

import contextlib
import heapq
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Person
from matcher.database import make_engine, make_sessions, transaction
from matcher.demo.world import content_of
from matcher.errors import DomainError
from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus
from matcher.models.need import Need, NeedEvent
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.services import applications, line, needs
from tests.bench import world
from tests.faults import weeks_judged
from tests.faults.acting import Moment, Next, coordinator_of
from tests.faults.acting_on_needs import ON_NEED
from tests.faults.acting_on_pairings import ON_PAIRING
from tests.faults.campaign import Family, Findings
from tests.faults.stage import Stage
from tests.workers.conftest import settings_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.smtp import LastCheck
from workers.tasks import clocks, digests, silence, wakes
from workers.tasks import invariants as checks

BEGINS = datetime(2026, 9, 14, 6, 0, tzinfo=UTC)
WEEKS, HOURS = 12, (6, 8, 11, 14, 17)
IN_LINE = 6
# A fifth of the needs is written on the first day, the others come until the eighth week is over.
AT_ONCE, UNTIL = 0.2, timedelta(weeks=8)
# One draft in so many was left alone for months before: it is about to be warned of, and given up.
FORGOTTEN, MONTHS_AGO = 50, timedelta(days=150)
# So many volunteers in a hundred take urgent invitations too.
AT_SHORT_NOTICE = 30


def play(stage: Stage, part: str) -> Findings:
    """Live through the weeks, then look at what came of them."""
    findings = Findings()
    with stage.database(part) as url:
        weeks = Weeks(stage, url, findings)
        weeks.live()
        with weeks.runtime.sessions() as session:
            weeks_judged.look_back(session, weeks.now, findings, weeks.invited)
            weeks_judged.account(session, weeks.now, findings, weeks.far_end.taken, weeks.readers)
            weeks_judged.steps(session, findings, every=bool(stage.sizes["every_step"]))
        weeks.runtime.engine.dispose()
    return findings


class Weeks:
    """The service, its clock, and what people are going to do."""

    def __init__(self, stage: Stage, url: str, findings: Findings) -> None:
        """Fill the database and begin on a Monday."""
        self.stage, self.random, self.findings, self.now = stage, stage.random, findings, BEGINS
        self.far_end = FarEnd()
        # When each address was sent invitations, as the far end saw it.
        self.invited: dict[str, list[datetime]] = defaultdict(list)
        settings = settings_of(DATABASE_URL=url, SENDING_WINDOW="true", INVITATION_CAP="true")
        self.settings = settings
        self.runtime = Runtime.of(settings, clock=lambda _session: self.now, send=self._take)
        self._settle(url)
        self.planned: list[tuple[datetime, int, type, int, object]] = []
        self._order = itertools.count()
        self._seen: Counter[type] = Counter()

    def _settle(self, url: str) -> None:
        """Bring people and associations in, and decide when each need will be written."""
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            cast = world.settle(session, self.now, volunteers=self.stage.sizes["volunteers"])
            self.readers = {row.email: row.id for row in session.execute(sa.select(Account.id, Account.email))}
            written = world.written_needs(cast)
            with transaction(session):
                few = sa.update(Volunteer).where(Volunteer.id % 100 < AT_SHORT_NOTICE)
                session.execute(few.values(is_short_notice=True))
        engine.dispose()
        numbers = range(self.stage.sizes["needs"])
        planned = [(self._written_at(number), written[number % len(written)]) for number in numbers]
        self.unwritten = deque(sorted(planned, key=lambda each: each[0]))

    def _written_at(self, number: int) -> datetime:
        if number % FORGOTTEN == FORGOTTEN - 1:
            return self.now - MONTHS_AGO - timedelta(days=number % 20)
        if self.random.random() < AT_ONCE:
            return self.now
        return self.now + self.random.random() * UNTIL

    def _take(self, message: Message, last_check: LastCheck) -> bool:
        is_taken = self.far_end.take(message, last_check)
        if is_taken and message.message_id.startswith("<invitation."):
            self.invited[message.recipient].append(self.now)
        return is_taken

    def live(self) -> None:
        """Go from one hour of the day to the next."""
        hours = HOURS[: self.stage.sizes["hours_a_day"]]
        for day in range(7 * WEEKS):
            for hour in hours:
                self.now = BEGINS.replace(hour=hour) + timedelta(days=day, minutes=7)
                self._associations_write()
                self._people_act()
                self._volunteers_apply()
                self._coordinators_choose()
                self._workers_work()
            if day % 7 == 6:
                with self.runtime.sessions() as session:
                    weeks_judged.look(session, self.now, self.findings)

    def _workers_work(self) -> None:
        while clocks.fire_due(self.runtime):
            pass
        digests.write_due(self.runtime)
        silence.tell_due(self.runtime)
        wakes.wake_once(self.runtime)
        checks.check_once(self.runtime)
        for _ in range(200):
            with self.runtime.sessions() as session:
                due = outbox.due(session, self.now)
            if not due:
                return
            for row in due:
                HANDLERS[row.kind].handle(self.runtime, row.id)
        self.findings.breaches.append(f"the outbox never came to rest on {self.now:%d %b}")

    def _associations_write(self) -> None:
        """Each association that is still there writes a draft in its turn; most are handed in soon."""
        while self.unwritten and self.unwritten[0][0] <= self.now:
            at, one = self.unwritten.popleft()
            with self._trying() as session:
                verified = sa.select(Association).where(
                    Association.status == AssociationStatus.VERIFIED, Association.memberships.any()
                )
                association = self.random.choice(session.scalars(verified.order_by(Association.id)).all())
                author = association.members[0]
                content = content_of(one, author.id, self.now)
                need = needs.create_draft(
                    session, Person(author), min(at, self.now), association_id=association.id, content=content
                )
                if at >= BEGINS:
                    self._expect(Need, need.id, ON_NEED[NeedStatus.DRAFT])

    def _people_act(self) -> None:
        """Plan what follows each new step, and do what has come due."""
        with self.runtime.sessions() as session:
            self._plan(session, PairingEvent, PairingEvent.pairing_id, Pairing, ON_PAIRING)
            self._plan(session, NeedEvent, NeedEvent.need_id, Need, ON_NEED)
        while self.planned and self.planned[0][0] <= self.now:
            _at, _order, entity, subject_id, act = heapq.heappop(self.planned)
            with self._trying() as session:
                subject = session.get(entity, subject_id)
                if subject is not None:
                    done = act(session, Moment(self.now, self.settings), subject)  # type: ignore[operator]
                    self.findings.count("acts")
                    if isinstance(done, Next):
                        self._expect(entity, subject_id, ((1, done.first, done.last, done.act),))

    @contextlib.contextmanager
    def _trying(self) -> Iterator[Session]:
        """What is too late or not possible any more is told kindly, in life as here."""
        try:
            with self.runtime.sessions() as session, transaction(session):
                yield session
        except DomainError:
            self.findings.count("told_kindly")

    def _plan(self, session: Session, event: type, subject: object, entity: type, table: dict) -> None:
        steps = sa.select(event.id, subject, event.target).where(event.id > self._seen[event]).order_by(event.id)
        for event_id, subject_id, target in session.execute(steps):
            self._seen[event] = event_id
            self._expect(entity, subject_id, table.get(target, ()))

    def _expect(self, entity: type, subject_id: int, choices: Sequence[tuple[int, int, int, object]]) -> None:
        """Draw what somebody will do about it, and when."""
        if choices:
            _chance, first, last, act = self.random.choices(choices, [choice[0] for choice in choices])[0]
            at = self.now + timedelta(days=self.random.uniform(first, last))
            heapq.heappush(self.planned, (at, next(self._order), entity, subject_id, act))

    def _coordinators_choose(self) -> None:
        """On working mornings each open need gets people into its line, best first."""
        if self.now.weekday() >= 5 or self.now.hour != HOURS[0]:
            return
        with self.runtime.sessions() as session:
            chosen = [(need.id, self._next_people(session, need)) for need in self._open_needs(session)]
        for need_id, volunteer_ids in chosen:
            for volunteer_id in volunteer_ids:
                with self._trying() as session:
                    coordinator = coordinator_of(session, session.get_one(Need, need_id))
                    line.approve(session, coordinator, self.now, line.Choice(need_id, volunteer_id))

    def _volunteers_apply(self) -> None:
        """Some look through the list of a morning, and apply for what they like."""
        if self.now.hour != HOURS[0]:
            return
        with self.runtime.sessions() as session:
            open_needs = [need.id for need in self._open_needs(session)]
            people = session.scalars(sa.select(Volunteer.account_id).order_by(Volunteer.id)).all()
        for _ in range(self.stage.sizes["applications_a_day"] if open_needs else 0):
            with self._trying() as session:
                who = Person(session.get_one(Account, self.random.choice(people)))
                need_id = self.random.choice(open_needs)
                if who.account.active:
                    applications.apply(session, who, self.now, need_id=need_id, motivation="Cela me parle.")

    def _open_needs(self, session: Session) -> list[Need]:
        return list(session.scalars(sa.select(Need).where(Need.status == NeedStatus.OPEN).order_by(Need.id)))

    def _next_people(self, session: Session, need: Need) -> list[int]:
        paired = sa.select(Pairing.volunteer_id).where(Pairing.need_id == need.id)
        in_line = sa.select(sa.func.count(Pairing.id)).where(
            Pairing.need_id == need.id, Pairing.status.in_({PairingStatus.APPROVED, PairingStatus.INVITED})
        )
        room = IN_LINE * need.seats - (session.scalar(in_line) or 0)
        best = sa.select(Suggestion.volunteer_id).where(
            Suggestion.need_id == need.id, Suggestion.volunteer_id.not_in(paired)
        )
        return list(session.scalars(best.order_by(Suggestion.rank).limit(max(0, min(room, 3)))))


FAMILY = Family(
    name="weeks",
    fault="twelve weeks of volunteers and needs on a simulated clock, with every unhappy way",
    play=play,
    parts=("sqlite",),
    short={"volunteers": 30, "needs": 5, "hours_a_day": 1, "applications_a_day": 1, "every_step": 0},
    full={"volunteers": 2_000, "needs": 300, "hours_a_day": 5, "applications_a_day": 4, "every_step": 1},
)
