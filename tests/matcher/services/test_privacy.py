"""Erasing an account: nothing personal stays, what waited is released, missions end, needs are not left alone."""

import pytest
import sqlalchemy as sa

from matcher import outbox
from matcher.actors import Anonymous, Person
from matcher.database import Base, transaction
from matcher.errors import LastAdministrator, LinkRevoked, NotAllowed
from matcher.links import Links, Subject
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.association import AssociationStatus, Membership, PendingMembership
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.outbox import OutboxRow
from matcher.models.states import (
    BEFORE_ENGAGEMENT,
    ENGAGED,
    EndReason,
    HoldReason,
    NeedStatus,
    PairingStatus,
    PairingStep,
)
from matcher.queries.ranking_inputs import load_inputs
from matcher.ranking.types import OfferedSkill
from matcher.services import clocks, privacy, volunteers
from matcher.services.profile_content import ProfileText
from tests.factories import World
from tests.settings import make_settings

SECRET = "zephyrine"


def mailed(world: World) -> set[str]:
    """The codes of the mails written since they were last forgotten."""
    return {code for code, _recipient in world.mails()}


def every_text(world: World) -> str:
    """All that stands in the database, as one text."""
    world.session.expire_all()
    rows = (row for table in Base.metadata.sorted_tables for row in world.session.execute(sa.select(table)))
    return "\n".join(str(tuple(row)) for row in rows)


def test_nothing_personal_stays(any_world: World) -> None:
    account = any_world.account(name=f"Marie {SECRET}", phone="+33639980001", password=SECRET)
    account.email = f"{SECRET}@example.org"
    volunteer = any_world.volunteer(account=account, skills=(OfferedSkill(SECRET),))
    actor = any_world.volunteer_of(volunteer)
    text = ProfileText(SECRET, SECRET, (SECRET,))
    any_world.act(volunteers.save_text, actor, volunteer_id=volunteer.id, text=text)
    pairing = any_world.pairing(PairingStatus.COMPLETED, volunteer=volunteer)
    pairing.motivation = pairing.question = pairing.answer = SECRET
    mail = outbox.SendAccountMail(code="welcome", address=account.email, language="fr", name=SECRET)
    any_world.session.flush()
    outbox.add(any_world.session, mail, any_world.now)
    any_world.session.add(
        PendingMembership(association_id=pairing.need.association_id, email=account.email, created_at=any_world.now)
    )
    any_world.session.commit()
    assert SECRET in every_text(any_world)

    any_world.act(privacy.erase_account, actor)

    kept = every_text(any_world)
    assert SECRET not in kept
    assert "+33639980001" not in kept
    assert not account.active
    assert load_inputs(any_world.session) == []
    assert pairing.status is PairingStatus.COMPLETED


def test_a_mail_to_another_address_of_hers_leaves_no_more_and_no_later_one_bears_its_number(any_world: World) -> None:
    account = any_world.account(name=SECRET)
    to_her_new_one = outbox.SendAccountMail(
        code="change_address", address=f"{SECRET}@example.net", language="fr", name=SECRET, account_id=account.id
    )
    with transaction(any_world.session) as session:
        outbox.add(session, to_her_new_one, any_world.now)
    (row,) = any_world.messages("send_account_mail")
    with transaction(any_world.session) as session:
        claimed = outbox.claim(session, row.id, any_world.now)
        assert claimed is not None

    any_world.act(privacy.erase_account, Person(account))

    assert SECRET not in every_text(any_world)
    assert outbox.held(any_world.session, claimed) is None
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.SendAccountMail("welcome", "other@example.org", "fr"), any_world.now)
    assert any_world.messages("send_account_mail")[-1].id > row.id


def test_what_mails_told_her_and_others_about_her_goes_and_the_rest_stays(any_world: World) -> None:
    account = any_world.account(name=f"Marie {SECRET}")
    pairing = any_world.pairing(PairingStatus.ACCEPTED, volunteer=any_world.volunteer(account=account))
    other = any_world.account()
    any_world.forget_mails()
    mails = {
        "to her": outbox.SendMail("still_true", account.id),
        "her account": outbox.SendAccountMail("welcome", account.email.upper(), "fr"),
        "about her pairing": outbox.SendMail("yes_receipt", other.id, pairing_id=pairing.id),
        f"names Marie {SECRET}": outbox.SendMail("coordinator_day", other.id),
        "an invitation": outbox.SendInvitation(pairing.id),
        "of others": outbox.SendMail("still_true", other.id),
    }
    with transaction(any_world.session) as session:
        for mail in mails.values():
            outbox.add(session, mail, any_world.now)
        rows = session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id.desc()).limit(len(mails))).all()
        for said, row in zip(mails, reversed(rows), strict=True):
            outbox.complete(row, any_world.now, outcome=outbox.SENT, sent_text=said)

    any_world.act(privacy.erase_account, Person(account))

    any_world.session.expire_all()
    kept = any_world.session.scalars(sa.select(OutboxRow.sent_text).where(OutboxRow.sent_text.is_not(None)))
    assert kept.all() == ["of others"]


def test_the_old_session_and_every_link_are_worth_nothing(world: World) -> None:
    volunteer = world.volunteer()
    before = volunteer.account.fs_uniquifier
    holder = world.holder(LinkPurpose.UNSUBSCRIBE, volunteer.account, Subject())
    links = Links(make_settings("sqlite://"))
    token = links.token(holder.link)

    world.act(privacy.erase_account, world.volunteer_of(volunteer))

    assert volunteer.account.fs_uniquifier != before
    with pytest.raises(LinkRevoked):
        links.read(world.session, token, LinkPurpose.UNSUBSCRIBE)


@pytest.mark.parametrize("status", sorted(BEFORE_ENGAGEMENT))
def test_what_waited_is_released_and_whoever_knew_is_told(any_world: World, status: PairingStatus) -> None:
    pairing = any_world.pairing(status)
    held = pairing.need.held - (status is PairingStatus.ACCEPTED)
    any_world.forget_mails()

    any_world.act(privacy.erase_account, any_world.volunteer_of(pairing))

    assert pairing.status is PairingStatus.RELEASED
    assert pairing.need.held == held
    told = {
        PairingStatus.ACCEPTED: {MailCode.WITHDRAWN_COORDINATOR, MailCode.YES_WITHDRAWN},
        PairingStatus.APPLIED: {MailCode.WITHDRAWN_COORDINATOR},
        PairingStatus.RESERVE: {MailCode.WITHDRAWN_COORDINATOR},
    }
    assert mailed(any_world) == {code.value for code in told.get(status, set())}


@pytest.mark.parametrize("status", sorted(ENGAGED))
def test_a_mission_ends_and_its_seat_frees(any_world: World, status: PairingStatus) -> None:
    pairing = any_world.pairing(status)
    need = pairing.need
    assert need.status is NeedStatus.FILLED
    any_world.forget_mails()

    any_world.act(privacy.erase_account, any_world.volunteer_of(pairing))

    assert (pairing.status, pairing.events[-1].step) == (PairingStatus.ABANDONED, PairingStep.ABANDON_ERASED)
    assert pairing.events[-1].account_id is None
    assert (need.status, need.taken) == (NeedStatus.OPEN, 0)
    assert mailed(any_world) == {
        MailCode.MISSION_ABANDONED, MailCode.ABANDONED_COORDINATOR, MailCode.NEED_REOPENED_COORDINATOR
    }  # fmt: skip


def test_needs_that_suggested_her_are_ranked_again(world: World) -> None:
    volunteer, need = world.volunteer(), world.need()
    world.suggest(need, [volunteer])
    world.forget_mails()

    world.act(privacy.erase_account, world.volunteer_of(volunteer))

    assert [row.payload["need_id"] for row in world.messages("rank_need")] == [need.id]


def test_another_member_takes_over_as_contact(world: World) -> None:
    association = world.association(members=2)
    leaver, stays = world.member(association), world.member(association, 1)
    need = world.need(association=association)
    world.forget_mails()

    world.act(privacy.erase_account, leaver)

    assert (need.status, need.contact_id) == (NeedStatus.OPEN, stays.account.id)
    assert association.members == [stays.account]
    assert world.mails() == set()


@pytest.mark.parametrize("status", [NeedStatus.OPEN, NeedStatus.FILLED])
def test_what_is_published_waits_when_the_last_member_leaves(any_world: World, status: NeedStatus) -> None:
    need = any_world.need(status)

    any_world.act(privacy.erase_account, any_world.member(need))

    assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_WITHOUT_MEMBER)
    assert need.contact_id is None
    assert clocks.due_at(any_world.session, need, Clock.EXPIRE_HOLD) is not None
    assert need.association.status is AssociationStatus.VERIFIED


def test_a_need_on_hold_without_end_gets_one_when_the_last_member_leaves(world: World) -> None:
    need = world.need(NeedStatus.ON_HOLD)
    assert clocks.due_at(world.session, need, Clock.EXPIRE_HOLD) is None

    world.act(privacy.erase_account, world.member(need))

    assert need.hold_reason is HoldReason.ASSOCIATION_WITHOUT_MEMBER
    assert clocks.due_at(world.session, need, Clock.EXPIRE_HOLD) is not None


@pytest.mark.parametrize("status", [NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.CHANGES_REQUESTED])
def test_what_was_not_published_ends_when_the_last_member_leaves(world: World, status: NeedStatus) -> None:
    need = world.need(status)

    world.act(privacy.erase_account, world.member(need))

    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.ASSOCIATION_GONE)


def test_an_association_that_is_closed_with_her_takes_its_needs_along(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.INVITED)
    need, association = pairing.need, pairing.need.association
    coordinator = any_world.coordinator().account.id
    any_world.forget_mails()

    any_world.act(privacy.erase_account, any_world.member(need), closing=[association.id])

    assert association.status is AssociationStatus.CLOSED
    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.ASSOCIATION_GONE)
    assert pairing.status is PairingStatus.RELEASED
    assert any_world.mails() == {
        (MailCode.NEED_CLOSED.value, pairing.volunteer.account_id),
        (MailCode.NEED_GONE_COORDINATOR.value, coordinator),
    }


def test_a_running_mission_outlives_its_association(world: World) -> None:
    pairing = world.pairing(PairingStatus.ACTIVE, need=world.need(seats=2))

    world.act(privacy.erase_account, world.member(pairing), closing=[pairing.need.association_id])

    assert pairing.need.status is NeedStatus.CLOSED
    assert pairing.status is PairingStatus.ACTIVE


def test_an_association_with_another_member_is_not_closed_by_one_who_leaves(world: World) -> None:
    association = world.association(members=2)

    world.act(privacy.erase_account, world.member(association), closing=[association.id])

    assert association.status is AssociationStatus.VERIFIED


def test_a_coordinator_who_leaves_coordinates_nothing(world: World) -> None:
    need, leaver = world.need(), world.coordinator()
    need.coordinator_id = leaver.account.id
    world.session.commit()

    world.act(privacy.erase_account, leaver)

    assert need.coordinator_id is None
    left = sa.select(BranchCoordinator).where(BranchCoordinator.account_id == leaver.account.id)
    assert world.session.scalars(left).all() == []


def test_administrators_are_told_that_a_branch_is_left_alone_and_only_then(any_world: World) -> None:
    administrator, branch = any_world.administrator().account, any_world.branch()
    shut = any_world.account(active=False, suspended_at=any_world.now)
    with transaction(any_world.session):
        second = BranchCoordinator(account=any_world.account())
        branch.coordinators += [second, BranchCoordinator(account=shut)]
    first = branch.coordinators[0].account

    any_world.act(privacy.erase_account, Person(first))
    assert any_world.messages("send_account_mail") == []
    any_world.act(privacy.erase_account, Person(second.account))

    (told,) = any_world.messages("send_account_mail")
    assert (told.payload["code"], told.payload["address"]) == ("branch_left_alone", administrator.email)
    assert told.payload["about"] == branch.name(administrator.language)


def test_the_last_administrator_stays_until_another_is_there(any_world: World) -> None:
    last = any_world.administrator()
    any_world.session.add(any_world.account(active=False, suspended_at=any_world.now, roles=list(last.account.roles)))

    with pytest.raises(LastAdministrator):
        any_world.act(privacy.erase_account, last)
    any_world.administrator()
    any_world.act(privacy.erase_account, last)

    assert last.account.is_erased


def test_erasing_twice_changes_nothing_and_nobody_else_can(world: World) -> None:
    volunteer = world.volunteer()
    actor = world.volunteer_of(volunteer)
    world.act(privacy.erase_account, actor)
    rows = world.session.scalar(sa.select(sa.func.count(OutboxRow.id)))

    world.act(privacy.erase_account, actor)

    assert world.session.scalar(sa.select(sa.func.count(OutboxRow.id))) == rows
    with pytest.raises(NotAllowed):
        world.act(privacy.erase_account, Anonymous())
    assert world.session.scalars(sa.select(Membership).where(Membership.account_id == volunteer.account_id)).all() == []
    assert world.session.scalar(sa.select(sa.func.count(Account.id)).where(~Account.active)) == 1
