"""Who is not written to, what comes back and what it brings about, on each of the two databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import Person
from matcher.database import transaction
from matcher.errors import NotFound
from matcher.mail.codes import MailCode
from matcher.mail.reports import Report, read_report
from matcher.mail.return_path import Purpose, return_path
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.models.suppression import MailReport, Suppression, SuppressionReason
from matcher.services import erasures, invitations, line, mail_choices, privacy, reports, suppression, volunteers
from matcher.services.mail_choices import MailChoices, MailWish
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail.coming_back import complaint, delivery
from tests.settings import make_settings

HARD, SOFT = "5.1.1", "4.2.2"
SOFTLY = SuppressionReason.SOFT


@pytest.fixture
def world(any_world: World) -> World:
    """The world, on each of the two databases."""
    return any_world


@pytest.fixture
def settings() -> Settings:
    """An installation that takes what comes back."""
    return make_settings("sqlite://", bounce_domain="bounces.binome.example")


def path_of(settings: Settings, of: Account | Pairing) -> str:
    """The return path of a mail to an account, or of the invitation of a pairing."""
    account = of.volunteer.account if isinstance(of, Pairing) else of
    purpose = Purpose.INVITATION if isinstance(of, Pairing) else Purpose.MAIL
    return str(return_path(settings, purpose, of.id, recipient=account.email))


def come_back(world: World, settings: Settings, raw: bytes) -> bool:
    """Let a message come back."""
    report: Report = read_report(settings, raw)
    with transaction(world.session) as session:
        return reports.take_in(session, settings, world.now, report)


def is_closed(world: World, settings: Settings, address: str) -> tuple[bool, bool]:
    """Whether no mail at all leaves to an address, and whether nothing unasked does."""
    facts = (world.session, settings, address, world.now)
    return suppression.is_suppressed(*facts), suppression.is_not_solicited(*facts)


def mails(world: World, code: MailCode) -> list[int]:
    """Whom the mails of a code go to."""
    rows = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail"))
    return [int(str(row.payload["recipient_id"])) for row in rows if row.payload["code"] == code.value]


def test_a_hard_bounce_closes_the_address_at_once_and_for_good(world: World, settings: Settings) -> None:
    account = world.account()

    come_back(world, settings, delivery(path_of(settings, account), HARD))

    assert is_closed(world, settings, account.email.upper()) == (True, True)
    world.now += timedelta(days=400)
    assert is_closed(world, settings, account.email) == (True, True)
    assert is_closed(world, settings, world.account().email) == (False, False)


def test_a_database_that_is_read_by_a_stranger_holds_no_address(world: World, settings: Settings) -> None:
    account = world.account()

    come_back(world, settings, delivery(path_of(settings, account), HARD))
    come_back(world, settings, b"To: " + account.email.encode())

    rows = [
        *world.session.execute(sa.select(Suppression.__table__)),
        *world.session.execute(sa.select(MailReport.__table__)),
    ]
    assert len(rows) == 3
    assert "@" not in str(rows)


def test_three_soft_bounces_within_fourteen_days_pause_for_seven(world: World, settings: Settings) -> None:
    account = world.account()
    path = path_of(settings, account)

    for n in range(2):
        come_back(world, settings, delivery(path, SOFT, diagnostic=f"smtp; {n}"))
    assert is_closed(world, settings, account.email) == (False, False)
    world.now += timedelta(days=13)
    come_back(world, settings, delivery(path, SOFT, diagnostic="smtp; third"))

    assert is_closed(world, settings, account.email) == (True, True)
    assert suppression.paused_until(world.session, account.id, world.now) == world.now + timedelta(days=7)
    world.now += timedelta(days=7)
    assert is_closed(world, settings, account.email) == (False, False)


def test_soft_bounces_further_apart_pause_nothing(world: World, settings: Settings) -> None:
    account = world.account()

    for n in range(5):
        come_back(world, settings, delivery(path_of(settings, account), SOFT, diagnostic=f"smtp; {n}"))
        world.now += timedelta(days=7)
    assert is_closed(world, settings, account.email) == (False, False)


def test_the_same_message_counts_once(world: World, settings: Settings) -> None:
    account = world.account()
    raw = delivery(path_of(settings, account), SOFT)

    assert [come_back(world, settings, raw) for _ in range(4)] == [True, False, False, False]
    assert is_closed(world, settings, account.email) == (False, False)


def test_a_forged_report_is_counted_and_closes_nothing(world: World, settings: Settings) -> None:
    account = world.account()
    forged = path_of(settings, account).replace("m", "m1", 1)

    come_back(world, settings, delivery(forged, HARD))

    assert is_closed(world, settings, account.email) == (False, False)
    assert world.session.scalars(sa.select(MailReport.outcome)).all() == ["forged"]


def test_a_complaint_stops_what_nobody_asked_for_and_nothing_else(world: World, settings: Settings) -> None:
    volunteer = world.volunteer()

    come_back(world, settings, complaint(path_of(settings, volunteer.account)))

    assert is_closed(world, settings, volunteer.account.email) == (False, True)
    world.session.refresh(volunteer.account)
    assert volunteer.account.mail_stopped_at == world.now


def test_her_own_wish_to_be_invited_takes_her_complaint_back(world: World, settings: Settings) -> None:
    volunteer = world.volunteer()
    come_back(world, settings, complaint(path_of(settings, volunteer.account)))

    world.act(volunteers.allow_mail, world.volunteer_of(volunteer))

    assert is_closed(world, settings, volunteer.account.email) == (False, False)


def test_her_choice_of_a_pace_takes_her_complaint_back_too(world: World, settings: Settings) -> None:
    volunteer = world.volunteer()
    come_back(world, settings, complaint(path_of(settings, volunteer.account)))

    world.act(mail_choices.choose, world.volunteer_of(volunteer), choices=MailChoices(MailWish.WEEKLY))

    assert is_closed(world, settings, volunteer.account.email) == (False, False)


def test_an_invitation_that_does_not_arrive_leaves_the_line(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    following = world.pairing(PairingStatus.APPROVED, need=pairing.need)

    come_back(world, settings, delivery(path_of(settings, pairing), HARD))

    world.session.refresh(pairing)
    assert (pairing.status, pairing.reason) == (PairingStatus.RELEASED, PairingReason.UNREACHABLE)
    assert mails(world, MailCode.INVITATION_RETURNED) == [world.coordinator().account.id]
    waiting = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "advance_line")).all()
    assert pairing.need_id in {row.payload["need_id"] for row in waiting}
    assert following.status is PairingStatus.APPROVED


def test_a_bounce_releases_each_invitation_that_waits_for_her(world: World, settings: Settings) -> None:
    first = world.pairing(PairingStatus.INVITED)
    second = world.pairing(PairingStatus.INVITED, volunteer=first.volunteer)
    said_yes = world.pairing(PairingStatus.ACCEPTED, volunteer=first.volunteer)

    come_back(world, settings, delivery(path_of(settings, first.volunteer.account), HARD))

    found = {
        p.id: p.status for p in world.session.scalars(sa.select(Pairing).execution_options(populate_existing=True))
    }
    assert found[first.id] is found[second.id] is PairingStatus.RELEASED
    assert found[said_yes.id] is PairingStatus.ACCEPTED


def test_one_soft_bounce_of_an_invitation_lets_the_line_move_on(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    world.now += timedelta(hours=1)
    later = world.pairing(PairingStatus.INVITED, volunteer=pairing.volunteer)

    come_back(world, settings, delivery(path_of(settings, pairing), SOFT))

    found = {
        p.id: p.status for p in world.session.scalars(sa.select(Pairing).execution_options(populate_existing=True))
    }
    assert found[pairing.id] is PairingStatus.RELEASED
    assert found[later.id] is PairingStatus.INVITED
    assert is_closed(world, settings, pairing.volunteer.account.email) == (False, False)


def test_a_soft_bounce_quicker_than_the_record_of_its_mail_leaves_her_other_lines_alone(
    world: World, settings: Settings
) -> None:
    leaving = world.pairing(PairingStatus.APPROVED)
    waiting = world.pairing(PairingStatus.APPROVED, volunteer=leaving.volunteer)
    with transaction(world.session):
        leaving.queued_at, leaving.carried_by = world.now, 7

    come_back(world, settings, delivery(path_of(settings, leaving), SOFT))

    world.session.expire_all()
    assert (leaving.status, waiting.status) == (PairingStatus.RELEASED, PairingStatus.APPROVED)


@pytest.mark.parametrize("is_recorded", [True, False], ids=["recorded", "not yet recorded"])
@pytest.mark.parametrize("kind", [HARD, SOFT])
def test_a_gathered_mail_that_comes_back_is_told_for_each_of_its_needs(
    world: World, settings: Settings, kind: str, is_recorded: bool
) -> None:
    her = world.volunteer()
    carried = [world.pairing(PairingStatus.APPROVED, volunteer=her) for _ in range(3)]
    with transaction(world.session) as session:
        for pairing in carried:
            pairing.queued_at, pairing.carried_by = world.now, 7
        session.flush()
        if is_recorded:
            invitations.mark_mail(session, world.now, replies={p.id: world.now + timedelta(days=9) for p in carried})

    come_back(world, settings, delivery(path_of(settings, carried[0]), kind))

    world.session.expire_all()
    assert {pairing.status for pairing in carried} == {PairingStatus.RELEASED}
    told = [row for row in world.messages("send_mail") if row.payload["code"] == MailCode.INVITATION_RETURNED.value]
    assert sorted(str(row.payload["need_id"]) for row in told) == sorted(str(p.need_id) for p in carried)


def test_a_soft_bounce_of_another_mail_leaves_her_invitations_alone(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.INVITED)

    come_back(world, settings, delivery(path_of(settings, pairing.volunteer.account), SOFT))

    world.session.refresh(pairing)
    assert pairing.status is PairingStatus.INVITED


def test_an_answer_that_was_quicker_than_the_bounce_stands(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)

    come_back(world, settings, delivery(path_of(settings, pairing), HARD))

    world.session.refresh(pairing)
    assert pairing.status is PairingStatus.ACCEPTED


def test_what_comes_back_from_an_old_address_does_not_touch_the_new_one(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    path = path_of(settings, pairing)
    with transaction(world.session):
        pairing.volunteer.account.email = "new@example.org"

    come_back(world, settings, delivery(path, HARD))

    world.session.refresh(pairing)
    assert pairing.status is PairingStatus.INVITED
    assert is_closed(world, settings, "new@example.org") == (False, False)


def test_the_list_survives_an_erasure_without_knowing_whose_it_was(world: World, settings: Settings) -> None:
    volunteer = world.volunteer()
    address = volunteer.account.email
    come_back(world, settings, complaint(path_of(settings, volunteer.account)))

    world.act(privacy.erase_account, world.volunteer_of(volunteer))

    assert is_closed(world, settings, address) == (False, True)
    assert world.session.scalars(sa.select(Suppression.account_id)).all() == [None]
    again = world.account()
    with transaction(world.session) as session:
        again.email = address
        suppression.adopt(session, settings, again)
    assert world.session.scalars(sa.select(Suppression.account_id)).all() == [again.id]


def test_a_mail_that_arrives_opens_the_address_and_forgets_what_came_back(world: World, settings: Settings) -> None:
    account = world.account()
    for n in range(3):
        come_back(world, settings, delivery(path_of(settings, account), SOFT, diagnostic=f"smtp; {n}"))

    with transaction(world.session) as session:
        assert suppression.lift_bounces(session, settings, account.email)
    come_back(world, settings, delivery(path_of(settings, account), SOFT, diagnostic="smtp; one more"))

    assert is_closed(world, settings, account.email) == (False, False)


def test_an_administrator_opens_an_address_that_she_types(world: World, settings: Settings) -> None:
    account = world.account()
    come_back(world, settings, delivery(path_of(settings, account), HARD))
    typed = f"  {account.email.upper()} "

    for stranger in (Person(account), world.coordinator()):
        with pytest.raises(NotFound):
            world.act(suppression.lift_by_address, stranger, settings=settings, address=typed)
    administrator = world.administrator()
    assert world.act(suppression.lift_by_address, administrator, settings=settings, address=typed)
    assert not world.act(suppression.lift_by_address, administrator, settings=settings, address=typed)

    assert is_closed(world, settings, account.email) == (False, False)
    assert world.session.scalars(sa.select(AuditEntry.action)).all().count("lift_suppression") == 1


def test_a_released_person_may_be_put_in_the_line_once_more(world: World, settings: Settings) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    come_back(world, settings, delivery(path_of(settings, pairing), HARD))

    choice = line.Choice(pairing.need_id, pairing.volunteer_id)
    assert world.act(line.approve, world.coordinator(), choice).status is PairingStatus.APPROVED
    assert pairing.need.status is NeedStatus.OPEN


def test_reports_are_forgotten_and_pauses_that_ended_too(world: World, settings: Settings) -> None:
    account = world.account()
    for n in range(3):
        come_back(world, settings, delivery(path_of(settings, account), SOFT, diagnostic=f"smtp; {n}"))
    come_back(world, settings, delivery(path_of(settings, world.account()), HARD))

    world.now += timedelta(days=40)
    with transaction(world.session) as session:
        reports.forget_reports(session, world.now - timedelta(days=30))

    assert world.session.scalars(sa.select(MailReport.id)).all() == []
    assert world.session.scalars(sa.select(Suppression.reason)).all() == [SuppressionReason.HARD]


def test_a_pause_that_is_prolonged_is_a_new_word_and_a_repeated_one_is_not(world: World, settings: Settings) -> None:
    began = world.now
    said = []

    for days, more in ((0, 7), (1, 6), (3, 7)):
        world.now = began + timedelta(days=days)
        with transaction(world.session) as session:
            until = world.now + timedelta(days=more)
            suppression.suppress(session, settings, "ada@example.org", world.now, reason=SOFTLY, until=until)
        (line_of_ledger,) = erasures.facts(world.session, settings)
        said.append((line_of_ledger.at - began).days)

    assert said == [0, 0, 3]
