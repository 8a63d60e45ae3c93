"""A need from draft to opened or refused: who may, what is refused, the promises and the mails."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.errors import (
    AddressNotConfirmed,
    AssociationNotVerified,
    ConflictOfInterest,
    ContactIsMissing,
    IllegalTransition,
    InvalidDates,
    NeedIsIncomplete,
    NotAllowed,
    NotFound,
)
from matcher.models.association import AssociationStatus
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock
from matcher.models.states import EndReason, NeedStatus
from matcher.queries.digests import digest
from matcher.queries.tasks import Task
from matcher.services import clocks, needs, reviews
from tests.factories import World

DRAFTING, OPEN = NeedStatus.DRAFT, NeedStatus.OPEN


def test_a_draft_is_reminded_after_3_days_warned_at_5_months_and_discarded_at_6(world: World) -> None:
    need = world.need(DRAFTING)
    contact = world.member(need).account.id
    begun = world.now

    fired = world.pass_time(begun + timedelta(days=190))

    assert fired == [Clock.REMIND_DRAFT, Clock.WARN_DRAFT, Clock.DISCARD_DRAFT]
    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.UNTOUCHED)
    assert need.ended_at == datetime(2027, 3, 9, 8, 0, tzinfo=UTC), "183 days of 24 hours later"
    assert world.mails() == {(c, contact) for c in ("draft_reminder", "draft_warning", "need_discarded")}


def test_an_edit_keeps_a_draft_alive_and_brings_no_second_reminder(world: World) -> None:
    need = world.need(DRAFTING)
    world.pass_time(world.now + timedelta(days=150))

    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(title="Autre titre"))
    fired = world.pass_time(world.now + timedelta(days=150))

    assert fired == []
    assert need.title == "Autre titre"


def test_a_submitted_need_has_a_receipt_and_a_date_in_3_working_days(world: World) -> None:
    need = world.need(DRAFTING)
    world.now = datetime(2026, 9, 10, 15, 0, tzinfo=UTC)

    world.act(needs.submit, world.member(need), need_id=need.id)

    assert need.status is NeedStatus.SUBMITTED
    assert need.promised_at == datetime(2026, 9, 15, 15, 0, tzinfo=UTC), "Thursday, then Friday, Monday, Tuesday"
    assert world.mails() == {("need_received", world.member(need).account.id)}


def test_submitting_twice_is_submitting_once(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    world.forget_mails()

    world.act(needs.submit, world.member(need), need_id=need.id)

    assert world.mails() == set()


def test_a_member_whose_address_is_not_confirmed_writes_drafts_only(world: World) -> None:
    association = world.association()
    member = world.join(association, world.account(is_confirmed=False))
    need = world.act(needs.create_draft, member, association_id=association.id, content=world.content())
    opened = world.need(association=association)

    with pytest.raises(AddressNotConfirmed):
        world.act(needs.submit, member, need_id=need.id)
    with pytest.raises(AddressNotConfirmed):
        world.act(needs.edit, member, need_id=opened.id, content=world.content(title="Publié sans adresse"))


@pytest.mark.parametrize("missing", [{"title": ""}, {"description": ""}, {"mode": None}, {"communes": ()}])
def test_an_incomplete_need_is_not_submitted(world: World, missing: dict[str, object]) -> None:
    need = world.need(DRAFTING, **missing)

    with pytest.raises(NeedIsIncomplete) as refused:
        world.act(needs.submit, world.member(need), need_id=need.id)

    assert refused.value.data == {"field": next(iter(missing))}


def test_a_submitted_need_cannot_be_emptied_by_an_edit(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)

    with pytest.raises(NeedIsIncomplete):
        world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(title=""))

    assert need.title


def test_a_contact_from_outside_is_refused(world: World) -> None:
    stranger = world.account()

    with pytest.raises(ContactIsMissing):
        world.need(DRAFTING, contact_id=stranger.id)


def test_dates_that_end_before_they_start_are_refused(world: World) -> None:
    with pytest.raises(InvalidDates):
        world.need(DRAFTING, starts_on=date(2026, 10, 2), ends_on=date(2026, 10, 1))


def test_a_submitted_need_edited_keeps_its_date_and_tells_nobody(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    promised = need.promised_at
    world.forget_mails()
    world.now += timedelta(days=1)

    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(description="Mieux dit."))

    assert (need.promised_at, need.submitted_text == need.description) == (promised, False)
    assert clocks.running(world.session, need)[Clock.REVIEW_MISSED] == promised
    assert world.mails() == set()


def test_only_a_member_edits_what_was_not_opened_yet(world: World) -> None:
    draft, submitted = world.need(DRAFTING), world.need(NeedStatus.SUBMITTED)

    for need, error in ((draft, NotFound), (submitted, NotAllowed)):
        with pytest.raises(error):
            world.act(needs.edit, world.coordinator(), need_id=need.id, content=world.content())


def test_a_need_given_up_tells_the_member_at_once_and_the_coordinator_in_the_morning(world: World) -> None:
    draft, submitted = world.need(DRAFTING), world.need(NeedStatus.SUBMITTED)
    world.forget_mails()

    for need in (draft, submitted):
        world.act(needs.give_up, world.member(need), need_id=need.id)
        assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.GIVEN_UP)

    assert world.mails() == {
        ("need_given_up", world.member(draft).account.id),
        ("need_given_up", world.member(submitted).account.id),
    }
    (section,) = digest(world.session, world.coordinator(), now=world.now, since=world.now - timedelta(days=1))
    assert (section.task, [line.need_id for line in section.lines]) == (Task.GIVEN_UP, [submitted.id])


def test_an_opened_need_is_ranked_and_the_association_told(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    world.forget_mails()

    world.act(reviews.open_need, world.coordinator(), need_id=need.id, is_urgent=False)

    assert (need.status, need.coordinator_id) == (OPEN, world.coordinator().account.id)
    assert world.mails() == {("need_opened", world.member(need).account.id)}
    assert [row.payload for row in world.messages("rank_need")] == [{"need_id": need.id}]


def test_only_a_coordinator_of_the_branch_without_a_part_in_it_opens(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    partial = world.member(need)
    others = (world.coordinator(world.national), world.person(), world.member(world.association()))

    for actor in others:
        with pytest.raises(NotFound):
            world.act(reviews.open_need, actor, need_id=need.id, is_urgent=False)
    for actor in (partial, world.administrator()):
        with pytest.raises(NotAllowed):
            world.act(reviews.open_need, actor, need_id=need.id, is_urgent=False)
    world.home.coordinators.append(BranchCoordinator(account=partial.account))
    world.session.commit()
    with pytest.raises(ConflictOfInterest):
        world.act(reviews.open_need, partial, need_id=need.id, is_urgent=False)


@pytest.mark.parametrize("status", [AssociationStatus.UNVERIFIED, AssociationStatus.SUSPENDED])
def test_a_need_opens_only_for_a_verified_association(world: World, status: AssociationStatus) -> None:
    need = world.need(NeedStatus.SUBMITTED, association=world.association(status=status))

    with pytest.raises(AssociationNotVerified):
        world.act(reviews.open_need, world.coordinator(), need_id=need.id, is_urgent=False)


def test_asked_changes_are_reminded_on_day_7_and_lapse_after_30_days(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    contact = world.member(need).account.id
    world.forget_mails()

    world.act(reviews.request_changes, world.coordinator(), need_id=need.id, points="Combien d’heures ?")
    fired = world.pass_time(world.now + timedelta(days=31))

    assert fired == [Clock.REMIND_CHANGES, Clock.LAPSE_CHANGES]
    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.NO_ANSWER)
    assert world.mails() == {(c, contact) for c in ("changes_requested", "changes_reminder", "need_lapsed")}


def test_changed_as_asked_it_is_submitted_again_with_a_new_date(world: World) -> None:
    need = world.need(NeedStatus.CHANGES_REQUESTED)
    world.now += timedelta(days=7)

    world.act(needs.submit, world.member(need), need_id=need.id)

    assert need.status is NeedStatus.SUBMITTED
    assert set(clocks.running(world.session, need)) == {Clock.REVIEW_MISSED, Clock.REVIEW_MISSED_AGAIN}
    assert need.promised_at == world.now + timedelta(days=3)


def test_a_refused_need_keeps_the_reason_and_tells_the_association(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    world.forget_mails()

    world.act(reviews.refuse_need, world.coordinator(), need_id=need.id, points="Voyez l’espace associatif.")

    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.REFUSED)
    assert need.review_points == "Voyez l’espace associatif."
    assert world.mails() == {("need_refused", world.member(need).account.id)}


def test_a_missed_promise_tells_the_branch_then_the_administrators_and_promises_anew(world: World) -> None:
    administrator = world.administrator()
    need = world.need(NeedStatus.SUBMITTED)
    first = need.promised_at
    world.forget_mails()

    world.fire(need, Clock.REVIEW_MISSED)
    assert world.now == first
    assert need.promised_at == datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
    assert world.mails() == {
        ("review_late", world.member(need).account.id),
        ("review_late_branch", world.coordinator().account.id),
    }
    world.forget_mails()
    world.fire(need, Clock.REVIEW_MISSED_AGAIN)
    assert world.now == datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
    assert world.mails() == {("review_late_administrators", administrator.account.id)}
    assert need.status is NeedStatus.SUBMITTED


def test_a_need_that_ended_is_not_edited(world: World) -> None:
    need = world.need(NeedStatus.CLOSED)

    with pytest.raises(IllegalTransition):
        world.act(needs.edit, world.member(need), need_id=need.id, content=world.content())
