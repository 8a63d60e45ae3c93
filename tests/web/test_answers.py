"""The answer page behind an invitation's link: it shows to everybody, and only its buttons act."""

from datetime import timedelta

import pytest

from matcher.database import transaction
from matcher.links import Subject
from matcher.models.link import LinkPurpose
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.ranking.types import NeededSkill
from matcher.services import needs
from tests import ways
from tests.web.linking import answer_path, dump, fresh, path_of, served, yes_path
from tests.web.visiting import Visitor

P = PairingStatus


@pytest.fixture
def invited(world):
    return world.pairing(P.INVITED)


@pytest.fixture
def nobody(app):
    return Visitor(app)


def links_of(app, world):
    accepted = world.pairing(P.ACCEPTED)
    invited = world.pairing(P.INVITED)
    need = world.need()
    volunteer = invited.volunteer.account
    return [
        answer_path(app, world, invited),
        answer_path(app, world, accepted),
        answer_path(app, world, accepted) + "/withdraw",
        yes_path(app, world, accepted),
        yes_path(app, world, accepted) + "/refuse",
        path_of(app, world, LinkPurpose.STILL_NEEDED, world.member(need).account, need),
        path_of(app, world, LinkPurpose.NOT_WHAT_I_SAID, volunteer, invited),
        path_of(app, world, LinkPurpose.UNSUBSCRIBE, volunteer, None),
    ]


def test_a_scanner_that_opens_every_link_changes_no_row(app, world):
    paths = links_of(app, world)
    before = dump(world)
    client = app.test_client()
    for path in paths:
        for answer in (client.get(path), client.head(path), client.get(path)):
            assert answer.status_code == 200, path
    assert dump(world) == before


def test_links_keep_their_address_to_themselves_and_sign_nobody_in(app, world):
    client = app.test_client()
    for path in links_of(app, world):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/missions").status_code == 302


def test_the_page_says_for_whom_one_answers_and_what_to_do_if_it_is_somebody_else(app, world, nobody):
    account = world.account(name="Marie Dupont")
    pairing = world.pairing(P.INVITED, volunteer=world.volunteer(account=account))
    page = nobody.get(answer_path(app, world, pairing))
    assert "You answer for Marie." in page.text
    assert "Dupont" not in page.html
    assert pairing.need.branch.mailbox in page.text


def test_a_yes_is_recorded_once_however_often_the_button_is_pressed(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    token = nobody.get(path).page.find("input", {"name": "csrf_token"})["value"]
    world.forget_mails()
    answers = [nobody.client.post(f"{path}/yes", data={"csrf_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert fresh(world, invited).status is P.ACCEPTED
    assert len(world.mails()) == 3
    assert "Thank you: your yes is recorded" in nobody.get(path).text


def test_a_yes_without_the_token_of_the_page_is_refused(app, world, nobody, invited):
    assert nobody.client.post(answer_path(app, world, invited) + "/yes").status_code == 400
    assert fresh(world, invited).status is P.INVITED


def test_a_yes_works_over_https_where_no_referrer_is_sent(app, world, invited):
    path, client = answer_path(app, world, invited), app.test_client()
    page = client.get(path, base_url="https://localhost").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post(f"{path}/yes", base_url="https://localhost", data={"csrf_token": token})
    assert fresh(world, invited).status is P.ACCEPTED


def test_a_no_may_say_never_again_for_this_need(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    nobody.post(f"{path}/no", {"reason": "never_again"}, page=path)
    assert (fresh(world, invited).status, invited.reason) == (P.DECLINED, PairingReason.NEVER_AGAIN)
    assert "Thank you for your answer" in nobody.get(path).text


def test_a_no_needs_no_reason(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    nobody.post(f"{path}/no", {"reason": ""}, page=path)
    assert (fresh(world, invited).status, invited.reason) == (P.DECLINED, None)


def test_not_now_keeps_the_day_and_says_it(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    nobody.post(f"{path}/later", {"ask_again_on": "2026-11-02"}, page=path)
    assert str(fresh(world, invited).ask_again_on) == "2026-11-02"
    assert "before Monday 2 November" in nobody.get(path).text


@pytest.mark.parametrize("day", ["", "2026-09-07", "2029-01-01", "31/02/2026", "soon"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(app, world, nobody, invited, day):
    path = answer_path(app, world, invited)
    page = nobody.post(f"{path}/later", {"ask_again_on": day}, page=path)
    assert page.status == 422
    assert "ask_again_on" in page.errors()
    assert fresh(world, invited).status is P.INVITED


def test_a_question_stops_the_clock_and_is_sent_once(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    token = nobody.get(path).page.find("input", {"name": "csrf_token"})["value"]
    world.forget_mails()
    for _ in range(2):
        nobody.client.post(f"{path}/question", data={"csrf_token": token, "question": "À quelle heure ?"})
    assert fresh(world, invited).question == "À quelle heure ?"
    assert {code for code, _ in world.mails()} == {"question_coordinator"}
    assert "The time to answer stands still" in nobody.get(path).text


@pytest.mark.parametrize("question", ["", "x" * 601, "avant\x00après"])
def test_a_question_that_cannot_be_kept_is_refused_with_what_was_typed(app, world, nobody, invited, question):
    path = answer_path(app, world, invited)
    page = nobody.post(f"{path}/question", {"question": question}, page=path)
    assert (page.status, list(page.errors())) == (422, ["question"])


def test_a_yes_is_taken_back_after_one_more_question(app, world, nobody):
    pairing = world.pairing(P.ACCEPTED)
    path = answer_path(app, world, pairing) + "/withdraw"
    assert "Take it back?" in nobody.get(path).text
    nobody.post(path)
    assert fresh(world, pairing).status is P.WITHDRAWN


def test_who_comes_just_too_late_is_in_reserve_and_told_why(app, world, nobody):
    pairing = world.pairing(P.INVITED)
    ways.take_all_seats(world, pairing)
    path = answer_path(app, world, pairing)
    nobody.post(f"{path}/yes", page=path)
    assert fresh(world, pairing).status is P.RESERVE
    assert "A place was filled just before your yes" in nobody.get(path).text


def test_an_expired_invitation_offers_a_fresh_link_once(app, world, nobody):
    pairing = world.pairing(P.EXPIRED)
    path = answer_path(app, world, pairing)
    world.forget_mails()
    nobody.post(f"{path}/fresh-link", page=path)
    assert fresh(world, pairing).status is P.INVITED
    assert world.mails() == {("fresh_invitation", pairing.volunteer.account_id)}
    ways.expire(world, pairing)
    page = nobody.get(path)
    assert "A fresh link was sent once already" in page.text
    assert "Send me a fresh link" not in page.text


def test_a_yes_to_an_expired_invitation_changes_nothing_and_is_told_kindly(app, world, nobody):
    pairing = world.pairing(P.EXPIRED)
    path = answer_path(app, world, pairing)
    before = dump(world)
    nobody.post(f"{path}/yes", page=path)
    assert dump(world) == before
    assert "The time to answer is over" in nobody.get(path).text


def test_a_filled_need_thanks_and_offers_similar_ones(app, world, nobody):
    need, *others = (world.need(skills=(NeededSkill("Comptabilité"),)) for _ in range(3))
    pairing = world.pairing(P.INVITED, need=need)
    ways.fill(world, need)
    assert fresh(world, pairing).status is P.RELEASED
    path = answer_path(app, world, pairing)

    answer = nobody.get(path)

    assert "Already taken: this need has found its people" in answer.text
    similar = answer.page.select("section[aria-labelledby=similar] li h3 a")
    assert {str(each["href"]) for each in similar} == {f"/needs/{each.id}" for each in others}
    before = dump(world)
    assert nobody.post(f"{path}/yes", page=path).status == 303
    assert dump(world) == before


@pytest.mark.parametrize(("status", "words"), [
    (NeedStatus.CLOSED, "This need is closed"), (NeedStatus.ON_HOLD, "This need is on hold")])  # fmt: skip
def test_a_need_that_is_closed_or_on_hold_is_told_kindly(app, world, nobody, status, words):
    need = world.need()
    pairing = world.pairing(P.EXPIRED, need=need)
    if status is NeedStatus.ON_HOLD:
        ways.hold(world, need)
    else:
        ways._close(world, need)
    assert words in nobody.get(answer_path(app, world, pairing)).text


@pytest.mark.parametrize(("status", "words"), [
    (P.RELEASED, "You are free again"), (P.WITHDRAWN, "taken back"), (P.REFUSED, "nobody’s fault"),
    (P.CONFIRMED, "Sign in and see the mission"), (P.APPLIED, "your proposal is with us"),
    (P.COMPLETED, "Sign in and see the mission"), (P.ABANDONED, "before its time")])  # fmt: skip
def test_every_other_state_has_its_own_words(app, world, nobody, status, words):
    assert words in nobody.get(answer_path(app, world, world.pairing(status))).text


def test_a_changed_need_asks_whether_one_still_agrees(app, world, nobody):
    pairing = world.pairing(P.ACCEPTED)
    content = world.content(seats=2)
    world.act(needs.edit, world.member(pairing), need_id=pairing.need_id, content=content)
    path = answer_path(app, world, pairing)
    assert "do you still agree?" in nobody.get(path).text
    nobody.post(f"{path}/still-agree", page=path)
    assert fresh(world, pairing).still_agrees_asked_at is None


def test_a_forged_or_foreign_token_leads_nowhere(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    foreign = yes_path(app, world, world.pairing(P.ACCEPTED)).replace("/yes/", "/answer/")
    for address in (path[:-1] + ("A" if path[-1] != "A" else "B"), "/answer/x", "/answer/1.", foreign):
        assert nobody.get(address).status == 404


def test_a_revoked_link_and_one_past_its_date_are_gone(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    link = world.holder(LinkPurpose.ANSWER, invited.volunteer.account, Subject(pairing_id=invited.id)).link
    with transaction(world.session):
        link.expires_at = world.now - timedelta(days=1)
    assert nobody.get(path).status == 410
    with transaction(world.session):
        link.expires_at, link.revoked_at = None, world.now
    assert nobody.get(path).status == 410


def test_the_holder_of_a_closed_account_opens_nothing(app, world, nobody, invited):
    path = answer_path(app, world, invited)
    with transaction(world.session):
        invited.volunteer.account.active = False
    assert nobody.get(path).status == 410


def test_an_open_browser_with_scripts_changes_nothing_without_a_press(app, world, page):
    paths = links_of(app, world)
    before = dump(world)
    with served(app) as address:
        for path in paths:
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            assert page.locator("h1").count() == 1
    assert dump(world) == before
