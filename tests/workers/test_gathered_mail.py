"""What gathers for one person leaves in one mail: counted once, recorded whole, the same again after a crash."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from matcher import outbox
from matcher.database import transaction
from matcher.links import Subject
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.invitation_mail import InvitationMail
from matcher.models.link import LinkPurpose
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.volunteer import MailPace, Volunteer
from matcher.services import answers, invitations, line, mail_choices
from matcher.services.mail_choices import MailChoices, MailWish
from tests.factories import World
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.smtp import TemporaryMailError
from workers.tasks import wakes

S = PairingStatus
FIVE_SECONDS = timedelta(seconds=5)
Gather = Callable[[int], list[Pairing]]


def work_off(runtime: Runtime, world: World, kind: str) -> list[OutboxRow]:
    """Let a worker handle each due row of a kind once, oldest first; return them as they stand then."""
    world.session.rollback()
    rows = [row for row in world.messages(kind) if row.done_at is None and row.not_before <= world.now]
    for row in rows:
        HANDLERS[kind].handle(runtime, row.id)
    world.session.rollback()
    world.session.expire_all()
    return rows


def mails_counted(world: World) -> list[int]:
    """How many invitations each recorded mail carried."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(InvitationMail.invitations).order_by(InvitationMail.id)))


@pytest.fixture
def her(any_world: World) -> Volunteer:
    """The volunteer for whom it gathers."""
    return any_world.volunteer()


@pytest.fixture
def gathered(runtime: Runtime, any_world: World, her: Volunteer) -> Gather:
    """Queues her for so many needs, so that all her invitations may leave now."""

    def gather(number: int) -> list[Pairing]:
        pairings = [any_world.pairing(S.APPROVED, volunteer=her) for _ in range(number)]
        work_off(runtime, any_world, "advance_line")
        any_world.now += timedelta(seconds=30)
        return pairings

    return gather


def test_what_has_gathered_leaves_in_one_mail_and_counts_once(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    pairings = gathered(3)

    rows = work_off(runtime, any_world, "send_invitation")

    (mail,) = far_end.taken
    assert [row.outcome for row in rows] == ["sent", "went with another", "went with another"]
    assert {pairing.status for pairing in pairings} == {S.INVITED}
    assert {pairing.invited_at for pairing in pairings} == {any_world.now}
    assert mail.text.count("/answer/") == 3
    assert all(pairing.need.association.name in mail.text for pairing in pairings)
    assert mails_counted(any_world) == [3]


def test_a_mail_holds_five_at_most_and_the_sixth_comes_as_a_second_mail(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    gathered(6)

    work_off(runtime, any_world, "send_invitation")

    assert [mail.text.count("/answer/") for mail in far_end.taken] == [5, 1]
    assert mails_counted(any_world) == [5, 1]


def test_ten_invitations_fill_a_limit_of_two_mails_and_the_eleventh_waits(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather, her: Volunteer
) -> None:
    pairings = gathered(11)
    work_off(runtime, any_world, "send_invitation")
    work_off(runtime, any_world, "advance_line")

    assert mails_counted(any_world) == [5, 5]
    (last,) = [pairing for pairing in pairings if pairing.status is S.APPROVED]
    assert last.queued_at is None
    left_at, any_world.now = any_world.now, any_world.now + timedelta(minutes=15)
    wakes.wake_once(runtime)
    work_off(runtime, any_world, "advance_line")
    assert (last.queued_at, her.wakes_at) == (None, left_at + timedelta(days=30))


def test_approvals_within_the_time_to_undo_leave_together(
    runtime: Runtime, any_world: World, far_end: FarEnd, her: Volunteer
) -> None:
    first = any_world.pairing(S.APPROVED, volunteer=her)
    work_off(runtime, any_world, "advance_line")
    any_world.now += FIVE_SECONDS
    second = any_world.pairing(S.APPROVED, volunteer=her)
    work_off(runtime, any_world, "advance_line")
    any_world.now += FIVE_SECONDS

    (row,) = work_off(runtime, any_world, "send_invitation")
    assert (far_end.taken, row.not_before) == ([], any_world.now + FIVE_SECONDS)
    any_world.act(line.undo, any_world.coordinator(), pairing_id=second.id)
    any_world.now += FIVE_SECONDS
    work_off(runtime, any_world, "send_invitation")

    assert [mail.text.count("/answer/") for mail in far_end.taken] == [1]
    assert first.status is S.INVITED


class Dying(FarEnd):
    """Takes a mail, and the worker dies before it can write that down."""

    def take(self, message: object, last_check: Callable[[], bool]) -> bool:
        """Take it and die, the first time."""
        taken = super().take(message, last_check)  # type: ignore[arg-type]
        if len(self.taken) == 1:
            raise KeyboardInterrupt
        return taken


@pytest.mark.parametrize("first_again", [0, 1, 2], ids=["its own row", "second row", "third row"])
def test_after_a_crash_the_same_mail_leaves_again_with_its_id_whichever_row_comes_first(
    any_database_url: str, any_world: World, gathered: Gather, first_again: int
) -> None:
    pairings, far_end = gathered(3), Dying()
    dying = runtime_of(any_database_url, any_world, far_end)
    rows = [row.id for row in any_world.messages("send_invitation")]
    with pytest.raises(KeyboardInterrupt):
        HANDLERS["send_invitation"].handle(dying, rows[0])
    late = any_world.pairing(S.APPROVED, volunteer=pairings[0].volunteer)
    any_world.now += timedelta(minutes=5)

    for row_id in (rows[first_again], *rows):
        HANDLERS["send_invitation"].handle(dying, row_id)
    dying.engine.dispose()

    first, again = far_end.taken
    assert (again.message_id, again.text.count("/answer/")) == (first.message_id, 3)
    any_world.session.expire_all()
    assert [pairing.status for pairing in pairings] == [S.INVITED] * 3
    assert late.status is S.APPROVED, "what came later is not in a mail that may have left already"
    assert mails_counted(any_world) == [3]


def test_who_has_answered_between_the_crash_and_the_second_attempt_is_not_asked_again(
    any_database_url: str, any_world: World, gathered: Gather
) -> None:
    (lead, other), far_end = gathered(2), Dying()
    dying = runtime_of(any_database_url, any_world, far_end)
    row_id = any_world.messages("send_invitation")[0].id
    with pytest.raises(KeyboardInterrupt):
        HANDLERS["send_invitation"].handle(dying, row_id)
    any_world.session.rollback()
    any_world.act(answers.accept, any_world.volunteer_of(lead), pairing_id=lead.id)
    any_world.now += timedelta(minutes=5)

    HANDLERS["send_invitation"].handle(dying, row_id)
    dying.engine.dispose()

    first, again = far_end.taken
    assert again.message_id == first.message_id
    assert again.text.count("/answer/") == 1
    assert other.need.association.name in again.text
    any_world.session.expire_all()
    assert (lead.status, other.status) == (S.ACCEPTED, S.INVITED)


def test_what_is_no_longer_her_turn_is_left_out_and_the_rest_leaves(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    pairings = gathered(3)

    def close() -> None:
        with transaction(any_world.session):
            pairings[1].need.line_waits = True

    far_end.meanwhile(close)
    (row, *_) = work_off(runtime, any_world, "send_invitation")
    assert (far_end.taken, row.done_at) == ([], None), "withdrawn between RCPT and DATA"
    work_off(runtime, any_world, "send_invitation")

    (mail,) = far_end.taken
    assert mail.text.count("/answer/") == 2
    assert [pairing.status for pairing in pairings] == [S.INVITED, S.APPROVED, S.INVITED]
    assert pairings[1].queued_at is None


def test_a_stop_at_the_last_moment_stops_the_whole_mail(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather, her: Volunteer
) -> None:
    pairings = gathered(2)
    stop = MailChoices(MailWish.STOPPED)
    far_end.meanwhile(lambda: any_world.act(mail_choices.choose, any_world.volunteer_of(her), choices=stop))

    rows = work_off(runtime, any_world, "send_invitation")

    assert far_end.taken == []
    assert rows[0].outcome == "mails stopped"
    assert {(pairing.status, pairing.queued_at) for pairing in pairings} == {(S.APPROVED, None)}
    work_off(runtime, any_world, "advance_line")
    assert [row for row in any_world.messages("send_invitation") if row.done_at is None] == []
    assert mails_counted(any_world) == []


def test_a_mail_that_was_not_taken_keeps_what_it_carries_and_counts_against_the_limit(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather, her: Volunteer
) -> None:
    with transaction(any_world.session):
        any_world.session.add(InvitationMail(volunteer_id=her.id, at=any_world.now))
    gathered(2)
    far_end.refuse(TemporaryMailError("421"))
    work_off(runtime, any_world, "send_invitation")
    late = any_world.pairing(S.APPROVED, volunteer=her)

    work_off(runtime, any_world, "advance_line")
    assert late.queued_at is None, "one left, one is about to: that is two"
    any_world.now += timedelta(hours=1)
    work_off(runtime, any_world, "send_invitation")

    assert [mail.text.count("/answer/") for mail in far_end.taken] == [2]


def test_a_decision_cannot_be_undone_while_its_mail_is_handed_over(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    pairings = gathered(2)
    far_end.refuse(TemporaryMailError("421"))
    work_off(runtime, any_world, "send_invitation")

    with pytest.raises(line.TooLate):
        any_world.act(line.undo, any_world.coordinator(), pairing_id=pairings[1].id)


def test_what_follows_each_of_them_stands_under_the_mail_that_carried_it(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    pairings = gathered(3)
    work_off(runtime, any_world, "send_invitation")

    for pairing in pairings:
        any_world.fire(pairing, Clock.REMIND_INVITED)
    work_off(runtime, any_world, "send_mail")

    carrier, *others = far_end.taken
    reminders = [mail for mail in others if mail.message_id.startswith("<binome.") and "In-Reply-To" in mail.headers]
    assert [mail.headers["In-Reply-To"] for mail in reminders] == [carrier.message_id] * 3


def test_when_its_row_is_forgotten_a_thread_begins_by_her_own_link(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    _lead, other = gathered(2)
    work_off(runtime, any_world, "send_invitation")
    with transaction(any_world.session) as session:
        session.execute(sa.delete(OutboxRow).where(OutboxRow.kind == "send_invitation"))

    any_world.fire(other, Clock.REMIND_INVITED)
    work_off(runtime, any_world, "send_mail")

    assert far_end.taken[-1].headers["In-Reply-To"] not in {"", far_end.taken[0].message_id}


@pytest.mark.parametrize(
    ("facts", "leaves"),
    [
        ({"mail_pace": MailPace.DAILY}, datetime(2026, 9, 8, 6, 0, tzinfo=UTC)),
        ({"mail_pace": MailPace.WEEKLY, "mail_weekday": 3}, datetime(2026, 9, 10, 6, 0, tzinfo=UTC)),
        ({"is_paused": True, "paused_until": date(2026, 9, 9)}, datetime(2026, 9, 9, 6, 0, tzinfo=UTC)),
        ({"rests_until": datetime(2026, 9, 11, 9, 0, tzinfo=UTC)}, datetime(2026, 9, 11, 9, 0, tzinfo=UTC)),
    ],
    ids=["daily", "weekly", "pause", "rest"],
)
def test_what_gathers_leaves_when_her_day_comes(
    any_database_url: str, any_world: World, far_end: FarEnd, facts: dict[str, object], leaves: datetime
) -> None:
    """The job runs every five minutes from Monday noon on; both invitations leave together, once, at her hour."""
    world = any_world
    by_day = runtime_of(any_database_url, world, far_end, SENDING_WINDOW="true")
    world.now = datetime(2026, 9, 7, 10, 0, tzinfo=UTC)
    her = world.volunteer(**facts)
    for _ in range(2):
        world.pairing(S.APPROVED, volunteer=her)
    work_off(by_day, world, "advance_line")
    assert world.messages("send_invitation") == []

    for moment in (leaves - timedelta(minutes=1), leaves + timedelta(minutes=4), leaves + timedelta(minutes=9)):
        world.now = moment
        wakes.wake_once(by_day)
        work_off(by_day, world, "advance_line")
        world.now += timedelta(seconds=15)
        work_off(by_day, world, "send_invitation")
        assert len(far_end.taken) == (moment > leaves)
    by_day.engine.dispose()

    assert [mail.text.count("/answer/") for mail in far_end.taken] == [2]


def test_two_beats_wake_once(runtime: Runtime, any_world: World) -> None:
    assert wakes.wake_once(runtime)
    assert not wakes.wake_once(runtime)
    any_world.now += timedelta(minutes=5)
    assert wakes.wake_once(runtime)


@pytest.mark.parametrize("answer", ["no", "question"])
def test_a_mail_that_left_counts_when_she_has_answered_all_of_it_before_the_second_attempt(
    any_database_url: str, any_world: World, gathered: Gather, answer: str
) -> None:
    (pairing,), far_end = gathered(1), Dying()
    dying = runtime_of(any_database_url, any_world, far_end)
    (row,) = any_world.messages("send_invitation")
    with pytest.raises(KeyboardInterrupt):
        HANDLERS["send_invitation"].handle(dying, row.id)
    any_world.session.rollback()
    hers = any_world.holder(LinkPurpose.ANSWER, pairing.volunteer.account, Subject(pairing_id=pairing.id))
    if answer == "no":
        any_world.act(answers.decline, hers, pairing_id=pairing.id, refusal=answers.Refusal())
    else:
        any_world.act(answers.ask, hers, pairing_id=pairing.id, question="Le soir ?")
    any_world.now += timedelta(minutes=5)

    HANDLERS["send_invitation"].handle(dying, row.id)
    dying.engine.dispose()

    any_world.session.expire_all()
    assert (len(far_end.taken), mails_counted(any_world)) == (1, [1])
    assert any_world.messages("send_invitation")[0].outcome == outbox.SENT


def test_a_mail_that_never_left_is_not_counted_when_she_says_yes_of_her_own_accord(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    (pairing,) = gathered(1)
    far_end.refuse(TemporaryMailError("451"))
    work_off(runtime, any_world, "send_invitation")
    any_world.act(answers.accept, any_world.volunteer_of(pairing), pairing_id=pairing.id)
    any_world.now += timedelta(minutes=5)

    (row,) = work_off(runtime, any_world, "send_invitation")

    assert (far_end.taken, mails_counted(any_world)) == ([], [])
    assert row.outcome != outbox.SENT


def test_who_is_set_aside_while_her_mail_is_taken_is_told_and_nothing_is_undone(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    (pairing,) = gathered(1)
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)
    coordinator = any_world.coordinator()

    def set_aside() -> None:
        any_world.act(line.set_aside, coordinator, choice, reason=PairingReason.OTHER)
        with pytest.raises(line.TooLate):
            any_world.act(line.undo, coordinator, pairing_id=pairing.id)

    far_end.afterwards(set_aside)
    work_off(runtime, any_world, "send_invitation")

    assert (pairing.status, pairing.is_known_to_her, pairing.invited_at) == (S.SET_ASIDE, True, any_world.now)
    with pytest.raises(line.TooLate):
        any_world.act(line.undo, coordinator, pairing_id=pairing.id)
    assert [row.payload["code"] for row in any_world.messages("send_mail")].count(MailCode.SET_ASIDE) == 1


def test_who_is_set_aside_and_taken_back_during_one_talk_gets_one_mail(
    runtime: Runtime, any_world: World, far_end: FarEnd, gathered: Gather
) -> None:
    (pairing,) = gathered(1)
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)

    def renew() -> None:
        any_world.act(line.set_aside, any_world.coordinator(), choice, reason=PairingReason.OTHER)
        any_world.act(line.approve, any_world.coordinator(), choice)
        any_world.run(line.advance, runtime.rules, need_id=choice.need_id)
        any_world.now += timedelta(seconds=30)
        row_id = any_world.messages("send_invitation")[-1].id  # another worker is about to send this one
        with transaction(any_world.session) as session:
            invitations.gather(session, runtime.rules, any_world.now, pairing_id=pairing.id, row_id=row_id)

    far_end.meanwhile(renew)
    (first,) = work_off(runtime, any_world, "send_invitation")
    assert (far_end.taken, first.outcome) == ([], "not her turn any more")
    work_off(runtime, any_world, "send_invitation")

    assert (len(far_end.taken), mails_counted(any_world)) == (1, [1])
    assert pairing.status is S.INVITED


@pytest.mark.parametrize("pace", [MailPace.DAILY, MailPace.WEEKLY])
def test_a_mail_server_that_stutters_makes_no_second_mail_of_a_morning(
    runtime: Runtime, any_world: World, far_end: FarEnd, her: Volunteer, pace: MailPace
) -> None:
    any_world.now = datetime(2026, 9, 7, 6, 5, tzinfo=UTC)  # Monday, five past eight in Paris
    with transaction(any_world.session):
        her.mail_pace, her.mail_weekday = pace, 0
    any_world.pairing(S.APPROVED, volunteer=her)
    work_off(runtime, any_world, "advance_line")
    any_world.now += timedelta(seconds=30)
    far_end.refuse(TemporaryMailError("451"))
    work_off(runtime, any_world, "send_invitation")

    late = any_world.pairing(S.APPROVED, volunteer=her)
    work_off(runtime, any_world, "advance_line")
    assert late.queued_at is None, "the mail that waits for the server is the one of this morning"
    for _ in range(3):
        any_world.now += timedelta(minutes=15)
        work_off(runtime, any_world, "send_invitation")
        work_off(runtime, any_world, "advance_line")

    assert (len(far_end.taken), mails_counted(any_world)) == (1, [1])
    assert (late.status, late.queued_at) == (S.APPROVED, None)


def test_a_reminder_a_fresh_link_and_a_seat_that_frees_are_no_mails_with_invitations(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    reminded, late = any_world.pairing(S.INVITED), any_world.pairing(S.EXPIRED)
    held = any_world.pairing(S.ACCEPTED)
    waiting = any_world.pairing(S.RESERVE, need=held.need)
    counted = mails_counted(any_world)
    any_world.forget_mails()
    any_world.fire(reminded, Clock.REMIND_INVITED)
    any_world.act(answers.reinvite, any_world.volunteer_of(late), pairing_id=late.id)
    any_world.act(answers.withdraw, any_world.volunteer_of(held), pairing_id=held.id)
    work_off(runtime, any_world, "advance_line")

    work_off(runtime, any_world, "send_mail")

    told = {pairing.volunteer.account.email for pairing in (reminded, late, waiting)}
    assert told <= {mail.recipient for mail in far_end.taken}
    assert mails_counted(any_world) == counted
