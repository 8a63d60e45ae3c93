"""Still needed, not what I said, no more invitations: each link does its one thing, by a press."""

import pytest

from matcher.actors import Person
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import PairingStatus
from matcher.services import answers, clocks, links, rights
from tests.web.linking import fresh, path_of
from tests.web.visiting import Visitor


@pytest.fixture
def nobody(app):
    return Visitor(app)


def test_still_needed_gives_thirty_more_days(app, world, nobody):
    need = world.need()
    world.fire(need, Clock.ASK_STILL_NEEDED)
    path = path_of(app, world, LinkPurpose.STILL_NEEDED, world.member(need).account, need)
    assert "put on hold on" in nobody.get(path).text
    nobody.post(path)
    world.session.rollback()
    assert clocks.due_at(world.session, need, Clock.HOLD_SILENT) is None
    world.session.rollback()
    assert "the need stays open" in nobody.get(path).text


def test_what_was_recorded_by_telephone_is_undone_once(app, world, nobody):
    pairing = world.pairing(PairingStatus.INVITED)
    world.act(answers.accept_by_telephone, world.coordinator(pairing.need.branch), pairing_id=pairing.id)
    path = path_of(app, world, LinkPurpose.NOT_WHAT_I_SAID, pairing.volunteer.account, pairing)
    assert "You said yes" in nobody.get(path).text
    nobody.post(path)
    assert fresh(world, pairing).status is PairingStatus.INVITED
    assert "what was recorded is undone" in nobody.get(path).text


def test_a_correction_that_comes_too_late_is_told_kindly(app, world, nobody):
    pairing = world.pairing(PairingStatus.CONFIRMED)
    path = path_of(app, world, LinkPurpose.NOT_WHAT_I_SAID, pairing.volunteer.account, pairing)
    assert "can no longer be undone here" in nobody.get(path).text


@pytest.fixture
def unsubscribing(app, world):
    account = world.volunteer().account
    return account, path_of(app, world, LinkPurpose.UNSUBSCRIBE, account, None)


def test_one_click_of_a_mail_program_stops_invitations_without_a_session(app, world, unsubscribing):
    account, path = unsubscribing
    for _ in range(2):
        answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    world.session.rollback()
    world.session.refresh(account)
    assert account.mail_stopped_at is not None


def test_another_post_to_the_same_address_is_refused(app, world, unsubscribing):
    account, path = unsubscribing
    assert app.test_client().post(path, data={"x": "y"}).status_code == 400
    assert app.test_client().post(f"{path}/stop").status_code == 400
    world.session.rollback()
    world.session.refresh(account)
    assert account.mail_stopped_at is None


def test_the_button_stops_and_the_next_one_takes_it_back(world, nobody, unsubscribing):
    account, path = unsubscribing
    nobody.post(f"{path}/stop", page=path)
    assert "It is done" in nobody.get(path).text
    nobody.post(f"{path}/allow", page=path)
    world.session.rollback()
    world.session.refresh(account)
    assert account.mail_stopped_at is None


def _stops(app, world, account, path):
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    world.session.rollback()
    world.session.refresh(account)
    return answer.status_code == 200 and account.mail_stopped_at is not None


def _withdraw_her_links(world, account):
    world.act(links.revoke_all, Person(account))


def _suspend_her(world, account):
    world.act(rights.suspend, world.administrator(), account_id=account.id, reason=rights.SuspensionReason.CONDUCT)


@pytest.mark.parametrize("withdraw", [_withdraw_her_links, _suspend_her])
def test_an_older_mail_goes_on_stopping_invitations_when_its_links_were_withdrawn(app, world, unsubscribing, withdraw):
    account, path = unsubscribing
    withdraw(world, account)

    assert "Stop all invitations" in Visitor(app).get(path).text
    assert _stops(app, world, account, path)


def test_a_withdrawn_link_shows_nobody_and_starts_no_invitations_again(app, world, nobody, unsubscribing):
    account, path = unsubscribing
    _withdraw_her_links(world, account)
    assert _stops(app, world, account, path)

    page = nobody.get(path)
    assert "Invite me again" not in page.text
    assert account.name not in page.text
    assert nobody.post(f"{path}/allow", page="/sign-in").status == 410
    assert _stops(app, world, account, path)
