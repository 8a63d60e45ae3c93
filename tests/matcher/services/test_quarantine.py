"""A quarantine after a restore: mails and clocks stand still, and what an administrator chooses when she lifts it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher import outbox
from matcher.actors import Hat, Person, System
from matcher.database import transaction
from matcher.errors import DomainError
from matcher.mail.codes import MailCode
from matcher.models.audit import AuditEntry
from matcher.models.deadline import Clock, Deadline
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from matcher.queries.quarantines import find_held
from matcher.services import clock_actions, clocks, invitations, line, quarantine
from matcher.services.quarantine import OldMails
from matcher.services.sending import SendingRules
from tests.factories import World

SYSTEM = System("outbox-lift")


@pytest.fixture
def world(any_world: World) -> World:
    """The world, on each of the two databases."""
    return any_world


def begin(world: World) -> Quarantine:
    """Put what is in the database into quarantine, as a restore does."""
    world.now += timedelta(minutes=5)
    with transaction(world.session) as session:
        made = Quarantine(since=world.now, data_of=world.now - timedelta(days=1), reason="restored")
        session.add(made)
    world.now += timedelta(minutes=5)
    return made


def mail(world: World) -> OutboxRow:
    """Write a mail of today."""
    with transaction(world.session) as session:
        outbox.add(session, outbox.SendMail(MailCode.NEED_OPENED.value, world.account().id), world.now)
    return world.messages("send_mail")[-1]


def lift(world: World, old_mails: OldMails, actor: System | Person = SYSTEM) -> quarantine.Lifted | None:
    """Lift it now."""
    with transaction(world.session) as session:
        return quarantine.lift(session, actor, world.now, old_mails=old_mails)


def test_no_mail_is_due_or_claimed_while_other_work_goes_on(world: World) -> None:
    world.forget_mails()
    old = mail(world)
    begin(world)
    new = mail(world)
    with transaction(world.session) as session:
        outbox.add(session, outbox.RankNeed(7), world.now)

    with transaction(world.session) as session:
        due = {row.kind for row in outbox.due(session, world.now)}
        claimed = [outbox.claim(session, row.id, world.now) for row in (old, new)]

    assert "rank_need" in due
    assert due.isdisjoint(outbox.MAIL_KINDS)
    assert claimed == [None, None]


def test_no_clock_fires_and_each_falls_due_later_by_the_time_that_it_stood_still(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    deadline = world.session.scalars(sa.select(Deadline).where(Deadline.clock == Clock.EXPIRE_INVITED)).one()
    was_due_at, deadline_id = deadline.due_at, deadline.id
    held = begin(world)
    world.now = was_due_at + timedelta(days=2)

    assert clocks.due(world.session, world.now) == []
    with transaction(world.session) as session:
        assert clock_actions.fire(session, world.now, deadline_id=deadline_id) is None
    lift(world, OldMails.SEND)

    world.session.expire_all()
    earliest = was_due_at + (world.now - held.since)
    assert earliest <= deadline.due_at <= earliest + timedelta(days=4)  # the next working day
    assert pairing.reply_by == deadline.due_at
    assert clocks.due(world.session, world.now) == []


def test_a_clock_that_stood_still_before_stays_where_it_is(world: World) -> None:
    world.pairing(PairingStatus.INVITED)
    with transaction(world.session) as session:
        deadline = session.scalars(sa.select(Deadline).where(Deadline.clock == Clock.EXPIRE_INVITED)).one()
        deadline.pause(world.now)
    was_due_at = deadline.due_at
    begin(world)

    lift(world, OldMails.SEND)

    world.session.expire_all()
    assert deadline.due_at == was_due_at
    assert deadline.paused_at is not None


def test_what_waits_is_sent_when_she_says_so(world: World) -> None:
    world.forget_mails()
    old = mail(world)
    begin(world)

    lifted = lift(world, OldMails.SEND)

    assert lifted is not None
    assert lifted.discarded == 0
    assert old.id in {row.id for row in outbox.due(world.session, world.now)}


def test_what_was_written_before_the_restore_is_discarded_and_what_came_since_leaves(world: World) -> None:
    world.forget_mails()
    old = mail(world)
    held = begin(world)
    new = mail(world)

    waiting = find_held(world.session, world.administrator())
    assert waiting is not None
    assert (waiting.since, waiting.old_mails, waiting.new_mails) == (held.since, 1, 1)
    lift(world, OldMails.DISCARD)

    world.session.expire_all()
    assert (old.outcome, new.outcome) == (quarantine.DISCARDED, None)
    assert {row.id for row in outbox.due(world.session, world.now)} & {old.id, new.id} == {new.id}


def test_a_discarded_link_is_erased_with_its_mail(world: World) -> None:
    with transaction(world.session) as session:
        message = outbox.SendAccountMail("confirm", "a@example.org", "fr", sealed_link="sealed")
        outbox.add(session, message, world.now)
    begin(world)

    lift(world, OldMails.DISCARD)

    world.session.expire_all()
    assert world.messages("send_account_mail")[-1].payload["sealed_link"] is None


def test_a_discarded_invitation_goes_back_into_a_line_that_waits_for_its_coordinator(world: World) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    with transaction(world.session) as session:
        pairing.queued_at = world.now
        outbox.add(session, outbox.SendInvitation(pairing.id), world.now)
    begin(world)

    lift(world, OldMails.DISCARD)

    world.session.expire_all()
    assert (pairing.status, pairing.queued_at, pairing.need.line_waits) == (PairingStatus.APPROVED, None, True)


def test_all_whose_invitations_one_discarded_mail_carried_give_their_turns_back(world: World) -> None:
    volunteer = world.volunteer()
    lead, other = (world.pairing(PairingStatus.APPROVED, volunteer=volunteer) for _ in range(2))
    with transaction(world.session) as session:
        lead.queued_at = other.queued_at = world.now
        outbox.add(session, outbox.SendInvitation(lead.id), world.now)
        session.flush()
        other.carried_by = world.messages("send_invitation")[-1].id
    begin(world)

    lift(world, OldMails.DISCARD)

    world.session.expire_all()
    assert (other.queued_at, other.carried_by, other.need.line_waits) == (None, None, True)


@pytest.mark.parametrize("choice", OldMails)
def test_who_was_restored_into_a_line_may_have_been_asked_since(world: World, choice: OldMails) -> None:
    """Lines go on moving in a quarantine: without the wait, what they queued meanwhile would leave."""
    restored = world.pairing(PairingStatus.APPROVED)
    begin(world)
    world.run(line.advance, SendingRules(), need_id=restored.need_id)
    assert restored.queued_at is not None
    since = world.pairing(PairingStatus.APPROVED)

    lift(world, choice)

    world.session.expire_all()
    assert restored.need.line_waits == (choice is OldMails.DISCARD)
    may_leave = invitations.invite_by(world.session, SendingRules(window=False), restored, world.now)
    assert (may_leave is None) == (choice is OldMails.DISCARD)
    assert not since.need.line_waits


def test_pressed_twice_it_is_lifted_once(world: World) -> None:
    held = begin(world)
    administrator = Person(world.administrator().account, Hat.ADMINISTRATOR)

    first, second = (lift(world, OldMails.SEND, administrator) for _ in range(2))

    assert first is not None
    assert second is None
    assert held.lifted_by_id == administrator.account.id
    acts = world.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "quarantine")).all()
    assert acts == ["lift_quarantine"]


@pytest.mark.parametrize("who", ["coordinator", "member", "volunteer"])
def test_nobody_but_an_administrator_lifts_it(world: World, who: str) -> None:
    need = world.need()
    people = {
        "coordinator": lambda: world.coordinator(need.branch),
        "member": lambda: world.member(need),
        "volunteer": lambda: Person(world.volunteer().account),
    }
    begin(world)
    actor = people[who]()

    with pytest.raises(DomainError):
        lift(world, OldMails.SEND, actor)

    assert quarantine.active(world.session)
