"""Rights given and withdrawn, accounts suspended, second factors forgotten: by whom, told to whom, never the last."""

import pytest
import sqlalchemy as sa

from matcher.actors import Actor, Person, System
from matcher.errors import IllegalTransition, LastAdministrator, LastCoordinator, LastMember, NotAllowed, NotFound
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.link import SignedLink
from matcher.models.sign_in import SignIn
from matcher.models.states import HoldReason, NeedStatus, PairingStatus
from matcher.services import memberships, needs, privacy, rights, sign_ins
from matcher.services.rights import SuspensionReason
from tests import ways
from tests.factories import World
from tests.faults.forms_of_rights import coordinate

CONDUCT = SuspensionReason.CONDUCT
S = PairingStatus


def told(world: World) -> list[tuple[str, str, str]]:
    """The account mails that wait: code, address, about."""
    rows = world.messages("send_account_mail")
    return [(str(row.payload["code"]), str(row.payload["address"]), str(row.payload["about"])) for row in rows]


def audited(world: World, account: Account) -> list[tuple[str, str | None]]:
    about = sa.select(AuditEntry).where(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account.id)
    return [(row.action, row.reason) for row in world.session.scalars(about.order_by(AuditEntry.id))]


def ends(world: World, account: Account) -> list[str | None]:
    rows = world.session.scalars(sa.select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id))
    return [row.end.value if row.end else None for row in rows.all()]


def signed_in(world: World, account: Account) -> None:
    world.run(sign_ins.begin, account_id=account.id, device="Firefox, Linux", is_remembered=False)


def suspend(world: World, account: Account, actor: Actor | None = None) -> None:
    world.act(rights.suspend, actor or world.administrator(), account_id=account.id, reason=CONDUCT)
    world.session.expire_all()


def test_a_coordinator_is_appointed_and_withdrawn_by_an_administrator_and_told_of_both(world: World) -> None:
    administrator, account = world.administrator(), world.account(language="en")
    ids = {"account_id": account.id, "branch_id": world.home.id}

    for _ in range(2):
        world.act(rights.appoint_coordinator, administrator, **ids)
    assert world.home.is_coordinated_by(account.id)
    signed_in(world, account)
    for _ in range(2):
        world.act(rights.withdraw_coordinator, administrator, **ids)

    world.session.expire_all()
    assert not world.home.is_coordinated_by(account.id)
    branch = world.home.name_en
    assert told(world) == [("right_given", account.email, branch), ("right_withdrawn", account.email, branch)]
    code = f"branch:{world.home.id}"
    assert audited(world, account) == [("appoint_coordinator", code), ("withdraw_coordinator", code)]
    assert ends(world, account) == ["right_withdrawn"]


def test_an_administrator_is_appointed_and_withdrawn(world: World) -> None:
    first, account = world.administrator(), world.account()

    for _ in range(2):
        world.act(rights.appoint_administrator, first, account_id=account.id)
    assert account.is_administrator
    for _ in range(2):
        world.act(rights.withdraw_administrator, first, account_id=account.id)

    assert not account.is_administrator
    assert [code for code, _address, _about in told(world)] == ["right_given", "right_withdrawn"]
    assert [action for action, _code in audited(world, account)] == ["appoint_administrator", "withdraw_administrator"]


def test_the_needs_that_she_followed_go_to_the_others_of_the_branch(world: World) -> None:
    need, account = world.need(), world.account()
    coordinate(world, account)
    need.coordinator_id = account.id
    world.session.commit()

    world.act(rights.withdraw_coordinator, world.administrator(), account_id=account.id, branch_id=world.home.id)

    world.session.refresh(need)
    assert need.coordinator_id is None


def test_the_last_coordinator_of_a_branch_stays_until_another_is_appointed(world: World) -> None:
    administrator, last = world.administrator(), world.coordinator().account
    ids = {"account_id": last.id, "branch_id": world.home.id}
    shut = coordinate(world, world.account())
    suspend(world, shut, administrator)

    with pytest.raises(LastCoordinator):
        world.act(rights.withdraw_coordinator, administrator, **ids)

    world.act(rights.lift_suspension, administrator, account_id=shut.id)
    world.act(rights.withdraw_coordinator, administrator, **ids)


def test_the_last_administrator_stays_whoever_asks(world: World) -> None:
    last = world.administrator()
    shut = world.administrator()
    suspend(world, shut.account, last)

    for actor in (last, System("user-withdraw")):
        with pytest.raises(LastAdministrator):
            world.act(rights.withdraw_administrator, actor, account_id=last.account.id)
    with pytest.raises(LastAdministrator):
        world.act(rights.suspend, System("user-suspend"), account_id=last.account.id, reason=CONDUCT)


def test_nobody_suspends_herself_or_takes_away_her_own_second_factor(world: World) -> None:
    herself = world.administrator()
    world.administrator()

    with pytest.raises(NotAllowed):
        world.act(rights.suspend, herself, account_id=herself.account.id, reason=CONDUCT)
    with pytest.raises(NotAllowed):
        world.act(rights.forget_second_factor, herself, account_id=herself.account.id)
    with pytest.raises(NotAllowed):
        world.act(rights.sign_out, herself, account_id=herself.account.id)


@pytest.mark.parametrize("who", ["volunteer", "member", "coordinator"])
def test_nobody_else_decides_about_accounts(world: World, who: str) -> None:
    need, target = world.need(), world.account()
    actor = {
        "volunteer": Person(world.volunteer().account),
        "member": world.member(need),
        "coordinator": world.coordinator(),
    }[who]
    one, of_branch = {"account_id": target.id}, {"account_id": target.id, "branch_id": world.home.id}

    for act, given in (
        (rights.appoint_coordinator, of_branch),
        (rights.withdraw_coordinator, of_branch),
        (rights.appoint_administrator, one),
        (rights.withdraw_administrator, one),
        (rights.suspend, {**one, "reason": CONDUCT}),
        (rights.lift_suspension, one),
        (rights.forget_second_factor, one),
        (rights.sign_out, one),
        (rights.find_account, {"email": target.email, "reason": None}),
    ):
        with pytest.raises(NotFound):
            world.act(act, actor, **given)
    assert audited(world, target) == []


@pytest.mark.parametrize("state", ["suspended", "unconfirmed", "erased"])
def test_an_account_that_cannot_act_is_not_appointed(world: World, state: str) -> None:
    administrator, account = world.administrator(), world.account(is_confirmed=state != "unconfirmed")
    if state == "suspended":
        suspend(world, account, administrator)
    if state == "erased":
        world.act(privacy.erase_account, Person(account))

    with pytest.raises(IllegalTransition):
        world.act(rights.appoint_administrator, administrator, account_id=account.id)
    with pytest.raises(IllegalTransition):
        world.act(rights.appoint_coordinator, administrator, account_id=account.id, branch_id=world.home.id)


def test_a_suspended_account_is_out_everywhere_and_is_told_why(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    account, before = pairing.volunteer.account, pairing.volunteer.account.fs_uniquifier
    signed_in(world, account)
    world.forget_mails()

    suspend(world, account)
    suspend(world, account)

    assert (account.active, account.suspended_at) == (False, world.now)
    assert ends(world, account) == ["suspended"]
    assert account.fs_uniquifier != before
    assert not world.session.scalars(
        sa.select(SignedLink).where(SignedLink.recipient_id == account.id, SignedLink.revoked_at.is_(None))
    ).all()
    assert told(world) == [("account_suspended", account.email, "conduct")]
    assert world.messages("send_account_mail")[0].payload["account_id"] is None, "a shut account’s own mails stay"
    assert audited(world, account) == [("suspend_account", "conduct")]


@pytest.mark.parametrize(
    ("state", "becomes", "mails"),
    [
        (S.APPROVED, S.APPROVED, set()),
        (S.INVITED, S.RELEASED, set()),
        (S.APPLIED, S.RELEASED, {"coordinator"}),
        (S.ACCEPTED, S.RELEASED, {"coordinator", "contact"}),
        (S.RESERVE, S.RELEASED, {"coordinator"}),
        (S.CONFIRMED, S.CONFIRMED, {"coordinator"}),
        (S.ACTIVE, S.ACTIVE, {"coordinator"}),
    ],
)
def test_nothing_that_only_she_could_end_waits_for_a_suspended_person(
    world: World, state: S, becomes: S, mails: set[str]
) -> None:
    pairing = world.pairing(state)
    world.forget_mails()

    suspend(world, pairing.volunteer.account)

    who = {
        "coordinator": ("suspended_coordinator", world.coordinator().account.id),
        "contact": ("yes_withdrawn", world.member(pairing).account.id),
    }
    assert pairing.status is becomes
    assert {who[name] for name in mails} <= world.mails()
    others = {mail for mail in world.mails() if mail[1] != pairing.volunteer.account_id} - set(who.values())
    assert not {code for code, _ in others} - {"need_reopened_coordinator", "invitation", "still_free"}


def test_a_suspended_contact_is_replaced_by_another_member(world: World) -> None:
    association = world.association(members=2)
    need = world.need(association=association)
    first, second = association.members

    assert need.contact_id == first.id
    suspend(world, first)

    assert (need.contact_id, need.status) == (second.id, NeedStatus.OPEN)
    with pytest.raises(LastMember):
        world.act(memberships.leave, Person(second), association_id=association.id)


def test_published_needs_of_the_only_member_go_on_hold_and_drafts_stay(world: World) -> None:
    association = world.association()
    published = world.need(association=association)
    draft = world.need(NeedStatus.DRAFT, association=association)
    world.forget_mails()

    suspend(world, association.members[0])

    assert (published.status, published.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_WITHOUT_MEMBER)
    assert draft.status is NeedStatus.DRAFT
    assert ("need_without_member_coordinator", world.coordinator().account.id) in world.mails()
    world.act(rights.lift_suspension, world.administrator(), account_id=association.members[0].id)
    world.act(needs.resume, Person(association.members[0]), need_id=published.id)
    assert published.status is NeedStatus.OPEN


def test_lifting_gives_back_the_account_and_a_coordinator_may_put_her_in_the_line_again(world: World) -> None:
    pairing, administrator = world.pairing(S.INVITED), world.administrator()
    account = pairing.volunteer.account
    suspend(world, account, administrator)
    world.forget_mails()

    for _ in range(2):
        world.act(rights.lift_suspension, administrator, account_id=account.id)

    assert (account.active, account.suspended_at) == (True, None)
    assert [code for code, _address, _about in told(world)] == ["suspension_lifted"]
    ways.approve(world, pairing.need, pairing.volunteer)
    assert pairing.status is S.APPROVED


def test_an_erased_account_is_not_opened_again_and_a_suspended_one_is_erased(world: World) -> None:
    administrator, account = world.administrator(), world.account()
    suspend(world, account, administrator)

    world.act(privacy.erase_account, Person(account))

    assert (account.active, account.suspended_at, account.name) == (False, None, "")
    with pytest.raises(IllegalTransition):
        world.act(rights.lift_suspension, administrator, account_id=account.id)


def test_a_sign_in_that_waited_for_an_erasure_leaves_nothing_of_her(any_world: World) -> None:
    account = any_world.account()
    any_world.act(privacy.erase_account, Person(account))

    any_world.run(sign_ins.begin, account_id=account.id, device="Firefox, Linux", is_remembered=False)

    assert any_world.session.scalars(sa.select(SignIn.device)).all() == []
    assert any_world.session.get_one(Account, account.id).last_active_on is None


def test_another_administrator_takes_away_a_lost_second_factor(world: World) -> None:
    account = world.administrator().account
    account.tf_primary_method, account.tf_totp_secret, account.tf_last_counter = "authenticator", "x", 3
    account.mf_recovery_codes, before = ["a"], account.fs_uniquifier
    world.session.commit()
    signed_in(world, account)

    for _ in range(2):
        world.act(rights.forget_second_factor, world.administrator(), account_id=account.id)

    assert (account.tf_primary_method, account.tf_totp_secret, account.tf_last_counter) == (None, None, None)
    assert account.mf_recovery_codes is None
    assert account.fs_uniquifier != before, "a remembered device is remembered no more"
    assert ends(world, account) == ["second_factor_lost"]
    assert told(world) == [("second_factor_forgotten", account.email, "")]
    assert audited(world, account) == [("forget_second_factor", None)]
