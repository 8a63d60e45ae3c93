"""A right that ends while somebody is signed in, or holds a link, has ended at her very next request."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask_security.utils import hash_password

from matcher.actors import Hat, Person
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import links, memberships, privacy, reviews, rights, steps
from matcher.services.rights import SuspensionReason
from tests.factories import World
from tests.faults.forms_of_rights import coordinate
from tests.web import mailed
from tests.web.linking import answer_path, path_of, yes_path
from tests.web.visiting import Visitor

S = PairingStatus
PASSWORD, NEW = "quatre chevaux bleus", "un tout nouveau secret"


@dataclass
class Stage:
    """A world in which somebody is signed in, and what an administrator does meanwhile."""

    app: Flask
    world: World

    def visitor(self, account: Account) -> Visitor:
        return Visitor(self.app, account)

    def decide(self, act: Callable[..., None], account: Account, **given: object) -> None:
        self.world.session.rollback()
        self.world.act(act, self.world.administrator(), account_id=account.id, **given)

    def token(self, visitor: Visitor, page: str) -> str:
        """The token of a form that stands open in her browser when her right ends."""
        return visitor._token(page)


def led_away(visitor: Visitor, page: str) -> bool:
    """Whether a page leads to the sign-in."""
    return str(visitor.get(page).location).startswith("/sign-in")


def coordination_of_a_branch(stage: Stage) -> None:
    need, account = stage.world.need(NeedStatus.SUBMITTED), coordinate(stage.world, stage.world.account())
    visitor, page = stage.visitor(account), f"/reviews/{need.id}"
    assert visitor.get(page).status == 200
    token = stage.token(visitor, page)
    stage.decide(rights.withdraw_coordinator, account, branch_id=stage.world.home.id)

    sent = visitor.client.post(f"{page}/open", data={"csrf_token": token})

    assert sent.status_code in {302, 400}
    stage.world.session.refresh(need)
    assert need.status is NeedStatus.SUBMITTED
    assert led_away(visitor, page)
    assert Visitor(stage.app, account).get("/reviews").status == 403, "signed in anew she has no such right either"


def one_branch_of_two(stage: Stage) -> None:
    other = stage.world.branch()
    account = coordinate(stage.world, other.coordinators[0].account)
    need = stage.world.need(NeedStatus.SUBMITTED)
    stage.decide(rights.withdraw_coordinator, account, branch_id=stage.world.home.id)

    visitor = stage.visitor(account)

    assert visitor.get("/reviews").status == 200
    assert visitor.get(f"/reviews/{need.id}").status == 404


def administration(stage: Stage) -> None:
    account, target = stage.world.administrator().account, stage.world.account()
    visitor, page = stage.visitor(account), f"/admin/people/{target.id}/make-administrator"
    token = stage.token(visitor, page)
    stage.decide(rights.withdraw_administrator, account)

    visitor.client.post(page, data={"csrf_token": token})

    stage.world.session.refresh(target)
    assert not target.is_administrator
    assert led_away(visitor, page)
    assert Visitor(stage.app, account).get("/admin/people").status == 403


def membership(stage: Stage) -> None:
    association = stage.world.association(members=2)
    need = stage.world.need(association=association)
    leaver = association.members[1]
    visitor = stage.visitor(leaver)
    assert visitor.get(f"/my/needs/{need.id}").status == 200
    stage.world.act(memberships.leave, Person(leaver), association_id=association.id)

    assert visitor.get(f"/my/needs/{need.id}").status == 404
    token = stage.token(visitor, "/account")
    assert visitor.client.post(f"/my/needs/{need.id}/hold", data={"csrf_token": token}).status_code in {403, 404}


def the_hat_that_she_wore(stage: Stage) -> None:
    association = stage.world.association(members=2)
    leaver = association.members[1]
    stage.world.volunteer(account=leaver)
    leaver.hat = Hat.MEMBER.value
    stage.world.session.commit()
    visitor = stage.visitor(leaver)
    stage.world.act(memberships.leave, Person(leaver), association_id=association.id)

    assert visitor.post("/hat", {"hat": "member"}, page="/account").status == 403
    assert "Our needs" not in visitor.get("/account").html


def an_account_that_is_suspended(stage: Stage) -> None:
    account = stage.world.volunteer().account
    visitor = stage.visitor(account)
    assert visitor.get("/profile").status == 200
    stage.decide(rights.suspend, account, reason=SuspensionReason.STOLEN)

    assert led_away(visitor, "/profile")
    assert "Your account is suspended" in visitor.get("/sign-in").text


def a_sign_in_with_the_right_password_while_suspended(stage: Stage) -> None:
    account = stage.world.account()
    with stage.app.app_context():
        account.password = hash_password(PASSWORD)
    stage.world.session.commit()
    stage.decide(rights.suspend, account, reason=SuspensionReason.CONDUCT)

    right, wrong, typed = Visitor(stage.app), Visitor(stage.app), {"email": account.email}

    assert right.post("/sign-in", {**typed, "password": PASSWORD}).text == (
        wrong.post("/sign-in", {**typed, "password": "not her password"}).text
    )
    assert led_away(right, "/account")


def an_account_that_is_erased(stage: Stage) -> None:
    account = stage.world.volunteer().account
    visitor = stage.visitor(account)
    stage.world.act(privacy.erase_account, Person(account))

    assert led_away(visitor, "/profile")


def an_address_that_was_changed(stage: Stage) -> None:
    """Her sign-in stays; the links in the old mailbox do not, one for a new password neither."""
    pairing = stage.world.pairing(S.INVITED)
    account, old = pairing.volunteer.account, answer_path(stage.app, stage.world, pairing)
    visitor = stage.visitor(account)
    assert Visitor(stage.app).get(old).status == 200
    with visitor.client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time()  # the library’s own clock
    Visitor(stage.app).post("/reset", {"email": account.email})
    choose = mailed.link(stage.app, stage.world, "reset_password")
    assert Visitor(stage.app).get(choose).status == 200
    visitor.post("/account/address", {"email": "neuve@example.org"})
    change = mailed.link(stage.app, stage.world, "change_address")
    assert Visitor(stage.app).post(change).status in {302, 303}

    assert Visitor(stage.app).get(old).status == 410
    assert Visitor(stage.app).get(choose).status == 302, "led to ask for a new one"
    assert visitor.get("/account").status == 200
    assert "neuve@example.org" in visitor.get("/account").html


def a_password_that_was_changed_elsewhere(stage: Stage) -> None:
    account = stage.world.account()
    visitor = stage.visitor(account)
    Visitor(stage.app).post("/reset", {"email": account.email})
    choose = mailed.link(stage.app, stage.world, "reset_password")
    assert Visitor(stage.app).post(choose, {"password": NEW, "password_confirm": NEW}).status == 302

    assert led_away(visitor, "/account")


def a_second_factor_that_was_taken_away(stage: Stage) -> None:
    account = stage.world.account(tf_primary_method="authenticator", tf_totp_secret="x")
    visitor, at_the_code = stage.visitor(account), Visitor(stage.app)
    with at_the_code.client.session_transaction() as cookie:
        cookie["tf_user_id"], cookie["tf_state"] = account.fs_uniquifier, "ready"
    stage.decide(rights.forget_second_factor, account)

    assert led_away(visitor, "/account")
    assert "your second factor was taken away" in visitor.get("/sign-in").text
    assert str(at_the_code.get("/sign-in/code").location).startswith("/sign-in"), "a half sign-in ends too"


def a_link_that_was_revoked(stage: Stage) -> None:
    pairing = stage.world.pairing(S.INVITED)
    path, holder = answer_path(stage.app, stage.world, pairing), Visitor(stage.app)
    token = stage.token(holder, path)
    stage.world.act(links.revoke_all, stage.world.volunteer_of(pairing))

    assert holder.client.post(f"{path}/yes", data={"csrf_token": token}).status_code == 410
    stage.world.session.refresh(pairing)
    assert pairing.status is S.INVITED


def links_of_a_suspended_person(stage: Stage) -> None:
    pairing = stage.world.pairing(S.ACCEPTED)
    world, account = stage.world, pairing.volunteer.account
    theirs = yes_path(stage.app, world, pairing)
    own = path_of(stage.app, world, LinkPurpose.MAIL_CHOICES, account, None)
    stage.decide(rights.suspend, account, reason=SuspensionReason.UNTRUE)
    stage.decide(rights.suspend, world.member(pairing).account, reason=SuspensionReason.UNTRUE)

    assert [Visitor(stage.app).get(path).status for path in (own, theirs)] == [410, 410]


def an_association_that_was_suspended(stage: Stage) -> None:
    need = stage.world.need()
    member = stage.world.member(need)
    visitor, applicant = stage.visitor(member.account), stage.visitor(stage.world.volunteer().account)
    assert applicant.get(f"/needs/{need.id}").status == 200
    stage.world.act(reviews.suspend_association, stage.world.coordinator(), association_id=need.association_id)

    assert applicant.get(f"/needs/{need.id}").status == 404
    assert visitor.post(f"/my/needs/{need.id}/resume", page="/account").status in {303, 409}
    stage.world.session.refresh(need)
    assert need.status is NeedStatus.ON_HOLD


def an_invitation_that_was_withdrawn(stage: Stage) -> None:
    association, account = stage.world.association(), stage.world.account()
    member, visitor = stage.world.member(association), stage.visitor(account)
    stage.world.act(memberships.invite, member, association_id=association.id, email=account.email)
    (pending,) = visitor.get("/associations/invitations").page.select("form[action$='/accept']")
    token = stage.token(visitor, "/associations/invitations")
    pending_id = int(str(pending["action"]).split("/")[-2])
    stage.world.act(memberships.drop, member, pending_id=pending_id)

    assert visitor.client.post(str(pending["action"]), data={"csrf_token": token}).status_code == 404
    stage.world.session.refresh(association)
    assert not association.has_member(account.id)


def a_need_of_another_branch_from_now_on(stage: Stage) -> None:
    need, world = stage.world.need(NeedStatus.SUBMITTED), stage.world
    visitor = stage.visitor(world.coordinator().account)
    assert visitor.get(f"/reviews/{need.id}").status == 200
    with transaction(world.session):
        steps.lock_need(world.session, need.id).branch_id = world.national.id

    assert visitor.get(f"/reviews/{need.id}").status == 404


CASES: dict[str, Callable[[Stage], None]] = {
    case.__name__.replace("_", " "): case
    for case in (
        coordination_of_a_branch,
        one_branch_of_two,
        administration,
        membership,
        the_hat_that_she_wore,
        an_account_that_is_suspended,
        a_sign_in_with_the_right_password_while_suspended,
        an_account_that_is_erased,
        an_address_that_was_changed,
        a_password_that_was_changed_elsewhere,
        a_second_factor_that_was_taken_away,
        a_link_that_was_revoked,
        links_of_a_suspended_person,
        an_association_that_was_suspended,
        an_invitation_that_was_withdrawn,
        a_need_of_another_branch_from_now_on,
    )
}


@pytest.mark.parametrize("case", CASES)
def test_a_right_that_ends_in_mid_session_has_ended_at_the_next_request(app: Flask, world: World, case: str) -> None:
    CASES[case](Stage(app, world))
