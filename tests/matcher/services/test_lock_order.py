"""Acts that lock several rows take them in one order: two that meet come one after the other, and none is ended.

One holds a need, as each of them does first; another comes to wait for it; then the first goes on to its own act. When
the second already had in hand what the first wants next, PostgreSQL ends one of them as a deadlock.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person, System
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from matcher.outbox import ParkReason, SendInvitation, add, park
from matcher.services import parked_rows, privacy, quarantine, retention, reviews, rights
from matcher.services.quarantine import OldMails
from matcher.services.rights import SuspensionReason
from matcher.services.steps import lock_need
from tests.database import Sessions
from tests.factories import NOW, World
from tests.faults.forms_of_rights import coordinate
from tests.settings import make_settings

SETTINGS = make_settings("sqlite://")
WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
)
Act = Callable[[Session], object]


@dataclass(frozen=True)
class Scene:
    """A need that both acts lock, and the two acts."""

    need_id: int
    first: Act
    second: Act


def _person(session: Session, account_id: int) -> Person:
    return Person(session.get_one(Account, account_id))


def _suspend(session: Session, account_id: int) -> None:
    rights.suspend(session, System("test"), NOW, account_id=account_id, reason=SuspensionReason.CONDUCT)


def _erase(session: Session, account_id: int) -> None:
    privacy.erase_account(session, _person(session, account_id), NOW)


def coordinator_is_erased_and_suspended(world: World) -> Scene:
    """She follows a need in which she is nothing else: an erasure used to lock it last."""
    need, her = world.need(), coordinate(world, world.account()).id
    with transaction(world.session):
        need.coordinator_id = her
    return Scene(need.id, lambda s: _suspend(s, her), lambda s: _erase(s, her))


def member_is_suspended_while_the_rule_deletes_her(world: World) -> Scene:
    """The rule used to lock her account before her needs."""
    need, her = world.need(), world.account(is_confirmed=False)
    world.join(need.association, her)
    with transaction(world.session):
        her.create_datetime, her.warnings, her.warned_on = NOW - timedelta(days=40), 2, NOW.date() - timedelta(days=9)
    her_id = her.id

    def rule(session: Session) -> None:
        going = retention.GOING["delete_unconfirmed"]
        assert list(going.due(session, SETTINGS, NOW)) == [her_id]
        going.let_go(session, SETTINGS, NOW, her_id)

    return Scene(need.id, lambda s: _suspend(s, her_id), rule)


def volunteer_is_erased_while_a_quarantine_is_lifted(world: World) -> Scene:
    """Lifting used to lock who was warned before the needs whose line it stops."""
    pairing = world.pairing(PairingStatus.APPROVED)
    her = pairing.volunteer.account
    with transaction(world.session) as session:
        her.warnings, her.warned_on = 3, NOW.date()
        session.add(Quarantine(since=NOW + timedelta(days=1), data_of=NOW, reason="restored"))
    her_id = her.id

    def lift(session: Session) -> None:
        quarantine.lift(session, System("test"), NOW + timedelta(days=2), old_mails=OldMails.DISCARD)

    return Scene(pairing.need_id, lambda s: _erase(s, her_id), lift)


def invitation_is_discarded_while_a_quarantine_is_lifted(world: World) -> Scene:
    """Who gave a row up used to lock it before the need of the turn that it gives back."""
    pairing = world.pairing(PairingStatus.APPROVED)
    with transaction(world.session) as session:
        pairing.queued_at = NOW
        session.add(Quarantine(since=NOW + timedelta(days=1), data_of=NOW, reason="restored"))
        add(session, SendInvitation(pairing.id), NOW)
        session.flush()
        row = world.messages("send_invitation")[-1]
        park(row, NOW, reason=ParkReason.ERROR, outcome="x")
    row_id = row.id

    def discard(session: Session) -> None:
        parked_rows.discard(session, System("test"), NOW, row_id=row_id)

    def lift(session: Session) -> None:
        quarantine.lift(session, System("test"), NOW + timedelta(days=2), old_mails=OldMails.DISCARD)

    return Scene(pairing.need_id, lift, discard)


def member_is_erased_while_her_association_is_suspended(world: World) -> Scene:
    """Who suspended an association used to lock it before its needs."""
    need = world.need()
    her, coordinator, association_id = (
        world.member(need).account.id,
        world.coordinator().account.id,
        need.association_id,
    )

    def suspend(session: Session) -> None:
        reviews.suspend_association(session, _person(session, coordinator), NOW, association_id=association_id)

    return Scene(need.id, lambda s: _erase(s, her), suspend)


SCENES = (
    coordinator_is_erased_and_suspended,
    member_is_suspended_while_the_rule_deletes_her,
    volunteer_is_erased_while_a_quarantine_is_lifted,
    invitation_is_discarded_while_a_quarantine_is_lifted,
    member_is_erased_while_her_association_is_suspended,
)


@dataclass(frozen=True)
class Other:
    """Another connection that acts while the first holds what it needs."""

    sessions: Sessions
    act: Act
    begun: threading.Event

    def run(self) -> str:
        """Act; return how it ended."""
        with self.sessions() as session:
            self.begun.set()
            with transaction(session):
                self.act(session)
        return "done"

    def has_come_to_wait(self) -> bool:
        """Tell whether a lock is waited for now."""
        with self.sessions() as looking:
            return bool(looking.scalar(WAITING))


@pytest.mark.parametrize("make", SCENES)
def test_two_who_lock_the_same_rows_come_one_after_the_other(
    any_world: World, any_sessions: Sessions, make: Callable[[World], Scene]
) -> None:
    scene = make(any_world)
    any_world.session.rollback()
    other = Other(any_sessions, scene.second, threading.Event())

    with any_sessions() as session, ThreadPoolExecutor(1) as pool:
        with transaction(session):
            lock_need(session, scene.need_id)
            met = pool.submit(other.run)
            assert other.begun.wait(60)
            _wait(session, lambda: other.has_come_to_wait() or met.done())
            scene.first(session)
        assert met.result() == "done"


def _wait(first: Session, condition: Callable[[], bool]) -> None:
    """On SQLite whoever writes waits for the whole file: there is nothing to look at."""
    until = monotonic() + 60
    while first.get_bind().dialect.name == "postgresql" and not condition():
        assert monotonic() < until, "it did not come to wait"
