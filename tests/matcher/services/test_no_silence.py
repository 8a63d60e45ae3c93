"""Nobody waits in silence: an association three weeks after opening, an applicant whatever comes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import (
    NEED_MOVES,
    PAIRING_MOVES,
    EndReason,
    HoldReason,
    NeedStatus,
    NeedStep,
    PairingReason,
    PairingStatus,
    PairingStep,
)
from matcher.queries.progress import Progress, progress_of
from matcher.services import applications, clocks, departures, line, needs, privacy
from tests import ways
from tests.factories import World

S = PairingStatus


def test_three_weeks_after_opening_the_contact_is_told_that_nobody_is_in_sight(world: World) -> None:
    need = world.need()
    opened = world.now
    world.forget_mails()

    world.fire(need, Clock.NOBODY_YET)

    assert world.now - opened == timedelta(days=21)
    assert world.mails() == {("nobody_yet", world.member(need).account.id)}
    assert Clock.NOBODY_YET not in clocks.running(world.session, need), "told once"


def test_the_three_weeks_are_not_put_off_by_what_happens_meanwhile(world: World) -> None:
    need = world.need()
    due = clocks.due_at(world.session, need, Clock.NOBODY_YET)
    world.now += timedelta(days=5)

    ways.decline(world, world.pairing(S.INVITED, need=need))
    world.act(needs.confirm_still_needed, world.member(need), need_id=need.id)

    assert clocks.due_at(world.session, need, Clock.NOBODY_YET) == due


def test_while_somebody_may_still_say_yes_it_is_looked_at_again_the_next_working_day(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    need = pairing.need
    world.fire(need, Clock.NOBODY_YET)
    assert ("nobody_yet", world.member(need).account.id) not in world.mails()
    assert clocks.due_at(world.session, need, Clock.NOBODY_YET) == world.now + timedelta(days=1)
    ways.withdraw(world, pairing)
    world.forget_mails()

    world.fire(need, Clock.NOBODY_YET)

    assert world.mails() == {("nobody_yet", world.member(need).account.id)}


def test_a_need_that_opens_again_has_three_weeks_of_its_own(world: World) -> None:
    need = world.need()
    world.fire(need, Clock.NOBODY_YET)
    ways.hold(world, need)
    assert clocks.due_at(world.session, need, Clock.NOBODY_YET) is None
    resumed = world.now

    world.act(needs.resume, world.member(need), need_id=need.id)

    assert clocks.due_at(world.session, need, Clock.NOBODY_YET) == resumed + timedelta(days=21)


def test_the_true_state_counts_who_was_suggested_asked_and_what_they_said(world: World) -> None:
    need = world.need(seats=2)
    for status in (S.DECLINED, S.EXPIRED, S.INVITED, S.APPROVED, S.WITHDRAWN):
        world.pairing(status, need=need)
    known = world.volunteer()
    world.pairing(S.SET_ASIDE, need=need, volunteer=known)
    world.suggest(need, [known, world.volunteer(), world.volunteer()])

    assert progress_of(world.session, need) == Progress(
        compared=0, suggested=3, asked=4, declined=1, expired=1, left=1, undecided=2
    )


def test_the_coordinator_is_told_at_once_when_the_last_member_of_an_association_has_left(world: World) -> None:
    live, held, draft = _needs_of_one_member(world)
    coordinator = world.coordinator().account.id
    world.forget_mails()

    world.act(privacy.erase_account, world.member(live))

    assert draft.status is NeedStatus.CLOSED
    for need in (live, held):
        assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_WITHOUT_MEMBER)
    rows = [row.payload for row in world.messages("send_mail") if row.payload["recipient_id"] == coordinator]
    told = {row["need_id"] for row in rows if row["code"] == "need_without_member_coordinator"}
    assert told == {live.id, held.id}


def test_nobody_is_told_so_while_another_member_stays(world: World) -> None:
    association = world.association(members=2)
    need = world.need(association=association)
    world.forget_mails()

    world.act(privacy.erase_account, world.member(need))

    assert need.status is NeedStatus.OPEN
    assert world.mails() == set()


def _needs_of_one_member(world: World) -> tuple[Need, Need, Need]:
    association = world.association()
    states = (NeedStatus.OPEN, NeedStatus.ON_HOLD, NeedStatus.DRAFT)
    live, held, draft = (world.need(status, association=association) for status in states)
    return live, held, draft


def _told(world: World, pairing: Pairing) -> list[object]:
    rows = [row.payload for row in world.messages("send_mail")]
    return [row["code"] for row in rows if row["recipient_id"] == pairing.volunteer.account_id]


# What becomes of an application. Each way ends it and tells her by a mail, or is her own act on a page that thanks her.
Way = Callable[[World, Pairing], None]


def _take_up(world: World, pairing: Pairing) -> None:
    world.act(applications.take_up, world.coordinator(), pairing_id=pairing.id)


def _take_up_late(world: World, pairing: Pairing) -> None:
    ways.take_all_seats(world, pairing)
    _take_up(world, pairing)


def _set_aside(world: World, pairing: Pairing) -> None:
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)
    world.act(line.set_aside, world.coordinator(), choice, reason=PairingReason.SKILLS)


def _erase(world: World, pairing: Pairing) -> None:
    world.act(privacy.erase_account, world.volunteer_of(pairing))


OF_PAIRING: dict[PairingStep, tuple[Way, str | None]] = {
    PairingStep.ACCEPT_APPLICATION: (_take_up, "application_accepted"),
    PairingStep.RESERVE_APPLICATION: (_take_up_late, "application_reserved"),
    PairingStep.SET_ASIDE: (_set_aside, "set_aside"),
    PairingStep.WITHDRAW: (ways.withdraw, None),
    PairingStep.RELEASE: (_erase, None),
}


@pytest.mark.parametrize("step", [s for s, move in PAIRING_MOVES.items() if S.APPLIED in move.sources])
def test_each_step_out_of_applied_tells_the_volunteer(world: World, step: PairingStep) -> None:
    way, code = OF_PAIRING[step]
    pairing = world.pairing(S.APPLIED)
    world.forget_mails()

    way(world, pairing)

    assert pairing.events[-1].step is step
    assert _told(world, pairing) == ([code] if code else [])


def _fill(world: World, need: Need) -> None:
    ways.fill(world, need)


def _enough(world: World, need: Need) -> None:
    world.pairing(S.CONFIRMED, need=need)
    world.act(needs.enough, world.member(need), need_id=need.id)


def _close(world: World, need: Need) -> None:
    world.act(needs.close, world.member(need), need_id=need.id, reason=EndReason.NOBODY_FOUND)


def _hold_until_it_ends(world: World, need: Need) -> None:
    world.run(_hold_by_the_system, need=need)
    world.fire(need, Clock.EXPIRE_HOLD)


def _hold_by_the_system(session: Session, now: datetime, *, need: Need) -> None:
    needs.put_on_hold(session, departures.ERASURE, now, need, reason=HoldReason.ASSOCIATION_SILENT)


def _resume_filled(world: World, need: Need) -> None:
    taken = [world.pairing(S.ACCEPTED, need=need) for _ in range(need.seats)]
    ways.hold(world, need)
    for pairing in taken:
        ways.confirm(world, pairing)
    world.act(needs.resume, world.member(need), need_id=need.id)


def _complete_on_hold(world: World, need: Need) -> None:
    taken = [world.pairing(S.ACTIVE, need=need) for _ in range(need.seats - 1)]
    last = world.pairing(S.ACCEPTED, need=need)
    ways.hold(world, need)
    ways.confirm(world, last)
    ways.begin(world, last)
    for pairing in (*taken, last):
        ways.finish(world, pairing)


def _vanish(world: World, need: Need) -> None:
    world.act(privacy.erase_account, world.member(need), closing=[need.association_id])


OF_NEED: dict[NeedStep, tuple[Callable[[World, Need], None], str]] = {
    NeedStep.FILL: (_fill, "need_filled"),
    NeedStep.ENOUGH: (_enough, "need_filled"),
    NeedStep.RESUME_FILLED: (_resume_filled, "need_filled"),
    NeedStep.COMPLETE: (_complete_on_hold, "need_filled"),
    NeedStep.CLOSE: (_close, "need_closed"),
    NeedStep.EXPIRE_HOLD: (_hold_until_it_ends, "need_closed"),
    NeedStep.VANISH: (_vanish, "need_closed"),
}
# An application waits on: she hears of these, and of the end that follows.
GOES_ON = {NeedStep.HOLD, NeedStep.RESUME, NeedStep.REOPEN}


def test_each_step_of_a_need_that_may_hold_applications_is_looked_at() -> None:
    may_hold = {NeedStatus.OPEN, NeedStatus.FILLED, NeedStatus.ON_HOLD}

    assert set(OF_NEED) | GOES_ON == {step for step, move in NEED_MOVES.items() if move.sources & may_hold}


@pytest.mark.parametrize("step", OF_NEED)
def test_each_end_of_a_need_tells_those_who_had_applied(world: World, step: NeedStep) -> None:
    way, code = OF_NEED[step]
    need = world.need(seats=2)
    applied = world.pairing(S.APPLIED, need=need)
    world.forget_mails()

    way(world, need)

    assert step in {event.step for event in need.events}
    assert applied.status is S.RELEASED
    told = _told(world, applied)
    assert (told[-1], told.count(code)) == (code, 1), "the end comes last, and once"


AFTER_ACCEPTED: list[tuple[PairingStep, Way, str]] = [
    (PairingStep.CONFIRM, ways.confirm, "introduced"),
    (PairingStep.REFUSE, ways.refuse, "refused_kindly"),
    (PairingStep.RELEASE_UNANSWERED, lambda world, pairing: world.fire(pairing, Clock.RELEASE_YES), "yes_released"),
]


@pytest.mark.parametrize(("step", "way", "code"), AFTER_ACCEPTED)
def test_an_application_that_was_taken_up_has_its_outcome_told_too(
    world: World, step: PairingStep, way: Way, code: str
) -> None:
    pairing = world.pairing(S.APPLIED)
    _take_up(world, pairing)
    world.forget_mails()

    way(world, pairing)

    assert pairing.events[-1].step is step
    assert (code, pairing.volunteer.account_id) in world.mails()
