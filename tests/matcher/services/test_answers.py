"""The volunteer's answers: yes, no, not now, a question, by page, link or telephone; the clock of an invitation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.errors import (
    AlreadyAnswered,
    IllegalTransition,
    InvalidDates,
    LinkExpired,
    NeedIsFilled,
    NeedIsNotOpen,
    NotFound,
    OnceOnly,
    TooLate,
)
from matcher.links import Subject
from matcher.models.audit import AuditEntry
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import Door, EndReason, PairingReason, PairingStatus, PairingStep
from matcher.services import answers, clocks, needs
from matcher.services.answers import Refusal
from matcher.services.sending import reply_by
from tests import ways
from tests.factories import World

S = PairingStatus


@pytest.mark.parametrize("status", [S.APPROVED, S.INVITED])
def test_a_yes_holds_a_seat_and_tells_the_contact_and_the_coordinator(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    holder = world.holder(LinkPurpose.ANSWER, pairing.volunteer.account, Subject(pairing_id=pairing.id))
    world.forget_mails()

    world.act(answers.accept, holder, pairing_id=pairing.id)

    assert (pairing.status, pairing.need.held, pairing.need.taken) == (S.ACCEPTED, 1, 0)
    assert pairing.events[-1].door is Door.LINK
    assert world.mails() == {
        ("yes_receipt", pairing.volunteer.account_id),
        ("yes_to_contact", world.member(pairing).account.id),
        ("yes_coordinator", world.coordinator().account.id),
    }


def test_a_yes_without_a_free_seat_joins_the_reserve(world: World) -> None:
    held = world.pairing(S.ACCEPTED)
    pairing = world.pairing(S.INVITED, need=held.need)
    world.forget_mails()

    ways.accept(world, pairing)

    assert (pairing.status, pairing.need.held) == (S.RESERVE, 1)
    assert world.mails() == {
        ("reserve_receipt", pairing.volunteer.account_id),
        ("yes_coordinator", world.coordinator().account.id),
    }


@pytest.mark.parametrize("status", [S.ACCEPTED, S.RESERVE, S.CONFIRMED, S.ACTIVE])
def test_a_second_yes_changes_nothing(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    ways.accept(world, pairing)

    assert pairing.status is status
    assert world.mails() == set()


@pytest.mark.parametrize("status", [S.DECLINED, S.WITHDRAWN, S.REFUSED, S.SET_ASIDE, S.COMPLETED, S.ABANDONED])
def test_what_was_answered_stays(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)

    with pytest.raises(AlreadyAnswered):
        ways.accept(world, pairing)

    assert pairing.status is status


def test_only_she_or_her_link_answers(world: World) -> None:
    pairing, other = world.pairing(S.INVITED), world.pairing(S.INVITED)
    wrong_purpose = world.holder(LinkPurpose.REPLY_TO_YES, pairing.volunteer.account, Subject(pairing_id=pairing.id))
    foreign = world.holder(LinkPurpose.ANSWER, other.volunteer.account, Subject(pairing_id=other.id))

    for actor in (world.volunteer_of(other), foreign, world.member(pairing)):
        with pytest.raises(NotFound):
            world.act(answers.accept, actor, pairing_id=pairing.id)
    with pytest.raises(Exception, match="not_allowed"):
        world.act(answers.accept, wrong_purpose, pairing_id=pairing.id)


def test_an_expired_invitation_says_so_while_the_need_is_open(world: World) -> None:
    pairing = world.pairing(S.EXPIRED)

    with pytest.raises(LinkExpired):
        ways.accept(world, pairing)


def test_a_filled_and_a_closed_need_answer_kindly(world: World) -> None:
    filled, closed = world.pairing(S.INVITED), world.pairing(S.INVITED)
    world.pairing(S.CONFIRMED, need=filled.need)
    world.act(needs.close, world.member(closed), need_id=closed.need_id, reason=EndReason.NOBODY_FOUND)

    for pairing, error in ((filled, NeedIsFilled), (closed, NeedIsNotOpen)):
        with pytest.raises(error):
            ways.accept(world, pairing)
        assert pairing.status is S.RELEASED


@pytest.mark.parametrize("status", [S.APPROVED, S.INVITED])
def test_a_no_calls_the_next_in_line_and_writes_to_nobody(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    refusal = Refusal(PairingReason.NO_TIME)
    world.act(answers.decline, world.volunteer_of(pairing), pairing_id=pairing.id, refusal=refusal)

    assert (pairing.status, pairing.reason) == (S.DECLINED, PairingReason.NO_TIME)
    assert world.mails() == set()
    assert len(world.messages("advance_line")) == 1


def test_not_now_keeps_the_date_which_lies_ahead(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    actor = world.volunteer_of(pairing)
    with pytest.raises(InvalidDates):
        world.act(answers.decline, actor, pairing_id=pairing.id, refusal=Refusal(ask_again_on=world.now.date()))

    world.act(answers.decline, actor, pairing_id=pairing.id, refusal=Refusal(ask_again_on=date(2026, 12, 1)))

    assert (pairing.ask_again_on, pairing.reason) == (date(2026, 12, 1), PairingReason.NOT_NOW)


def test_a_no_after_a_yes_is_a_withdrawal_not_an_answer(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)

    with pytest.raises(AlreadyAnswered):
        ways.decline(world, pairing)


def test_silence_is_reminded_at_half_and_expires_at_the_date(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    invited_at, reply_by = world.now, pairing.reply_by
    world.forget_mails()

    world.fire(pairing, Clock.REMIND_INVITED)
    assert world.now == datetime(2026, 9, 17, 20, 0, tzinfo=UTC) == invited_at + (reply_by - invited_at) / 2
    assert world.mails() == {("invitation_reminder", pairing.volunteer.account_id)}
    world.forget_mails()
    world.fire(pairing, Clock.EXPIRE_INVITED)

    assert (world.now, pairing.status) == (reply_by, S.EXPIRED)
    assert world.mails() == set()
    assert len(world.messages("advance_line")) == 1


def test_an_expired_link_is_mailed_afresh_once_for_3_working_days(world: World) -> None:
    pairing = world.pairing(S.EXPIRED)
    world.forget_mails()

    world.act(answers.reinvite, world.volunteer_of(pairing), pairing_id=pairing.id)

    assert (pairing.status, pairing.reply_by) == (S.INVITED, datetime(2026, 9, 10, 8, 0, tzinfo=UTC))
    assert world.mails() == {("fresh_invitation", pairing.volunteer.account_id)}
    world.fire(pairing, Clock.EXPIRE_INVITED)
    with pytest.raises(OnceOnly):
        world.act(answers.reinvite, world.volunteer_of(pairing), pairing_id=pairing.id)


def test_a_fresh_link_needs_an_open_need_and_an_expired_invitation(world: World) -> None:
    expired, declined = world.pairing(S.EXPIRED), world.pairing(S.DECLINED)
    world.pairing(S.CONFIRMED, need=expired.need)

    with pytest.raises(NeedIsFilled):
        world.act(answers.reinvite, world.volunteer_of(expired), pairing_id=expired.id)
    with pytest.raises(IllegalTransition):
        world.act(answers.reinvite, world.volunteer_of(declined), pairing_id=declined.id)


def test_a_question_stops_the_clock_until_the_answer(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    due = pairing.reply_by
    world.forget_mails()

    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question=" Le soir ? ")
    assert set(clocks.running(world.session, pairing)) == {Clock.QUESTION_WAITS}
    assert world.mails() == {("question_coordinator", world.coordinator().account.id)}
    world.forget_mails()
    world.now += timedelta(days=2)
    world.act(answers.reply, world.coordinator(), pairing_id=pairing.id, answer="Oui, dès 18 h.")

    assert (pairing.question, pairing.answer, pairing.status) == ("Le soir ?", "Oui, dès 18 h.", S.INVITED)
    assert pairing.reply_by == clocks.running(world.session, pairing)[Clock.EXPIRE_INVITED] == due + timedelta(days=2)
    assert world.mails() == {("question_answered", pairing.volunteer.account_id)}


def test_a_question_may_come_before_the_invitation_is_recorded_as_a_yes_may(any_world: World) -> None:
    pairing = any_world.pairing(S.APPROVED)
    due = reply_by(pairing.need, any_world.now)

    any_world.act(answers.ask, any_world.volunteer_of(pairing), pairing_id=pairing.id, question="Le soir ?")
    assert set(clocks.running(any_world.session, pairing)) == {Clock.QUESTION_WAITS}
    any_world.now += timedelta(days=2)
    any_world.act(answers.reply, any_world.coordinator(), pairing_id=pairing.id, answer="Oui.")

    assert (pairing.status, pairing.is_known_to_her, pairing.queued_at) == (S.INVITED, True, None)
    assert [event.step for event in pairing.events][-3:] == [
        PairingStep.MARK_INVITED,
        PairingStep.ASK,
        PairingStep.REPLY,
    ]
    assert pairing.reply_by == clocks.running(any_world.session, pairing)[Clock.EXPIRE_INVITED]
    assert pairing.reply_by == due + timedelta(days=2)


def test_a_question_stops_the_clock_for_5_working_days_at_most(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    due = pairing.reply_by
    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question="Le soir ?")

    world.fire(pairing, Clock.QUESTION_WAITS)

    assert world.now == datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
    assert set(clocks.running(world.session, pairing)) == {Clock.REMIND_INVITED, Clock.EXPIRE_INVITED}
    assert pairing.reply_by == due + timedelta(days=7)


@pytest.mark.parametrize(
    ("answer", "status", "step_audited"),
    [
        ("yes", S.ACCEPTED, "telephone_yes"),
        ("no", S.DECLINED, "telephone_no"),
    ],
)
def test_an_answer_by_telephone_is_audited_with_a_receipt_that_she_can_contradict(
    world: World, answer: str, status: PairingStatus, step_audited: str
) -> None:
    pairing = world.pairing(S.INVITED)
    world.forget_mails()

    if answer == "yes":
        world.act(answers.accept_by_telephone, world.coordinator(), pairing_id=pairing.id)
    else:
        world.act(answers.decline_by_telephone, world.coordinator(), pairing_id=pairing.id, refusal=Refusal())

    assert (pairing.status, pairing.events[-1].door) == (status, Door.TELEPHONE)
    assert ("telephone_receipt", pairing.volunteer.account_id) in world.mails()
    assert (("yes_to_contact", world.member(pairing).account.id) in world.mails()) is (answer == "yes")
    (entry,) = world.session.query(AuditEntry).filter(AuditEntry.action == step_audited)
    assert entry.subject_id == pairing.id
    world.forget_mails()
    world.act(answers.correct_telephone, world.volunteer_of(pairing), pairing_id=pairing.id)
    assert (pairing.status, pairing.need.held) == (S.INVITED, 0)
    assert ("withdrawn_coordinator", world.coordinator().account.id) in world.mails()
    assert (("yes_withdrawn", world.member(pairing).account.id) in world.mails()) is (answer == "yes")


def test_only_what_was_told_by_telephone_is_contradicted_and_not_after_the_confirmation(world: World) -> None:
    by_page, by_telephone = world.pairing(S.ACCEPTED), world.pairing(S.INVITED)
    world.act(answers.accept_by_telephone, world.coordinator(), pairing_id=by_telephone.id)
    ways.confirm(world, by_telephone)

    for pairing in (by_page, by_telephone):
        with pytest.raises(TooLate):
            world.act(answers.correct_telephone, world.volunteer_of(pairing), pairing_id=pairing.id)


def test_a_yes_withdrawn_frees_the_seat_and_tells_who_knew(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    reserve = world.pairing(S.RESERVE, need=pairing.need)
    world.forget_mails()

    ways.withdraw(world, pairing)
    ways.withdraw(world, reserve)

    assert (pairing.status, reserve.status, pairing.need.held) == (S.WITHDRAWN, S.WITHDRAWN, 0)
    coordinator = ("withdrawn_coordinator", world.coordinator().account.id)
    rows = [(row.payload["code"], row.payload["recipient_id"]) for row in world.messages("send_mail")]
    contact = ("yes_withdrawn", world.member(pairing).account.id)
    assert sorted(rows) == sorted([coordinator, coordinator, contact]), "the contact knew of the accepted only"


def test_a_confirmed_person_does_not_withdraw_as_if_nobody_had_talked(world: World) -> None:
    pairing = world.pairing(S.CONFIRMED)

    with pytest.raises(IllegalTransition):
        ways.withdraw(world, pairing)


def test_still_agreeing_is_recorded(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    content = world.content(total_hours=30.0)
    world.act(needs.edit, world.member(pairing), need_id=pairing.need_id, content=content)

    world.act(answers.still_agree, world.volunteer_of(pairing), pairing_id=pairing.id)

    assert (pairing.status, pairing.still_agrees_asked_at) == (S.ACCEPTED, None)
