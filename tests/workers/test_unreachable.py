"""Invitations to somebody whose address is closed: none leaves, her line moves on, and its coordinator is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.suppression import SuppressionReason
from matcher.services import holding, invariants, parked_rows, suppression
from tests import ways
from tests.factories import World
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.smtp import PermanentMailError

S = PairingStatus
UNREACHABLE = PairingReason.UNREACHABLE


def work(runtime: Runtime, world: World) -> None:
    """Handle all that is due, until nothing is."""
    for _ in range(20):
        world.now += timedelta(minutes=1)
        world.session.rollback()
        due = world.session.execute(
            sa.select(OutboxRow.id, OutboxRow.kind).where(
                OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None), OutboxRow.not_before <= world.now,
                OutboxRow.kind.in_(["advance_line", "send_invitation", "send_mail"]),
            )
        ).all()  # fmt: skip
        world.session.rollback()
        if not due:
            return
        for row_id, kind in due:
            HANDLERS[kind].handle(runtime, row_id)
    pytest.fail("something comes back without end")


def in_line(world: World, people: int = 1) -> list[Pairing]:
    """People in the line of one need with one seat."""
    need = world.need(seats=1)
    with transaction(world.session) as session:
        session.execute(sa.delete(OutboxRow).where(OutboxRow.kind == "send_mail"))
    return [ways.approve(world, need, world.volunteer()) for _ in range(people)]


def codes(world: World) -> list[str]:
    """The mails that were written into the outbox."""
    world.session.rollback()
    rows = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail"))
    return [str(row.payload["code"]) for row in rows]


@pytest.mark.parametrize("reason", SuppressionReason)
def test_nothing_leaves_to_a_closed_address_and_the_next_is_asked(
    runtime: Runtime, any_world: World, far_end: FarEnd, reason: SuppressionReason
) -> None:
    closed, *others = in_line(any_world, people=3)
    address = closed.volunteer.account.email
    with transaction(any_world.session) as session:
        until = any_world.now + timedelta(days=7) if reason is SuppressionReason.SOFT else None
        suppression.suppress(session, runtime.settings, address, any_world.now, reason=reason, until=until)

    work(runtime, any_world)

    told = {message.recipient for message in far_end.taken}
    assert address not in told
    assert {pairing.volunteer.account.email for pairing in others} <= told


def test_an_address_that_the_mail_server_does_not_know_leaves_the_line(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    first, second, third = in_line(any_world, people=3)
    far_end.refuse(PermanentMailError(550, verb="RCPT", enhanced="5.1.1"))

    work(runtime, any_world)

    any_world.session.expire_all()
    assert (first.status, first.reason) == (PairingStatus.RELEASED, PairingReason.UNREACHABLE)
    assert second.status is third.status is PairingStatus.INVITED
    assert MailCode.INVITATION_RETURNED in codes(any_world)
    assert suppression.is_suppressed(any_world.session, runtime.settings, first.volunteer.account.email, any_world.now)


@pytest.mark.parametrize("error", [PermanentMailError(554, verb=".", enhanced="5.6.0"),
                                   PermanentMailError(554, verb="RCPT")])  # fmt: skip
def test_a_refusal_that_may_be_about_us_closes_no_address(
    runtime: Runtime, any_world: World, far_end: FarEnd, error: PermanentMailError
) -> None:
    (pairing,) = in_line(any_world)
    far_end.refuse(error)

    work(runtime, any_world)

    any_world.session.expire_all()
    assert pairing.status is PairingStatus.APPROVED
    assert not suppression.is_suppressed(
        any_world.session, runtime.settings, pairing.volunteer.account.email, any_world.now
    )


@pytest.mark.parametrize("code", [550, 552])
def test_who_is_refused_without_a_code_of_her_address_leaves_the_line_and_her_address_stays_open(
    runtime: Runtime, any_world: World, far_end: FarEnd, code: int
) -> None:
    first, second, third, fourth = in_line(any_world, people=4)
    far_end.refuse(PermanentMailError(code, verb="RCPT"), PermanentMailError(code, verb="RCPT"))

    work(runtime, any_world)

    any_world.session.expire_all()
    assert {(p.status, p.reason, p.queued_at) for p in (first, second)} == {(S.RELEASED, UNREACHABLE, None)}
    assert third.status is fourth.status is S.INVITED
    assert codes(any_world).count(MailCode.INVITATION_RETURNED) == 2
    address = first.volunteer.account.email
    assert not suppression.is_suppressed(any_world.session, runtime.settings, address, any_world.now)


def test_a_mail_that_stays_set_aside_gives_its_turn_back_after_a_day_and_holds_up_no_line(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    """Refused after its content: nobody knows whether that is about her, so she keeps her place in the line."""
    people = in_line(any_world, people=4)
    refused = [PermanentMailError(550, verb="."), PermanentMailError(550, verb=".")]
    far_end.refuse(*refused)
    work(runtime, any_world)
    assert far_end.taken == []

    any_world.now += invariants.PARKED_KEEPS
    any_world.run(invariants.mend)
    work(runtime, any_world)

    any_world.session.expire_all()
    assert [p.status for p in people] == [S.APPROVED, S.APPROVED, S.INVITED, S.INVITED]
    assert [p.queued_at for p in people[:2]] == [None, None]
    held = holding.hold_of(any_world.session, runtime.rules, people[0], any_world.now)
    assert held is not None
    assert held.why is holding.Held.UNREACHABLE


def test_who_was_held_back_by_a_mail_set_aside_is_invited_when_it_is_tried_again(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    (her,) = in_line(any_world)
    far_end.refuse(PermanentMailError(550, verb="."))
    work(runtime, any_world)
    any_world.now += invariants.PARKED_KEEPS
    any_world.run(invariants.mend)
    work(runtime, any_world)
    (row,) = any_world.messages("send_invitation")

    any_world.act(parked_rows.retry, any_world.administrator(), row_id=row.id)
    work(runtime, any_world)

    any_world.session.expire_all()
    assert her.status is S.INVITED
    assert len(far_end.taken) == 1
