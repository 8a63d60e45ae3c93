"""Mail tasks: who is invited and when, what happens when the mail server says no."""

from datetime import timedelta
from typing import TypeVar

import pytest

from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.mail.message import Message
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.suppression import SuppressionReason
from matcher.outbox import SendAccountMail, SendMail, add
from matcher.sealed import seal
from matcher.services import answers, line, memberships, rights
from matcher.services.suppression import suppress
from tests.factories import World
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import runtime_of, settings_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.rows import BUSY_FOR
from workers.runtime import Runtime
from workers.smtp import DomainBusy, LastCheck, PermanentMailError, TemporaryMailError

T = TypeVar("T", OutboxRow, Pairing)


def work_off(runtime: Runtime, world: World, kind: str) -> OutboxRow:
    """Let a worker handle the newest row of a kind, and return the row as it stands then."""
    world.session.rollback()
    row = world.messages(kind)[-1]
    HANDLERS[kind].handle(runtime, row.id)
    return reread(world, row)


def reread(world: World, entity: T) -> T:
    """The entity as it stands now."""
    world.session.rollback()
    world.session.refresh(entity)
    return entity


@pytest.fixture
def queued(runtime: Runtime, any_world: World) -> Pairing:
    """A pairing whose invitation may leave now."""
    pairing = any_world.pairing(PairingStatus.APPROVED)
    work_off(runtime, any_world, "advance_line")
    any_world.now += timedelta(seconds=30)
    return reread(any_world, pairing)


def test_the_invitation_leaves_and_is_marked(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    row = work_off(runtime, any_world, "send_invitation")

    assert [message.recipient for message in far_end.taken] == [queued.volunteer.account.email]
    assert row.outcome == "sent"
    assert queued.need.title in (row.sent_text or "")
    assert "http" not in (row.sent_text or "")
    assert reread(any_world, queued).status is PairingStatus.INVITED
    assert queued.invited_at == any_world.now


def test_a_task_that_arrives_twice_invites_once(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    work_off(runtime, any_world, "send_invitation")
    work_off(runtime, any_world, "send_invitation")

    assert len(far_end.taken) == 1


def test_who_answered_before_her_invitation_left_gets_none(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    any_world.act(answers.decline, any_world.volunteer_of(queued), pairing_id=queued.id, refusal=answers.Refusal())

    row = work_off(runtime, any_world, "send_invitation")

    assert far_end.taken == []
    assert (row.outcome, row.sent_text) == ("not her turn any more", None)


def test_a_pairing_that_was_undone_gets_no_invitation(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    any_world.act(line.undo, any_world.coordinator(), pairing_id=queued.id)

    row = any_world.messages("send_invitation")[0]
    HANDLERS["send_invitation"].handle(runtime, row.id)

    assert far_end.taken == []
    assert reread(any_world, row).outcome == "gone"


def test_an_invitation_waits_for_the_sending_window(
    any_database_url: str, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    by_day = runtime_of(any_database_url, any_world, far_end, SENDING_WINDOW="true")
    any_world.now = any_world.now.replace(hour=22)

    row = work_off(by_day, any_world, "send_invitation")
    by_day.engine.dispose()

    assert far_end.taken == []
    assert row.done_at is None
    assert row.not_before == (any_world.now + timedelta(days=1)).replace(hour=6, minute=0, second=0)


def test_a_mail_that_is_not_taken_is_tried_again(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    far_end.refuse(TemporaryMailError(421))

    row = work_off(runtime, any_world, "send_invitation")
    assert row.done_at is None
    assert reread(any_world, queued).status is PairingStatus.APPROVED
    any_world.now = row.not_before
    work_off(runtime, any_world, "send_invitation")

    assert len(far_end.taken) == 1
    assert reread(any_world, queued).status is PairingStatus.INVITED


def test_a_mail_refused_for_good_is_set_aside(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    far_end.refuse(PermanentMailError(550))

    row = work_off(runtime, any_world, "send_invitation")

    assert row.parked_at == any_world.now
    assert reread(any_world, queued).status is PairingStatus.APPROVED


def test_no_transaction_is_open_while_a_mail_is_handed_over(
    any_database_url: str, any_world: World, queued: Pairing
) -> None:
    class Looking(FarEnd):
        def take(self, message: Message, last_check: LastCheck) -> bool:
            assert runtime.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            is_wanted = last_check()
            assert runtime.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            return is_wanted

    runtime = runtime_of(any_database_url, any_world, Looking())
    row = work_off(runtime, any_world, "send_invitation")
    runtime.engine.dispose()

    assert row.outcome == "sent"


def test_who_answers_while_her_invitation_is_on_its_way_gets_none(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    her = any_world.volunteer_of(queued)
    far_end.meanwhile(lambda: any_world.act(answers.decline, her, pairing_id=queued.id, refusal=answers.Refusal()))

    row = work_off(runtime, any_world, "send_invitation")

    assert far_end.taken == []
    assert row.outcome == "not her turn any more"
    assert reread(any_world, queued).queued_at is None


def test_an_address_that_changes_while_the_mail_is_on_its_way_is_written_to_anew(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    def change_address() -> None:
        with transaction(any_world.session):
            queued.volunteer.account.email = "new@example.org"

    far_end.meanwhile(change_address)

    row = work_off(runtime, any_world, "send_invitation")
    assert far_end.taken == []
    any_world.now = row.not_before
    work_off(runtime, any_world, "send_invitation")

    assert [message.recipient for message in far_end.taken] == ["new@example.org"]


def test_a_mail_to_an_account_leaves_once(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    need = any_world.need()
    member = any_world.member(need).account
    with transaction(any_world.session):
        add(any_world.session, SendMail(MailCode.NEED_OPENED.value, member.id, need_id=need.id), any_world.now)

    row = work_off(runtime, any_world, "send_mail")

    assert row.outcome == "sent"
    assert (row.sent_text or "").startswith(f"{far_end.taken[0].subject}\n\n")
    assert far_end.taken[0].message_id.startswith(f"<binome.{row.id}@")
    assert far_end.taken[0].recipient == member.email


def test_nothing_is_mailed_to_an_address_that_was_never_confirmed(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    need = any_world.need()
    stranger = any_world.account(is_confirmed=False)
    with transaction(any_world.session):
        add(any_world.session, SendMail(MailCode.NEED_OPENED.value, stranger.id, need_id=need.id), any_world.now)

    row = work_off(runtime, any_world, "send_mail")

    assert far_end.taken == []
    assert row.done_at is not None


def test_the_link_of_an_account_mail_is_opened_for_the_mail_and_erased_with_the_row(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    sealed = seal(runtime.settings, "https://binome.example/confirm/abc")
    mail = SendAccountMail("confirm_address", "marie@example.org", "fr", sealed_link=sealed)
    with transaction(any_world.session):
        add(any_world.session, mail, any_world.now)
    assert "confirm/abc" not in str(any_world.messages("send_account_mail")[0].payload)

    row = work_off(runtime, any_world, "send_account_mail")

    assert "https://binome.example/confirm/abc" in far_end.taken[0].text
    assert row.payload["sealed_link"] is None
    assert "confirm/abc" not in (row.sent_text or "")
    assert "[…]" in (row.sent_text or "")


def test_nobody_waits_for_the_database_while_the_mail_server_is_slow(
    any_database_url: str, any_world: World, queued: Pairing, smtp_sink: SmtpSink
) -> None:
    runtime = Runtime.of(
        settings_of(DATABASE_URL=any_database_url, SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port)),
        clock=lambda _session: any_world.now,
    )
    held: dict[str, int] = {}
    for verb in ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "KEPT"):
        smtp_sink.at(verb, lambda verb=verb: held.update({verb: runtime.engine.pool.checkedout()}))

    row = work_off(runtime, any_world, "send_invitation")
    runtime.engine.dispose()

    assert row.outcome == "sent"
    assert held == dict.fromkeys(("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "KEPT"), 0)


def test_a_mail_whose_lease_ends_too_soon_is_left_to_the_next(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    far_end.meanwhile(lambda: setattr(any_world, "now", any_world.now + timedelta(seconds=45)))

    row = work_off(runtime, any_world, "send_invitation")

    assert far_end.taken == []
    assert row.done_at is None


def test_a_mail_whose_domain_is_busy_waits_and_has_not_failed(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    far_end.refuse(DomainBusy())

    row = work_off(runtime, any_world, "send_invitation")

    assert row.parked_at is None
    assert row.attempts == 1
    assert row.not_before == any_world.now + BUSY_FOR


@pytest.mark.parametrize(
    ("reason", "code", "expected"),
    [
        (SuppressionReason.HARD, MailCode.NEED_OPENED, "address suppressed"),
        (SuppressionReason.COMPLAINT, MailCode.NEED_OPENED, "sent"),
    ],
)
def test_an_address_that_is_suppressed_on_the_way_gets_no_mail(
    runtime: Runtime,
    any_world: World,
    far_end: FarEnd,
    reason: SuppressionReason,
    code: MailCode,
    expected: str,
) -> None:
    need = any_world.need()
    member = any_world.member(need).account

    def close() -> None:
        with transaction(any_world.session):
            suppress(any_world.session, runtime.settings, member.email, any_world.now, reason=reason)

    with transaction(any_world.session):
        add(any_world.session, SendMail(code.value, member.id, need_id=need.id), any_world.now)
    far_end.meanwhile(close)

    row = work_off(runtime, any_world, "send_mail")

    assert row.outcome == expected
    assert len(far_end.taken) == (expected == "sent")


def test_whoever_complained_of_our_mails_is_not_invited_by_others_any_more(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    complaint = SuppressionReason.COMPLAINT
    with transaction(any_world.session) as session:
        suppress(session, runtime.settings, "guest@example.org", any_world.now, reason=complaint)
        add(session, SendAccountMail("member_invited", "guest@example.org", "fr", about="A"), any_world.now)

    assert work_off(runtime, any_world, "send_account_mail").outcome == "address suppressed"
    assert far_end.taken == []


@pytest.mark.parametrize("in_hand", [False, True])
def test_what_waits_for_a_member_who_leaves_goes_to_whoever_stays(
    runtime: Runtime, any_world: World, far_end: FarEnd, in_hand: bool
) -> None:
    pairing = any_world.pairing(PairingStatus.INVITED)
    leaves, stays = any_world.member(pairing), any_world.account()
    with transaction(any_world.session):
        pairing.need.association.memberships.append(Membership(account=stays, joined_at=any_world.now))
    any_world.forget_mails()
    any_world.act(answers.accept, any_world.volunteer_of(pairing), pairing_id=pairing.id)
    rows = [row for row in any_world.messages("send_mail") if row.payload["recipient_id"] == leaves.account.id]
    assert len(rows) == 1

    def leave() -> None:
        any_world.act(memberships.leave, leaves, association_id=pairing.need.association_id)

    if in_hand:
        far_end.meanwhile(leave)
        any_world.session.rollback()
        HANDLERS["send_mail"].handle(runtime, rows[0].id)
        assert far_end.taken == []
    else:
        leave()
    HANDLERS["send_mail"].handle(runtime, rows[0].id)

    assert [message.recipient for message in far_end.taken] == [stays.email]
    assert reread(any_world, rows[0]).outcome == "sent"


def test_nothing_of_a_need_is_told_to_who_acts_for_it_no_more(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    need, stranger = any_world.need(), any_world.pairing().volunteer.account  # she is paired with another need
    any_world.forget_mails()
    with transaction(any_world.session):
        add(any_world.session, SendMail(MailCode.NEED_OPENED.value, stranger.id, need_id=need.id), any_world.now)

    assert work_off(runtime, any_world, "send_mail").outcome == "its reader is gone"
    assert far_end.taken == []


def test_what_waits_for_a_coordinator_whose_right_ends_goes_to_another(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    pairing, other = any_world.pairing(PairingStatus.INVITED), any_world.account()
    branch, leaves = pairing.need.branch, any_world.coordinator(pairing.need.branch).account
    with transaction(any_world.session):
        branch.coordinators.append(BranchCoordinator(account=other))
        pairing.need.coordinator_id = leaves.id
    any_world.forget_mails()
    her = any_world.volunteer_of(pairing)
    any_world.act(answers.ask, her, pairing_id=pairing.id, question="Le soir ?")
    told = [row for row in any_world.messages("send_mail") if row.payload["recipient_id"] == leaves.id]
    assert len(told) == 1

    any_world.act(rights.withdraw_coordinator, any_world.administrator(), account_id=leaves.id, branch_id=branch.id)
    any_world.session.rollback()
    HANDLERS["send_mail"].handle(runtime, told[0].id)

    assert [message.recipient for message in far_end.taken] == [other.email]


def test_an_account_that_is_erased_on_the_way_gets_no_mail(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    account = any_world.account()
    mail = SendAccountMail("reset_password", account.email, "fr", account_id=account.id)
    with transaction(any_world.session):
        add(any_world.session, mail, any_world.now)

    def erase() -> None:
        with transaction(any_world.session):
            account.active = False

    far_end.meanwhile(erase)

    assert work_off(runtime, any_world, "send_account_mail").outcome == "its reader is gone"
    assert far_end.taken == []


def test_a_row_that_is_discarded_on_the_way_sends_nothing(
    runtime: Runtime, any_world: World, queued: Pairing, far_end: FarEnd
) -> None:
    def discard() -> None:
        with transaction(any_world.session):
            any_world.messages("send_invitation")[-1].done_at = any_world.now

    far_end.meanwhile(discard)

    work_off(runtime, any_world, "send_invitation")

    assert far_end.taken == []
