"""Needs with minors or vulnerable people: no work before the association has declared its check, and no clock errs."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import Hat, Person
from matcher.errors import CheckIsAwaited, CheckNotDeclared, IllegalTransition, InvalidDates, NotAllowed, NotFound
from matcher.models.audit import AuditEntry
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import CheckWaiver, PairingStatus
from matcher.queries.acts import Act, acts_of
from matcher.queries.missions import Show, list_missions
from matcher.queries.waiting import count_waiting
from matcher.services import checks, clocks, missions, needs
from matcher.services.missions import Plan
from matcher.services.seats import SAID_YES
from tests.factories import World


def met(world: World) -> Pairing:
    """Two yeses for a need whose people are vulnerable."""
    return world.pairing(PairingStatus.CONFIRMED, need=world.need(meets_vulnerable=True))


def begin(world: World, pairing: Pairing, actor: Person) -> Pairing:
    """Say « on commence »."""
    today = world.now.date()
    plan = Plan(today, today + timedelta(days=30), 12)
    return world.act(missions.begin, actor, pairing_id=pairing.id, plan=plan)


@pytest.mark.parametrize("check", ["yesterday", *CheckWaiver])
def test_the_work_begins_only_after_the_association_has_declared_its_check(world: World, check: str) -> None:
    pairing = met(world)
    sides = world.member(pairing), world.volunteer_of(pairing)
    for side in sides:
        with pytest.raises(CheckNotDeclared):
            begin(world, pairing, side)
    declared = (world.now - timedelta(days=1)).date() if check == "yesterday" else CheckWaiver(check)

    world.act(checks.declare, sides[0], pairing_id=pairing.id, check=declared)

    assert declared in {pairing.check_seen_on, pairing.check_waived}
    assert begin(world, pairing, sides[1]).status is PairingStatus.ACTIVE
    entry = world.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "declare_check")).one()
    assert entry.reason == (None if check == "yesterday" else check)


def test_only_the_association_declares_and_only_where_a_check_is_awaited(world: World) -> None:
    pairing, plain = met(world), world.pairing(PairingStatus.CONFIRMED)
    accepted = world.pairing(PairingStatus.ACCEPTED, need=world.need(meets_vulnerable=True))
    day = world.now.date()
    refused = [
        (world.volunteer_of(pairing), pairing, day, NotAllowed),
        (world.coordinator(), pairing, day, NotAllowed),
        (world.administrator(), pairing, day, NotAllowed),
        (world.member(world.association()), pairing, day, NotFound),
        (world.member(plain), plain, day, IllegalTransition),
        (world.member(accepted), accepted, day, IllegalTransition),
        (world.member(pairing), pairing, day + timedelta(days=1), InvalidDates),
    ]
    for actor, which, check, error in refused:
        with pytest.raises(error):
            world.act(checks.declare, actor, pairing_id=which.id, check=check)
    assert not [one for one in world.session.scalars(sa.select(Pairing)) if one.check_seen_on or one.check_waived]


def test_a_second_declaration_takes_the_place_of_the_first_and_the_same_one_is_once(world: World) -> None:
    pairing = met(world)
    for check in (CheckWaiver.ACCOMPANIED, world.now.date(), world.now.date()):
        world.act(checks.declare, world.member(pairing), pairing_id=pairing.id, check=check)

    assert (pairing.check_seen_on, pairing.check_waived) == (world.now.date(), None)
    entries = world.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "declare_check")).all()
    assert len(entries) == 2


def test_a_check_that_takes_its_time_ends_no_pairing_and_then_both_have_theirs(world: World) -> None:
    pairing = met(world)
    since = pairing.since
    world.pass_time(since + timedelta(days=60))
    assert pairing.status is PairingStatus.CONFIRMED

    world.act(checks.declare, world.member(pairing), pairing_id=pairing.id, check=world.now.date())
    asked = clocks.due_at(world.session, pairing, Clock.ASK_TALKED)
    ends = clocks.due_at(world.session, pairing, Clock.ABANDON_TALK)
    assert asked is not None
    assert ends is not None
    assert asked >= world.now + timedelta(days=7)
    assert ends >= world.now + timedelta(days=45)


def test_a_check_that_never_comes_ends_the_pairing_at_last(world: World) -> None:
    pairing = met(world)
    since = pairing.since

    world.pass_time(since + timedelta(days=119))
    assert pairing.status is PairingStatus.CONFIRMED
    world.pass_time(since + timedelta(days=125))
    assert pairing.status is PairingStatus.ABANDONED


def test_the_check_stands_among_what_waits_for_the_association(world: World) -> None:
    pairing = met(world)
    member = Person(world.member(pairing).account, Hat.MEMBER)

    def waits() -> tuple[int, bool]:
        rows = list_missions(world.session, member, Show.ALL, language="en", today=world.now.date()).rows
        return count_waiting(world.session, member, world.now), rows[0].is_waiting

    assert waits() == (1, True)
    world.act(checks.declare, member, pairing_id=pairing.id, check=CheckWaiver.NO_CONTACT)
    assert waits() == (0, False)


def test_there_is_no_place_for_the_document_its_result_or_its_number() -> None:
    of_checks = [each.name for of in (Pairing, Need) for each in of.__table__.columns if "check" in each.name]

    assert sorted(of_checks) == ["check_seen_on", "check_waived"]


@pytest.mark.parametrize("status", [*sorted(SAID_YES), PairingStatus.ACTIVE])
def test_nobody_who_said_yes_has_the_check_taken_out_of_the_need(world: World, status: PairingStatus) -> None:
    need = world.need(meets_vulnerable=True, seats=2)
    if status is PairingStatus.ACTIVE:
        pairing = world.pairing(PairingStatus.CONFIRMED, need=need)
        world.act(checks.declare, world.member(need), pairing_id=pairing.id, check=next(iter(CheckWaiver)))
        begin(world, pairing, world.member(need))
    else:
        pairing = world.pairing(status, need=need)
    plain, seats = world.content(seats=need.seats), need.seats
    assert pairing.status is status
    for editor in (world.member(need), world.coordinator()):
        with pytest.raises(CheckIsAwaited):
            world.act(needs.edit, editor, need_id=need.id, content=plain)
    assert (need.meets_vulnerable, need.seats) == (True, seats)


def test_the_check_is_taken_out_while_nobody_has_said_yes(world: World) -> None:
    need = world.pairing(PairingStatus.INVITED, need=world.need(meets_vulnerable=True)).need

    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content())

    assert not need.meets_vulnerable


def test_who_said_yes_is_told_when_the_work_turns_out_to_ask_for_a_check(world: World) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    need = pairing.need
    world.forget_mails()

    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(meets_vulnerable=True))

    assert ("need_changed", pairing.volunteer.account_id) in world.mails()
    assert pairing.still_agrees_asked_at == world.now
    assert need.line_waits


def test_in_a_mission_under_way_she_is_told_and_the_association_declares_late(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.ACTIVE)
    need, member, her = pairing.need, any_world.member(pairing), any_world.volunteer_of(pairing)
    any_world.forget_mails()
    assert Act.CHECK not in acts_of(member, pairing, any_world.now)

    any_world.act(needs.edit, member, need_id=need.id, content=any_world.content(meets_vulnerable=True))
    any_world.act(needs.edit, member, need_id=need.id, content=any_world.content(meets_vulnerable=True, title="Autre"))

    assert any_world.mails() == {("need_changed", pairing.volunteer.account_id)}
    assert len(any_world.messages("send_mail")) == 1
    asked = {who: Act.CHECK in acts_of(who, pairing, any_world.now) for who in (member, her)}
    assert asked == {member: True, her: False}
    any_world.act(checks.declare, member, pairing_id=pairing.id, check=any_world.now.date())
    assert (pairing.status, pairing.check_seen_on) == (PairingStatus.ACTIVE, any_world.now.date())
    with pytest.raises(IllegalTransition):
        any_world.act(checks.declare, member, pairing_id=pairing.id, check=next(iter(CheckWaiver)))


def test_the_day_of_a_check_is_that_of_the_place(world: World) -> None:
    pairing = met(world)
    world.now = datetime(2026, 9, 7, 22, 30, tzinfo=UTC)  # half past midnight in Paris

    with pytest.raises(InvalidDates):
        world.act(checks.declare, world.member(pairing), pairing_id=pairing.id, check=date(2026, 9, 9))
    world.act(checks.declare, world.member(pairing), pairing_id=pairing.id, check=date(2026, 9, 8))

    assert pairing.check_seen_on == date(2026, 9, 8)
