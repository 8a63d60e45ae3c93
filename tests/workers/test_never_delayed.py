"""Mails that answer somebody's own act leave at once: at night, over the limit, on pause, after a stop."""

from datetime import UTC, datetime

import pytest

from matcher.database import transaction
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.models.account import Account
from matcher.models.invitation_mail import InvitationMail
from matcher.models.volunteer import MailPace, Volunteer
from matcher.outbox import SendAccountMail, SendMail, add
from matcher.sealed import seal
from matcher.services.wanted import SOLICITING, UNTRUE_ONCE_CONFIRMED
from tests.factories import World
from tests.matcher.mail import reader_scenes, scenes
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS

SUNDAY_NIGHT = datetime(2026, 9, 13, 1, 0, tzinfo=UTC)
# What the association is told of its need by the calendar; it looks itself whether it is still true.
REPORTS = {MailCode.NOBODY_YET}
ANSWERS = sorted((set(scenes.NEED_MOMENTS) | set(scenes.PAIRING_MOMENTS)) - SOLICITING - REPORTS)


def left_alone(world: World, account: Account) -> None:
    """Whatever may hold invitations back holds them back."""
    with transaction(world.session):
        account.mail_stopped_at = world.now
        for volunteer in world.session.query(Volunteer).filter_by(account_id=account.id):
            volunteer.is_paused, volunteer.mail_pace, volunteer.rests_until = True, MailPace.WEEKLY, SUNDAY_NIGHT
            world.session.add_all(InvitationMail(volunteer_id=volunteer.id, at=world.now) for _ in range(9))


@pytest.mark.parametrize("code", ANSWERS)
def test_a_mail_about_what_is_under_way_leaves_at_once(
    sqlite_url: str, world: World, far_end: FarEnd, code: MailCode
) -> None:
    scene = scenes.make(world, code)
    left_alone(world, scene.recipient)
    runtime = runtime_of(sqlite_url, world, far_end, SENDING_WINDOW="true")
    pairing_id = scene.pairing.id if scene.pairing else None
    message = SendMail(code.value, scene.recipient.id, need_id=scene.need.id, pairing_id=pairing_id, data=scene.data)
    world.forget_mails()
    with transaction(world.session):
        add(world.session, message, world.now)
    real_now, world.now = world.now, SUNDAY_NIGHT

    (row,) = world.messages("send_mail")
    assert row.not_before == real_now
    HANDLERS["send_mail"].handle(runtime, row.id)
    runtime.engine.dispose()

    assert [mail.recipient for mail in far_end.taken] == [scene.recipient.email]


@pytest.mark.parametrize("code", AccountMailCode)
def test_an_account_mail_leaves_at_once(sqlite_url: str, world: World, far_end: FarEnd, code: AccountMailCode) -> None:
    her = world.volunteer(account=world.account(is_confirmed=code not in UNTRUE_ONCE_CONFIRMED)).account
    left_alone(world, her)
    runtime = runtime_of(sqlite_url, world, far_end, SENDING_WINDOW="true")
    link = seal(runtime.settings, "https://binome.example/confirm/abc")
    world.now = SUNDAY_NIGHT
    with transaction(world.session):
        add(world.session, SendAccountMail(code.value, her.email, "fr", account_id=her.id, sealed_link=link), world.now)

    HANDLERS["send_account_mail"].handle(runtime, world.messages("send_account_mail")[0].id)
    runtime.engine.dispose()

    assert [mail.recipient for mail in far_end.taken] == [her.email]


def test_what_asks_of_our_own_accord_is_known_by_name() -> None:
    told = {
        MailCode.INVITATION,
        MailCode.INVITATIONS,
        MailCode.INVITATION_REMINDER,
        MailCode.STILL_FREE,
        MailCode.STILL_TRUE,
        MailCode.NO_PROPOSAL,
    }

    assert told == SOLICITING
    assert set(reader_scenes.MOMENTS) - told == {MailCode.COORDINATOR_DIGEST}


@pytest.mark.parametrize("code", sorted(SOLICITING - {MailCode.INVITATION, MailCode.INVITATIONS, MailCode.NO_PROPOSAL}))
def test_what_asks_of_our_own_accord_waits_for_her_open_hours(
    sqlite_url: str, world: World, far_end: FarEnd, code: MailCode
) -> None:
    about_no_need = reader_scenes.MOMENTS.get(code)
    scene = about_no_need(world) if about_no_need else scenes.make(world, code)
    runtime = runtime_of(sqlite_url, world, far_end, SENDING_WINDOW="true")
    need_id, pairing_id = (each.id if each else None for each in (scene.need, scene.pairing))
    world.forget_mails()
    with transaction(world.session):
        message = SendMail(code.value, scene.recipient.id, need_id=need_id, pairing_id=pairing_id, data=scene.data)
        add(world.session, message, world.now)
    world.now = SUNDAY_NIGHT
    row = world.messages("send_mail")[0]

    HANDLERS["send_mail"].handle(runtime, row.id)
    assert far_end.taken == []
    world.session.rollback()
    world.session.refresh(row)
    world.now = row.not_before
    HANDLERS["send_mail"].handle(runtime, row.id)
    runtime.engine.dispose()

    assert world.now == datetime(2026, 9, 14, 6, 0, tzinfo=UTC), "Monday at eight in Paris"
    assert [mail.recipient for mail in far_end.taken] == [scene.recipient.email]
