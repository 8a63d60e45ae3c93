"""A small world for tests: people, associations and branches in one line each. States are reached in tests/ways.py.

State only what matters; all else has a default. `world.now` is a Monday morning without a holiday near.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import links
from matcher.actors import Actor, LinkHolder, Person
from matcher.catalogue import communes
from matcher.database import transaction
from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.branch import Branch, BranchCoordinator, BranchDepartment
from matcher.models.deadline import Clock, Deadline
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.models.volunteer import Volunteer, VolunteerLocation, VolunteerSkill
from matcher.ranking.types import Mode, OfferedSkill, Per
from matcher.services import clock_actions, clocks
from matcher.services.needs import NeedContent
from tests import ways

NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
LYON = "69123"
P = ParamSpec("P")
T = TypeVar("T")


class World:
    """Makes what a test needs, acts through the real services at `now`, and reads what came of it."""

    def __init__(self, session: Session, now: datetime = NOW) -> None:
        """Begin with the national branch, which always exists."""
        self.session = session
        self.now = now
        self._made = 0
        self.national = self.branch(departments=(), is_national=True)
        self.home = self.branch(departments=("69",))

    # people and places

    def account(self, *, is_confirmed: bool = True, name: str = "", **facts: object) -> Account:
        """An account, its address confirmed unless said otherwise."""
        n = self._number()
        account = Account(
            email=f"person{n}@example.org",
            fs_uniquifier=f"uniquifier-{n}",
            name=name or f"Personne {n}",
            confirmed_at=self.now if is_confirmed else None,
            create_datetime=self.now,
            update_datetime=self.now,
            **{"adult_declared_at": self.now, **facts},
        )
        return self._keep(account)

    def person(self, **facts: object) -> Person:
        """Somebody signed in who has no hat."""
        return Person(self.account(**facts))

    def administrator(self) -> Person:
        """Somebody with the administrator's role."""
        role = self.session.scalar(sa.select(Role).where(Role.name == ADMINISTRATOR)) or Role(name=ADMINISTRATOR)
        return Person(self.account(roles=[role]))

    def branch(self, *, departments: Iterable[str] = (), is_national: bool = False, **facts: object) -> Branch:
        """A branch with one coordinator."""
        n = self._number()
        branch = Branch(
            slug=f"antenne-{n}",
            name_fr=f"Antenne {n}",
            name_en=f"Branch {n}",
            mailbox=f"antenne{n}@example.org",
            is_national=is_national,
            departments=[BranchDepartment(department=department) for department in departments],
            coordinators=[BranchCoordinator(account=self.account())],
            **facts,
        )
        return self._keep(branch)

    def coordinator(self, branch: Branch | None = None) -> Person:
        """The first coordinator of a branch, of the home branch unless said otherwise."""
        return Person((branch or self.home).coordinators[0].account)

    def association(
        self,
        branch: Branch | None = None,
        *,
        members: int = 1,
        status: AssociationStatus = AssociationStatus.VERIFIED,
    ) -> Association:
        """An association with members, verified unless said otherwise."""
        n = self._number()
        joined = [Membership(account=self.account(), joined_at=self.now + timedelta(seconds=i)) for i in range(members)]
        association = Association(
            name=f"Association {n}",
            branch_id=(branch or self.home).id,
            status=status,
            verified_at=self.now if status is AssociationStatus.VERIFIED else None,
            memberships=joined,
            created_at=self.now,
        )
        return self._keep(association)

    def member(self, of: Association | Need | Pairing, position: int = 0) -> Person:
        """A member of an association, or of the one behind a need or a pairing."""
        if isinstance(of, Pairing):
            of = of.need
        return Person((of.association if isinstance(of, Need) else of).members[position])

    def join(self, association: Association, account: Account) -> Person:
        """Make an account a member of an association."""
        with transaction(self.session):
            joined_at = self.now + timedelta(minutes=1)
            self.session.add(Membership(association_id=association.id, account_id=account.id, joined_at=joined_at))
        return Person(account)

    def volunteer(
        self,
        *,
        skills: Iterable[OfferedSkill] = (),
        places: Iterable[str] = (LYON,),
        account: Account | None = None,
        **facts: object,
    ) -> Volunteer:
        """A volunteer of Lyon with two hours a week, who takes invitations."""
        defaults: dict[str, object] = {
            "branch_id": self.home.id,
            "headline": "Comptable à la retraite",
            "description": "Je tiens des comptes depuis trente ans.",
            "remote": True,
            "on_site": True,
            "hours": 2.0,
            "hours_per": Per.WEEK,
            "missions_at_once": 3,
            "invitations_allowed_at": self.now,
        }
        volunteer = Volunteer(
            account=account or self.account(),
            skills=[VolunteerSkill(label=s.label, level=s.level, uri=s.uri) for s in skills],
            locations=[_location(i, code) for i, code in enumerate(places)],
            created_at=self.now,
            touched_at=self.now,
            **{**defaults, **facts},
        )
        return self._keep(volunteer)

    # needs, pairings, suggestions

    def content(self, **facts: object) -> NeedContent:
        """All that a complete need says."""
        defaults: dict[str, object] = {
            "title": "Tenir les comptes",
            "description": "Nous cherchons quelqu’un qui tienne nos comptes une année.",
            "mode": Mode.ON_SITE,
            "communes": (LYON,),
        }
        return NeedContent(**{**defaults, **facts})

    def need(
        self, status: NeedStatus = NeedStatus.OPEN, *, association: Association | None = None, **facts: object
    ) -> Need:
        """A need in a state, brought there by the real services; the home branch's coordinator reviews it."""
        return ways.bring_need(self, association or self.association(), status, self.content(**facts))

    def pairing(
        self,
        status: PairingStatus = PairingStatus.INVITED,
        *,
        need: Need | None = None,
        volunteer: Volunteer | None = None,
    ) -> Pairing:
        """A pairing in a state, brought there by the real services."""
        return ways.bring_pairing(self, need or self.need(), volunteer or self.volunteer(), status)

    def suggest(self, need: Need, volunteers: Iterable[Volunteer]) -> int:
        """Store a ranking of these volunteers, best first; returns its id."""
        ranked = list(enumerate(volunteers, start=1))
        shown = {"list": [[volunteer.id, rank, 1 / rank, {"text": 1 / rank}] for rank, volunteer in ranked]}
        run = RankingRun(need_id=need.id, at=self.now, version="test", considered=0, excluded={}, shown=shown)
        self._keep(run)
        for rank, volunteer in ranked:
            self._keep(
                Suggestion(
                    ranking_id=run.id, need_id=need.id, volunteer_id=volunteer.id, rank=rank, score=1 / rank,
                    text_score=1 / rank, availability_score=1.0, contributions={"text": 1 / rank}, reasons={"list": []},
                )
            )  # fmt: skip
        return run.id

    # acting

    def volunteer_of(self, of: Pairing | Volunteer) -> Person:
        """A volunteer, or the one of a pairing, signed in."""
        return Person((of.volunteer if isinstance(of, Pairing) else of).account)

    def holder(self, purpose: LinkPurpose, recipient: Account, subject: links.Subject) -> LinkHolder:
        """Somebody who holds a signed link."""
        with transaction(self.session):
            link = links.issue(self.session, self.now, purpose, subject=subject, recipient_id=recipient.id)
        return LinkHolder(link)

    def act(
        self,
        use_case: Callable[Concatenate[Session, Actor, datetime, P], T],
        actor: Actor,
        *args: P.args,
        **data: P.kwargs,
    ) -> T:
        """Let somebody do something now, in a transaction of its own."""
        with transaction(self.session):
            return use_case(self.session, actor, self.now, *args, **data)

    def run(self, job: Callable[Concatenate[Session, datetime, P], T], *args: P.args, **data: P.kwargs) -> T:
        """Let a worker do something now, in a transaction of its own."""
        with transaction(self.session):
            return job(self.session, self.now, *args, **data)

    def pass_time(self, until: datetime) -> list[Clock]:
        """Go forward to a moment; every clock that falls due on the way takes effect at its own due time."""
        fired = []
        while deadline := self.session.scalar(
            sa.select(Deadline)
            .where(Deadline.paused_at.is_(None), Deadline.due_at <= until)
            .order_by(Deadline.due_at, Deadline.id)
            .limit(1)
        ):
            self.now = max(self.now, deadline.due_at)
            fired.append(self.run(clock_actions.fire, deadline_id=deadline.id))
        self.now = until
        return [clock for clock in fired if clock is not None]

    def fire(self, subject: Need | Pairing, clock: Clock) -> None:
        """Go forward to the moment at which one clock falls due and let that one alone take effect."""
        due_at = clocks.due_at(self.session, subject, clock)
        assert due_at is not None, f"{clock} does not run"
        self.now = max(self.now, due_at)
        row = Deadline.need_id if isinstance(subject, Need) else Deadline.pairing_id
        deadline_id = self.session.scalars(
            sa.select(Deadline.id).where(row == subject.id, Deadline.clock == clock)
        ).one()
        assert self.run(clock_actions.fire, deadline_id=deadline_id) is clock

    # reading

    def mails(self) -> set[tuple[str, int]]:
        """The mails written since the last `forget_mails`: code and recipient; twice the same mail fails."""
        found = [
            (str(row.payload["code"]), int(str(row.payload["recipient_id"])))
            for row in self.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail"))
        ]
        assert len(found) == len(set(found)), f"somebody is written to twice: {found}"
        return set(found)

    def forget_mails(self) -> None:
        """Empty the outbox, so that `mails` and `messages` show only what comes after."""
        with transaction(self.session):
            self.session.execute(sa.delete(OutboxRow))

    def messages(self, kind: str) -> list[OutboxRow]:
        """The outbox rows of a kind, oldest first."""
        return list(self.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)))

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _keep(self, entity: T) -> T:
        with transaction(self.session):
            self.session.add(entity)
        return entity


def _location(position: int, code: str) -> VolunteerLocation:
    place = communes.get(code)
    assert place is not None, code
    return VolunteerLocation(position=position, commune=code, latitude=place.latitude, longitude=place.longitude)
