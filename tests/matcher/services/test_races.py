"""Two people at the same moment, each on her own connection, on SQLite and PostgreSQL: one outcome, nothing lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.database import make_engine, make_sessions, transaction
from matcher.errors import DomainError
from matcher.models.account import Account
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, clock_actions, line, missions, needs, privacy, rights
from matcher.services.steps import lock_pairing
from tests.database import Sessions
from tests.factories import NOW, World

S = PairingStatus
Act = Callable[[Session], object]


def _at_once(sessions: Sessions, *acts: Act) -> list[str]:
    """Let each act run in a thread and a transaction of its own, all released together; name what each met."""
    barrier = threading.Barrier(len(acts), timeout=60)

    def run(act: Act) -> str:
        with sessions() as session:
            barrier.wait()
            try:
                with transaction(session):
                    act(session)
            except DomainError as refused:
                return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _person(session: Session, account_id: int) -> Person:
    return Person(session.get_one(Account, account_id))


def _accepts(pairing: Pairing) -> Act:
    account_id, pairing_id = pairing.volunteer.account_id, pairing.id
    return lambda session: answers.accept(session, _person(session, account_id), NOW, pairing_id=pairing_id)


def _statuses(world: World, need: Need) -> list[str]:
    world.session.rollback()
    return sorted(world.session.scalars(sa.select(Pairing.status).where(Pairing.need_id == need.id)))


def _counts(world: World, need: Need) -> tuple[int, int]:
    world.session.rollback()
    world.session.refresh(need)
    return need.held, need.taken


def test_the_last_seat_is_held_once_and_the_other_yes_joins_the_reserve(
    any_world: World, any_sessions: Sessions
) -> None:
    need = any_world.need()
    invited = [any_world.pairing(S.INVITED, need=need) for _ in range(2)]

    outcomes = _at_once(any_sessions, *map(_accepts, invited))

    assert outcomes == ["done", "done"]
    assert _statuses(any_world, need) == [S.ACCEPTED, S.RESERVE]
    assert _counts(any_world, need) == (1, 0)


def test_3_seats_and_8_acceptances_hold_3_and_keep_5_in_reserve(any_world: World, any_sessions: Sessions) -> None:
    need = any_world.need(seats=3)
    invited = [any_world.pairing(S.INVITED, need=need) for _ in range(8)]

    outcomes = _at_once(any_sessions, *map(_accepts, invited))

    assert outcomes == ["done"] * 8
    assert _statuses(any_world, need) == [S.ACCEPTED] * 3 + [S.RESERVE] * 5
    assert _counts(any_world, need) == (3, 0)


def test_one_person_who_says_yes_four_times_at_once_holds_one_seat(any_world: World, any_sessions: Sessions) -> None:
    pairing = any_world.pairing(S.INVITED, need=any_world.need(seats=4))
    any_world.forget_mails()

    outcomes = _at_once(any_sessions, *[_accepts(pairing)] * 4)

    assert outcomes == ["done"] * 4
    assert _counts(any_world, pairing.need) == (1, 0)
    assert len(any_world.mails()) == 3, "each is written to once"


def test_a_confirmation_and_a_withdrawal_at_once_have_one_winner(any_world: World, any_sessions: Sessions) -> None:
    pairing = any_world.pairing(S.ACCEPTED)
    member, her = any_world.member(pairing).account.id, pairing.volunteer.account_id

    outcomes = _at_once(
        any_sessions,
        lambda s: missions.confirm(s, _person(s, member), NOW, pairing_id=pairing.id),
        lambda s: answers.withdraw(s, _person(s, her), NOW, pairing_id=pairing.id),
    )

    assert sorted(outcomes) == ["done", "illegal_transition"]
    confirmed = outcomes[0] == "done"
    assert _statuses(any_world, pairing.need) == [S.CONFIRMED if confirmed else S.WITHDRAWN]
    assert _counts(any_world, pairing.need) == ((0, 1) if confirmed else (0, 0))


def test_a_yes_and_a_set_aside_at_once_have_one_winner(any_world: World, any_sessions: Sessions) -> None:
    pairing = any_world.pairing(S.INVITED)
    coordinator = any_world.coordinator().account.id
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)

    outcomes = _at_once(
        any_sessions,
        _accepts(pairing),
        lambda s: line.set_aside(s, _person(s, coordinator), NOW, choice, reason=PairingReason.SKILLS),
    )

    assert sorted(outcomes) in (["already_answered", "done"], ["done", "illegal_transition"])
    accepted = outcomes[0] == "done"
    assert _statuses(any_world, pairing.need) == [S.ACCEPTED if accepted else S.SET_ASIDE]
    assert _counts(any_world, pairing.need) == (int(accepted), 0)


def test_a_yes_and_the_expiry_at_once_have_one_winner(any_world: World, any_sessions: Sessions) -> None:
    pairing = any_world.pairing(S.INVITED)
    deadline = any_world.session.scalars(sa.select(Deadline).where(Deadline.clock == Clock.EXPIRE_INVITED)).one()
    late, deadline_id = deadline.due_at + timedelta(seconds=1), deadline.id
    any_world.session.rollback()

    outcomes = _at_once(
        any_sessions,
        _accepts(pairing),
        lambda s: clock_actions.fire(s, late, deadline_id=deadline_id),
    )

    assert outcomes[1] == "done", "a clock whose pairing has moved does nothing"
    assert outcomes[0] in {"done", "link_expired"}
    assert _statuses(any_world, pairing.need) == [S.ACCEPTED if outcomes[0] == "done" else S.EXPIRED]


def test_two_workers_fire_one_clock_once(any_world: World, any_sessions: Sessions) -> None:
    pairing = any_world.pairing(S.CONFIRMED)
    deadline = any_world.session.scalars(sa.select(Deadline).where(Deadline.clock == Clock.ASK_TALKED)).one()
    due, deadline_id = deadline.due_at, deadline.id
    any_world.forget_mails()

    outcomes = _at_once(any_sessions, *[lambda s: clock_actions.fire(s, due, deadline_id=deadline_id)] * 3)

    any_world.session.rollback()
    assert outcomes == ["done"] * 3
    told = {pairing.volunteer.account_id, any_world.member(pairing).account.id}
    assert any_world.mails() == {("have_you_talked", account_id) for account_id in told}


def test_two_coordinators_who_approve_the_same_person_make_one_pairing(
    any_world: World, any_sessions: Sessions
) -> None:
    need, volunteer = any_world.need(), any_world.volunteer()
    coordinator, choice = any_world.coordinator().account.id, line.Choice(need.id, volunteer.id)

    outcomes = _at_once(any_sessions, *[lambda s: line.approve(s, _person(s, coordinator), NOW, choice)] * 2)

    assert outcomes == ["done", "done"]
    assert _statuses(any_world, need) == [S.APPROVED]
    assert any_world.session.scalar(sa.select(sa.func.count(Decision.id))) == 1


def test_the_last_two_confirmations_fill_the_need_once(any_world: World, any_sessions: Sessions) -> None:
    need = any_world.need(seats=2)
    accepted = [any_world.pairing(S.ACCEPTED, need=need) for _ in range(2)]
    member = any_world.member(need).account.id

    outcomes = _at_once(
        any_sessions,
        *[
            lambda s, pairing_id=p.id: missions.confirm(s, _person(s, member), NOW, pairing_id=pairing_id)
            for p in accepted
        ],
    )

    assert outcomes == ["done", "done"]
    assert (_counts(any_world, need), need.status) == ((0, 2), NeedStatus.FILLED)


def test_a_need_submitted_twice_at_once_has_one_receipt(any_world: World, any_sessions: Sessions) -> None:
    need = any_world.need(NeedStatus.DRAFT)
    member = any_world.member(need).account.id
    any_world.session.rollback()

    outcomes = _at_once(any_sessions, *[lambda s: needs.submit(s, _person(s, member), NOW, need_id=need.id)] * 2)

    assert outcomes == ["done", "done"]
    any_world.session.rollback()
    rows = any_world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail")).all()
    assert [row.payload["code"] for row in rows] == ["need_received"]


def test_the_database_itself_refuses_more_seats_than_there_are(any_session: Session) -> None:
    need = World(any_session).need(seats=2)

    for held, taken in ((2, 1), (0, 3), (-1, 0)):
        with pytest.raises(sa.exc.IntegrityError), transaction(any_session):
            any_session.execute(sa.update(Need).where(Need.id == need.id).values(held=held, taken=taken))


@pytest.mark.parametrize("ends", ["suspend", "withdraw_coordinator"])
def test_whoever_acts_on_a_need_never_waits_for_somebody_who_ends_her_rights(
    postgres_schema_url: str, ends: str
) -> None:
    engine = make_engine(postgres_schema_url)
    sessions = make_sessions(engine)
    with sessions() as first, ThreadPoolExecutor(1) as pool:
        world = World(first)
        pairing = world.pairing(S.INVITED)
        is_suspended = ends == "suspend"
        account = pairing.volunteer.account if is_suspended else world.coordinator().account
        spare = world.account()
        with transaction(first):
            first.add(BranchCoordinator(branch_id=world.home.id, account_id=spare.id))
        more = {"reason": rights.SuspensionReason.CONDUCT} if is_suspended else {"branch_id": world.home.id}
        ids = world.administrator().account.id, account.id, pairing.id

        def shut(session: Session) -> object:
            return getattr(rights, ends)(session, _person(session, ids[0]), NOW, account_id=ids[1], **more)

        with transaction(first):
            lock_pairing(first, ids[2])
            ending = pool.submit(_alone, sessions, shut)
            _wait_for_a_waiting_one(sessions)
            if is_suspended:
                answers.accept(first, _person(first, ids[1]), NOW, pairing_id=ids[2])
            else:
                choice = line.Choice(pairing.need_id, pairing.volunteer_id)
                line.set_aside(first, _person(first, ids[1]), NOW, choice, reason=PairingReason.SKILLS)
        assert ending.result(timeout=60) == "done"
    engine.dispose()


def _alone(sessions: Sessions, act: Act) -> str:
    with sessions() as session, transaction(session):
        act(session)
    return "done"


def _wait_for_a_waiting_one(sessions: Sessions) -> None:
    """Return once another connection to this database waits for a lock."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with sessions() as looking:
        while not looking.scalar(sa.text(waits)):
            looking.rollback()


def test_of_two_administrators_who_end_each_others_right_one_stays(any_world: World, any_sessions: Sessions) -> None:
    one, other = (any_world.administrator().account.id for _ in range(2))

    def ends(actor_id: int, account_id: int) -> Act:
        return lambda session: rights.withdraw_administrator(
            session, _person(session, actor_id), NOW, account_id=account_id
        )

    assert sorted(_at_once(any_sessions, ends(one, other), ends(other, one)))[0] == "done"
    any_world.session.expire_all()
    assert [any_world.session.get_one(Account, each).is_administrator for each in (one, other)].count(True) == 1


def _erases(account_id: int) -> Act:
    return lambda session: privacy.erase_account(session, _person(session, account_id), NOW)


def test_of_two_administrators_who_erase_themselves_at_once_one_stays(any_world: World, any_sessions: Sessions) -> None:
    ids = [any_world.administrator().account.id for _ in range(2)]

    assert sorted(_at_once(any_sessions, *map(_erases, ids))) == ["done", "last_administrator"]

    any_world.session.rollback()
    assert [any_world.session.get_one(Account, each).is_erased for each in ids].count(False) == 1


def test_when_both_coordinators_of_a_branch_leave_at_once_administrators_are_told_once(
    any_world: World, any_sessions: Sessions
) -> None:
    branch, other = any_world.branch(), any_world.account()
    administrator = any_world.administrator().account
    with transaction(any_world.session):
        branch.coordinators.append(BranchCoordinator(account=other))
    ids = [link.account_id for link in branch.coordinators]

    assert _at_once(any_sessions, *map(_erases, ids)) == ["done", "done"]

    any_world.session.rollback()
    told = [row.payload for row in any_world.messages("send_account_mail")]
    assert [(each["code"], each["account_id"]) for each in told] == [("branch_left_alone", administrator.id)]
