"""Sign-ins that can be ended: a cookie alone is worth nothing once its row is ended, idle or too old."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_login.utils import encode_cookie
from flask_security.utils import hash_password

from matcher.actors import Person
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.branch import BranchCoordinator
from matcher.models.sign_in import SignIn, SignInEnd
from matcher.services import privacy, sign_ins
from tests.factories import World
from tests.web import mailed
from tests.web.visiting import Visitor
from web.devices import device_words

PASSWORD, NEW = "quatre chevaux bleus", "un tout nouveau secret"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1"
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@dataclass
class Stage:
    """One account, and browsers that sign in as it."""

    app: Flask
    world: World
    account: Account

    def browser(self, account: Account | None = None, *, ticked: bool = False, agent: str = "") -> Visitor:
        """A browser in which somebody has signed in just now, as after the right password."""
        who = account or self.account
        with self.app.app_context(), transaction(self.world.session) as session:
            secret = sign_ins.begin(
                session, self.world.now, account_id=who.id, device=device_words(agent), is_remembered=ticked
            )
        visitor = Visitor(self.app)
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["sign_in"] = who.fs_uniquifier, secret
        return visitor

    def typed(self, *, ticked: bool = False, account: Account | None = None) -> Visitor:
        """A browser in which somebody has typed address and password."""
        who = account or self.account
        with self.app.app_context():
            who.password = hash_password(PASSWORD)
        self.world.session.commit()
        visitor = Visitor(self.app)
        remember = {"remember": "y"} if ticked else {}
        answer = visitor.post("/sign-in", {"email": who.email, "password": PASSWORD, **remember})
        assert answer.status == 302
        return visitor

    def rows(self) -> list[SignIn]:
        self.world.session.rollback()
        self.world.session.expire_all()
        return list(self.world.session.scalars(sa.select(SignIn).order_by(SignIn.id)))

    def later(self, by: timedelta) -> None:
        self.world.now += by

    def audited(self) -> list[str]:
        self.world.session.rollback()
        return list(self.world.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status == 200


def copied(stage: Stage, visitor: Visitor) -> Visitor:
    """Another browser with the same cookie."""
    other, cookie = Visitor(stage.app), visitor.client.get_cookie("session")
    assert cookie is not None
    other.client.set_cookie("session", cookie.value)
    return other


def told(visitor: Visitor) -> str:
    """What she reads at the sign-in to which she is led."""
    answer = visitor.get("/account")
    assert str(answer.location).startswith("/sign-in")
    return visitor.get("/sign-in").text


def decides(stage: Stage) -> Account:
    return stage.world.coordinator().account


def a_copy_is_worthless_after_signing_out(stage: Stage) -> None:
    visitor = stage.browser()
    copy = copied(stage, visitor)
    assert is_in(copy)
    visitor.post("/sign-out", page="/account")
    assert not is_in(visitor)
    assert not is_in(copy)


def one_ends_from_another(stage: Stage) -> None:
    here, there = stage.browser(), stage.browser()
    here.post(f"/account/sign-ins/{stage.rows()[1].id}/end", page="/account")
    assert is_in(here)
    assert "ended from another one" in told(there)
    assert stage.audited()[-1] == "end_sign_in"


def an_open_browser_ends_no_sign_in(stage: Stage) -> None:
    here, there = stage.browser(), stage.browser()
    stage.later(20 * MINUTE)
    answer = here.post(f"/account/sign-ins/{stage.rows()[1].id}/end", page="/account")
    assert str(answer.location).startswith("/account/verify")
    assert is_in(there)


def ending_asks_first(stage: Stage) -> None:
    here, there = stage.browser(agent=PHONE), stage.browser(agent=PHONE)
    links = [str(link["href"]) for link in here.get("/account").page.select("#sign-ins ~ ul a, #sign-ins ~ a")]
    mine, hers = stage.rows()
    assert links == [f"/account/sign-ins/{hers.id}/end", "/account/sign-ins/end-others"]
    asked = here.get(links[0])
    assert "Safari, iPhone" in asked.text
    assert is_in(there)
    assert here.get(f"/account/sign-ins/{mine.id}/end").status == 404, "this one is left by signing out"
    here.post(links[0])
    assert [is_in(here), is_in(there)] == [True, False]
    assert here.get(links[0]).status == 404
    assert here.get(links[1]).status == 200


def times_are_told_on_her_own_clock(stage: Stage) -> None:
    stage.world.volunteer(account=stage.account, timezone="Indian/Reunion")
    assert stage.world.now.hour == 8
    here = stage.browser().get("/account").page.select_one("#sign-ins ~ ul li")
    assert here is not None
    assert "noon" in here.get_text() or "12" in here.get_text()
    assert "Réunion time" in here.get_text()


def the_second_step_signs_nobody_out(stage: Stage) -> None:
    visitor = stage.browser()
    assert visitor.get("/sign-in/code").location == "/account"
    assert visitor.post("/sign-in/code", {"code": "123456"}, page="/account").location == "/account"
    assert is_in(visitor)


def all_others_end(stage: Stage) -> None:
    here, others = stage.browser(), [stage.browser(), stage.browser()]
    here.post("/account/sign-ins/end-others", page="/account")
    assert [is_in(each) for each in (here, *others)] == [True, False, False]
    assert stage.audited()[-1] == "end_other_sign_ins"


def another_persons_is_not_found(stage: Stage) -> None:
    mine, hers = stage.browser(), stage.browser(stage.world.account())
    assert mine.post(f"/account/sign-ins/{stage.rows()[1].id}/end", page="/account").status == 404
    assert is_in(hers)


def a_stranger_ends_nothing(stage: Stage) -> None:
    hers = stage.browser()
    Visitor(stage.app).post(f"/account/sign-ins/{stage.rows()[0].id}/end", page="/sign-in")
    Visitor(stage.app).post("/account/sign-ins/end-others", page="/sign-in")
    assert is_in(hers)


def eleven_hours_without_a_visit_are_fine(stage: Stage) -> None:
    visitor = stage.browser()
    for _ in range(4):
        stage.later(11 * HOUR)
        assert is_in(visitor)


def thirteen_hours_without_a_visit_end_it(stage: Stage) -> None:
    visitor = stage.browser()
    stage.later(13 * HOUR)
    assert "not been here for a while" in told(visitor)


def visits_do_not_keep_it_beyond_30_days(stage: Stage) -> None:
    visitor = stage.browser(ticked=True)
    stage.later(29 * DAY)
    assert is_in(visitor)
    stage.later(2 * DAY)
    assert "does not last for ever" in told(visitor)


def a_remembered_one_rests_for_weeks(stage: Stage) -> None:
    visitor = stage.browser(ticked=True)
    stage.later(20 * DAY)
    assert is_in(visitor)


def a_coordinator_rests_for_four_hours(stage: Stage) -> None:
    visitor, early = stage.browser(decides(stage)), stage.browser(decides(stage))
    stage.later(3 * HOUR)
    assert is_in(early)
    stage.later(2 * HOUR)
    assert is_in(early)
    assert not is_in(visitor)


def a_coordinator_signs_in_each_day(stage: Stage) -> None:
    visitor = stage.browser(decides(stage))
    for _ in range(4):
        stage.later(3 * HOUR)
        assert is_in(visitor)
    stage.later(HOUR)
    assert "does not last for ever" in told(visitor)


def an_administrator_too(stage: Stage) -> None:
    visitor = stage.browser(stage.world.administrator().account)
    stage.later(5 * HOUR)
    assert not is_in(visitor)


def a_tick_does_not_keep_a_coordinator(stage: Stage) -> None:
    visitor = stage.typed(ticked=True, account=decides(stage))
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    assert cookie.expires is None
    assert not stage.rows()[-1].is_remembered
    stage.later(5 * HOUR)
    assert not is_in(visitor)


def a_tick_keeps_a_volunteer(stage: Stage) -> None:
    visitor = stage.typed(ticked=True)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    assert cookie.expires is not None
    assert visitor.client.get_cookie("remember_token") is None
    stage.later(20 * DAY)
    assert is_in(visitor)


def a_new_right_shortens_it_at_once(stage: Stage) -> None:
    visitor = stage.browser(ticked=True)
    stage.later(2 * DAY)
    assert is_in(visitor)
    stage.later(13 * HOUR)
    with transaction(stage.world.session) as session:
        session.add(BranchCoordinator(branch_id=stage.world.home.id, account_id=stage.account.id))
    assert not is_in(visitor)


def a_suspended_account_is_out(stage: Stage) -> None:
    visitor = stage.browser()
    stage.account.active = False
    stage.world.session.commit()
    assert not is_in(visitor)


def an_erased_account_is_out_and_its_devices_forgotten(stage: Stage) -> None:
    visitor = stage.browser()
    with transaction(stage.world.session) as session:
        privacy.erase_account(session, Person(stage.account), stage.world.now)
    assert not is_in(visitor)
    assert stage.rows() == []


def a_changed_password_ends_all_others(stage: Stage) -> None:
    other, here = stage.browser(), stage.typed()
    before = copied(stage, here)
    typed = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert here.post("/account/password", typed).status == 302
    assert [is_in(each) for each in (here, before)] == [True, False]
    assert "your password was changed" in told(other)


def a_reset_password_ends_all(stage: Stage) -> None:
    visitor = stage.browser()
    Visitor(stage.app).post("/reset", {"email": stage.account.email})
    link = mailed.link(stage.app, stage.world, "reset_password")
    assert Visitor(stage.app).post(link, {"password": NEW, "password_confirm": NEW}).status == 302
    assert "your password was changed" in told(visitor)


def a_cookie_without_a_row_is_a_strangers(stage: Stage) -> None:
    visitor = Visitor(stage.app)
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = stage.account.fs_uniquifier
    assert "this sign-in has ended" in told(visitor)


def a_secret_serves_its_own_account_only(stage: Stage) -> None:
    visitor, other = stage.browser(), stage.world.administrator().account
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = other.fs_uniquifier
    page = visitor.get("/account").html
    assert stage.account.email in page
    assert other.email not in page
    assert visitor.get("/admin/people").status == 403


def no_other_cookie_or_header_signs_in(stage: Stage) -> None:
    with stage.app.test_request_context():
        remembered, token = encode_cookie(stage.account.fs_uniquifier), stage.account.get_auth_token()
    visitor = Visitor(stage.app)
    visitor.client.set_cookie("remember_token", remembered)
    assert not is_in(visitor)
    assert Visitor(stage.app).client.get("/account", headers={"Authentication-Token": token}).status_code == 302


def each_sign_in_has_a_secret_of_its_own(stage: Stage) -> None:
    visitor = stage.typed()
    with visitor.client.session_transaction() as cookie:
        first = cookie["sign_in"]
    visitor.post("/sign-out", page="/account")
    visitor.post("/sign-in", {"email": stage.account.email, "password": PASSWORD})
    with visitor.client.session_transaction() as cookie:
        assert cookie["sign_in"] != first
    assert [row.end for row in stage.rows()] == [SignInEnd.SIGNED_OUT, None]
    assert not [row for row in stage.rows() if first in (row.secret_hash, row.device)]


def why_it_ended_is_told_once(stage: Stage) -> None:
    visitor = stage.browser()
    stage.later(13 * HOUR)
    assert "signed out because" in told(visitor)
    assert "signed out because" not in visitor.get("/sign-in").text


def the_list_names_devices_and_this_one(stage: Stage) -> None:
    stage.browser(stage.world.account(), agent="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    here = stage.browser(agent="Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")
    stage.browser(agent=PHONE)
    lines = [each.get_text(" ", strip=True) for each in here.get("/account").page.select("#sign-ins ~ ul li")]
    assert [line.split(" Since")[0] for line in lines] == ["Firefox, Linux This browser", "Safari, iPhone"]


def only_two_words_of_a_browser_are_kept(stage: Stage) -> None:
    visitor = stage.typed()
    row = stage.rows()[0]
    kept = " ".join(str(getattr(row, column.key)) for column in sa.inspect(SignIn).columns)
    assert "127.0.0.1" not in kept
    assert "Werkzeug" not in kept
    assert is_in(visitor)


def a_visit_is_noted_every_few_minutes(stage: Stage) -> None:
    visitor, began = stage.browser(), stage.world.now
    usual = visitor.count("/account")
    stage.later(4 * MINUTE)
    assert visitor.count("/account") == usual
    assert stage.rows()[0].seen_at == began
    stage.later(2 * MINUTE)
    assert visitor.count("/account") == usual + 2, "one UPDATE and what begins its transaction"
    assert stage.rows()[0].seen_at == stage.world.now


def what_ended_is_forgotten_after_30_days(stage: Stage) -> None:
    ended, live = stage.browser(), stage.browser()
    ended.post("/sign-out", page="/account")
    stage.later(11 * HOUR)
    assert is_in(live)
    for days, left in ((30, 2), (31, 1), (61, 0)):
        with transaction(stage.world.session) as session:
            sign_ins.forget_ended_before(session, stage.world.now - 11 * HOUR + (days - 30) * DAY)
        assert len(stage.rows()) == left


def an_open_browser_erases_nobody(stage: Stage) -> None:
    visitor = stage.typed()
    assert visitor.get("/profile/erase").status == 200
    stage.later(16 * MINUTE)
    assert visitor.get("/profile/erase").location == "/account/verify?next=/profile/erase"
    pressed = visitor.post("/profile/erase", {"is_sure": "y"}, page="/account")
    assert pressed.status == 303
    assert "Nothing is done yet" in visitor.get(str(pressed.location)).text
    stage.world.session.expire_all()
    assert stage.account.active
    again = visitor.post("/account/verify?next=/profile/erase", {"password": PASSWORD, "next": "/profile/erase"})
    assert urlsplit(str(again.location)).path == "/profile/erase"
    assert visitor.get("/profile/erase").status == 200


def a_wrong_password_makes_nothing_fresh(stage: Stage) -> None:
    visitor, other = stage.typed(), stage.browser()
    stage.later(16 * MINUTE)
    visitor.post("/account/verify", {"password": "wrong"})
    answer = visitor.post("/account/sign-ins/end-others", page="/account")
    assert str(answer.location).startswith("/account/verify")
    assert is_in(other)


def an_administrator_gives_her_password_again(stage: Stage) -> None:
    visitor = stage.browser(stage.world.administrator().account)
    stage.later(16 * MINUTE)
    suspends = f"/admin/people/{stage.account.id}/suspend"
    for path in ("/admin/quarantine/send", "/admin/quarantine/discard", "/admin/ranking/1/adopt", suspends):
        answer = visitor.post(path, page="/account")
        assert (answer.status, urlsplit(str(answer.location)).path) == (303, "/account/verify")


def no_way_back_leads_to_another_site(stage: Stage) -> None:
    visitor = stage.browser()
    stage.later(16 * MINUTE)
    for referrer in ("https://evil.example/erase", "//evil.example/", "javascript:alert(1)"):
        token = visitor._token("/account")
        sent = visitor.client.post("/profile/erase", data={"csrf_token": token}, headers={"Referer": referrer})
        assert sent.location == "/account/verify?next=/account"


CASES: dict[str, Callable[[Stage], None]] = {
    case.__name__.replace("_", " "): case
    for case in (
        a_copy_is_worthless_after_signing_out,
        one_ends_from_another,
        an_open_browser_ends_no_sign_in,
        ending_asks_first,
        times_are_told_on_her_own_clock,
        the_second_step_signs_nobody_out,
        all_others_end,
        another_persons_is_not_found,
        a_stranger_ends_nothing,
        eleven_hours_without_a_visit_are_fine,
        thirteen_hours_without_a_visit_end_it,
        visits_do_not_keep_it_beyond_30_days,
        a_remembered_one_rests_for_weeks,
        a_coordinator_rests_for_four_hours,
        a_coordinator_signs_in_each_day,
        an_administrator_too,
        a_tick_does_not_keep_a_coordinator,
        a_tick_keeps_a_volunteer,
        a_new_right_shortens_it_at_once,
        a_suspended_account_is_out,
        an_erased_account_is_out_and_its_devices_forgotten,
        a_changed_password_ends_all_others,
        a_reset_password_ends_all,
        a_cookie_without_a_row_is_a_strangers,
        a_secret_serves_its_own_account_only,
        no_other_cookie_or_header_signs_in,
        each_sign_in_has_a_secret_of_its_own,
        why_it_ended_is_told_once,
        the_list_names_devices_and_this_one,
        only_two_words_of_a_browser_are_kept,
        a_visit_is_noted_every_few_minutes,
        what_ended_is_forgotten_after_30_days,
        an_open_browser_erases_nobody,
        a_wrong_password_makes_nothing_fresh,
        an_administrator_gives_her_password_again,
        no_way_back_leads_to_another_site,
    )
}


@pytest.mark.parametrize("case", CASES)
def test_a_session_holds_as_long_as_it_may(app: Flask, world: World, case: str) -> None:
    CASES[case](Stage(app, world, world.account()))
