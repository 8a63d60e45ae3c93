"""Links in use: whoever has lost the right holds one that does nothing, at the next press, however it was lost."""

from datetime import timedelta

import pytest

from matcher.actors import LinkHolder, Person
from matcher.database import transaction
from matcher.errors import DomainError, LinkIsOver, LinkRevoked, NoStanding, NotAllowed, NotFound
from matcher.link_rights import LASTS, Standing, standing_of
from matcher.links import Links, Subject
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.policies import Action, may
from matcher.services import clocks, memberships, missions, needs, privacy, reviews
from matcher.services.links import open_link, revoke
from tests.factories import World
from tests.settings import make_settings

LINKS = Links(make_settings("sqlite://"))


def _open(world: World, link: SignedLink) -> SignedLink:
    return open_link(world.session, LINKS, world.now, token=LINKS.token(link), purpose=link.purpose)


def _yes(world: World) -> tuple[Pairing, LinkHolder]:
    """A yes that waits for an association with two members, and the link of the first one."""
    pairing = world.pairing(PairingStatus.ACCEPTED, need=world.need(association=world.association(members=2)))
    subject = Subject(pairing_id=pairing.id)
    return pairing, world.holder(LinkPurpose.REPLY_TO_YES, world.member(pairing).account, subject)


def _leave(world: World, pairing: Pairing) -> None:
    association_id = pairing.need.association_id
    world.act(memberships.leave, world.member(pairing), association_id=association_id)


def _suspend(world: World, pairing: Pairing) -> None:
    association_id = pairing.need.association_id
    world.act(reviews.suspend_association, world.coordinator(), association_id=association_id)


def _close(world: World, pairing: Pairing) -> None:
    with transaction(world.session):
        pairing.need.association.close()


def _suspend_account(world: World, pairing: Pairing) -> None:
    with transaction(world.session):
        world.member(pairing).account.active = False


LOSSES = {
    Standing.LEFT: _leave,
    Standing.SUSPENDED: _suspend,
    Standing.CLOSED: _close,
    Standing.GONE: _suspend_account,
}


@pytest.mark.parametrize("standing", LOSSES)
def test_whoever_lost_the_right_holds_a_link_that_does_nothing(world: World, standing: Standing) -> None:
    pairing, holder = _yes(world)
    _open(world, holder.link)
    assert may(holder, Action.REPLY_TO_YES, pairing)

    LOSSES[standing](world, pairing)

    assert standing_of(holder.link) is standing
    assert not may(holder, Action.REPLY_TO_YES, pairing)
    with pytest.raises(NoStanding) as told:
        _open(world, holder.link)
    assert told.value.data["standing"] == standing.value
    with pytest.raises((NotAllowed, NotFound)):
        world.act(missions.confirm, holder, pairing_id=pairing.id)


def test_the_same_holds_for_the_question_whether_a_need_is_still_current(world: World) -> None:
    need = world.need(association=world.association(members=2))
    member = world.member(need)
    holder = world.holder(LinkPurpose.STILL_NEEDED, member.account, Subject(need_id=need.id))

    world.act(memberships.leave, member, association_id=need.association_id)

    with pytest.raises(NotAllowed):
        world.act(needs.confirm_still_needed, holder, need_id=need.id)


def test_leaving_withdraws_the_links_about_that_association_and_no_other(any_world: World) -> None:
    pairing, holder = _yes(any_world)
    account = holder.link.recipient
    elsewhere = any_world.need()
    any_world.join(elsewhere.association, account)
    other = any_world.holder(LinkPurpose.STILL_NEEDED, account, Subject(need_id=elsewhere.id)).link
    own = any_world.holder(LinkPurpose.UNSUBSCRIBE, account, Subject()).link

    any_world.act(memberships.leave, Person(account), association_id=pairing.need.association_id)

    assert holder.link.revoked_at == any_world.now
    assert (other.revoked_at, own.revoked_at) == (None, None)
    assert _open(any_world, other) is other


def test_a_link_from_before_stays_withdrawn_when_she_comes_back(world: World) -> None:
    pairing, holder = _yes(world)
    _leave(world, pairing)

    world.join(pairing.need.association, holder.link.recipient)

    world.session.expire_all()
    with pytest.raises(LinkRevoked) as told:
        _open(world, holder.link)
    assert type(told.value) is LinkRevoked
    fresh = world.holder(LinkPurpose.REPLY_TO_YES, holder.link.recipient, Subject(pairing_id=pairing.id)).link
    assert _open(world, fresh) is not holder.link


def test_a_suspension_that_is_lifted_gives_the_links_back(world: World) -> None:
    pairing, holder = _yes(world)
    _suspend(world, pairing)

    world.act(reviews.verify_association, world.coordinator(), association_id=pairing.need.association_id)

    assert _open(world, holder.link) is holder.link


@pytest.mark.parametrize("purpose", [LinkPurpose.ANSWER, LinkPurpose.NOT_WHAT_I_SAID])
def test_a_link_about_somebody_elses_pairing_lends_nothing(world: World, purpose: LinkPurpose) -> None:
    pairing = world.pairing()
    holder = world.holder(purpose, world.volunteer().account, Subject(pairing_id=pairing.id))

    assert not any(may(holder, action, pairing) for action in (Action.ANSWER, Action.CORRECT_TELEPHONE))
    with pytest.raises(NoStanding):
        _open(world, holder.link)


@pytest.mark.parametrize("purpose", sorted(LinkPurpose))
def test_the_links_of_an_erased_account_say_no_more_than_that(world: World, purpose: LinkPurpose) -> None:
    pairing, _ = _yes(world)
    is_members = purpose in {LinkPurpose.REPLY_TO_YES, LinkPurpose.STILL_NEEDED}
    account = world.member(pairing).account if is_members else pairing.volunteer.account
    about = Subject(need_id=pairing.need_id) if purpose is LinkPurpose.STILL_NEEDED else Subject(pairing_id=pairing.id)
    link = world.holder(purpose, account, about).link
    _open(world, link)

    world.act(privacy.erase_account, Person(account))

    with pytest.raises(DomainError) as told:
        _open(world, link)
    assert isinstance(told.value, NoStanding)
    assert link.revoked_at is not None


def _own(world: World, purpose: LinkPurpose) -> SignedLink:
    pairing, holder = _yes(world)
    if purpose is LinkPurpose.REPLY_TO_YES:
        return holder.link
    if purpose is LinkPurpose.STILL_NEEDED:
        return world.holder(purpose, world.member(pairing).account, Subject(need_id=pairing.need_id)).link
    return world.holder(purpose, pairing.volunteer.account, Subject(pairing_id=pairing.id)).link


@pytest.mark.parametrize("purpose", [purpose for purpose in sorted(LASTS) if LASTS[purpose]])
@pytest.mark.parametrize("has_its_date", [True, False], ids=["with its date", "from before there were dates"])
def test_a_link_opens_until_its_end_and_not_after(world: World, purpose: LinkPurpose, *, has_its_date: bool) -> None:
    link, lasts = _own(world, purpose), LASTS[purpose]
    assert lasts is not None
    if not has_its_date:
        with transaction(world.session):
            link.expires_at = None

    world.now = link.created_at + lasts - timedelta(seconds=1)
    assert _open(world, link) is link
    world.now += timedelta(seconds=1)
    with pytest.raises(LinkIsOver):
        _open(world, link)


def test_saying_no_more_works_for_as_long_as_a_mail_is_kept(world: World) -> None:
    link = _own(world, LinkPurpose.UNSUBSCRIBE)
    with transaction(world.session):
        link.expires_at = world.now

    world.now += timedelta(days=3650)

    assert _open(world, link) is link


def test_a_mail_that_carries_the_link_again_gives_it_its_whole_time(world: World) -> None:
    link = _own(world, LinkPurpose.MAIL_CHOICES)
    first = link.expires_at

    world.now += timedelta(days=5)
    assert world.holder(link.purpose, link.recipient, Subject(pairing_id=link.pairing_id)).link.expires_at == first
    world.now += timedelta(days=5)
    again = world.holder(link.purpose, link.recipient, Subject(pairing_id=link.pairing_id)).link

    assert (again, again.expires_at) == (link, world.now + timedelta(days=365))


def test_the_link_of_a_yes_outlasts_the_clock_that_the_mail_names(world: World) -> None:
    pairing, holder = _yes(world)
    due_at = clocks.due_at(world.session, pairing, Clock.RELEASE_YES)
    until = holder.link.expires_at

    assert due_at is not None
    assert until is not None
    assert until - due_at > timedelta(days=30), "a hold of a month may stop the clock"


def test_the_question_whether_a_need_is_current_outlasts_the_silence(world: World) -> None:
    need = world.need()
    world.fire(need, Clock.ASK_STILL_NEEDED)
    link = world.holder(LinkPurpose.STILL_NEEDED, world.member(need).account, Subject(need_id=need.id)).link
    due_at = clocks.due_at(world.session, need, Clock.HOLD_SILENT)

    assert due_at is not None
    assert link.expires_at is not None
    assert link.expires_at > due_at


def test_one_link_is_withdrawn_by_the_person_to_whom_it_was_sent_and_by_nobody_else(world: World) -> None:
    link = _own(world, LinkPurpose.MAIL_CHOICES)
    with pytest.raises(NotFound):
        world.act(revoke, world.person(), link_id=link.id)
    assert _open(world, link) is link

    world.act(revoke, Person(link.recipient), link_id=link.id)

    with pytest.raises(LinkRevoked):
        _open(world, link)
