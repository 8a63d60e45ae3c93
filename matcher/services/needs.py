"""What an association does with its needs: write, submit, edit, hold, close. Reviewing them stands in reviews.py."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.database import Json
from matcher.errors import (
    AssociationIsSuspended,
    ContactIsMissing,
    IllegalTransition,
    InvalidDates,
    InvalidHours,
    NeedIsIncomplete,
    NobodyTaken,
    NotAllowed,
    NotFound,
    SeatsAreHeld,
    TextTooLong,
)
from matcher.models.association import Association, AssociationStatus
from matcher.models.deadline import Clock
from matcher.models.need import Need, NeedLocation
from matcher.models.states import ENDED, UNPUBLISHED, EndReason, HoldReason, NeedAudience, NeedStatus, NeedStep
from matcher.policies import Action, is_member, require, require_confirmed
from matcher.ranking.types import Importance, Mode, NeededSkill, Times, WeeklySlot
from matcher.services import checks, clocks, live_edits, seats
from matcher.services.audiences import paired
from matcher.services.places import branch_of_need, known_communes
from matcher.services.steps import lock_need, record, record_decision, take_need_step, trace_of

TITLE_MAX, DESCRIPTION_MAX, SKILLS_MAX, LOCATIONS_MAX = 120, 6000, 15, 5
MOST_SEATS, MOST_HOURS = 20, 2000
REQUIRED = ("title", "description", "mode")


@dataclass(frozen=True, slots=True)
class NeedContent:
    """All that an association writes about a need."""

    title: str = ""
    description: str = ""
    language: str = "fr"
    working_languages: tuple[str, ...] = ()
    mode: Mode | None = None
    seats: int = 1
    skills: tuple[NeededSkill, ...] = ()
    communes: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    total_hours: float | None = None
    together_hours: float | None = None
    times: Times = Times.PREFERRED
    weekly: tuple[WeeklySlot, ...] = ()
    answer_by: date | None = None
    contact_id: int | None = None
    template: str | None = None
    audience: NeedAudience = NeedAudience.NAMED
    meets_vulnerable: bool = False


def create_draft(session: Session, actor: Actor, now: datetime, *, association_id: int, content: NeedContent) -> Need:
    """Write a draft for one's association; an account whose address is not confirmed may do so too."""
    association = session.get(Association, association_id)
    if association is None or not is_member(actor, association):
        raise NotFound
    if association.status is AssociationStatus.CLOSED:
        raise NotAllowed
    need = Need(
        association=association,
        branch_id=association.branch_id,
        author_id=actor.account_id,
        contact_id=actor.account_id,
        status=NeedStatus.DRAFT,
        created_at=now,
        touched_at=now,
        held=0,
        taken=0,
        seats=1,
    )
    session.add(need)
    write_content(session, need, content)
    session.flush()
    clocks.enter_state(session, need, now)
    return need


def edit(session: Session, actor: Actor, now: datetime, *, need_id: int, content: NeedContent) -> Need:
    """Change what is written; what this sets in motion depends on the state.

    Raises NotFound, NotAllowed, IllegalTransition (ended), SeatsBelowEngaged, InvalidDates, InvalidHours, TextTooLong.
    """
    need = lock_need(session, need_id)
    require(actor, Action.SUBMIT if need.status in UNPUBLISHED else Action.WRITE, need)
    if need.status in ENDED:
        raise IllegalTransition(status=need.status.value, step="edit")
    if need.status not in {NeedStatus.DRAFT, NeedStatus.CHANGES_REQUESTED}:
        require_confirmed(actor)
    checks.require_still_told(session, need, content.meets_vulnerable)
    before, was_told = matching_facts(need), need.meets_vulnerable
    write_content(session, need, content)
    need.touched_at = now
    if need.status is NeedStatus.DRAFT:
        delays = [d for d in clocks.NEED_CLOCKS[NeedStatus.DRAFT] if d.clock is not Clock.REMIND_DRAFT]
        clocks.start_all(session, need, delays, now)
    session.flush()
    session.expire(need, ["skills", "locations"])
    if need.status not in {NeedStatus.DRAFT, NeedStatus.CHANGES_REQUESTED}:
        _check_complete(need)
    if need.status not in UNPUBLISHED:
        asks_check = need.meets_vulnerable and not was_told
        has_moved = matching_facts(need) != before
        live_edits.follow(session, actor, now, need, has_moved=has_moved, asks_check=asks_check)
    return need


def submit(session: Session, actor: Actor, now: datetime, *, need_id: int, promise_days: int = 3) -> Need:
    """Hand a need in for review; raises AddressNotConfirmed, ContactIsMissing or NeedIsIncomplete. Twice is once."""
    need = lock_need(session, need_id)
    require(actor, Action.SUBMIT, need)
    require_confirmed(actor)
    if need.status is NeedStatus.SUBMITTED:
        return need
    _check_complete(need)
    need.submitted_at = now
    need.submitted_text = need.description
    need.promised_at = need.branch.calendar.add_working_days(now, promise_days)
    take_need_step(session, need, NeedStep.SUBMIT, trace_of(actor, now))
    clocks.start(session, need, Clock.REVIEW_MISSED, need.promised_at)
    again = need.branch.calendar.add_working_days(need.promised_at, 3)
    clocks.start(session, need, Clock.REVIEW_MISSED_AGAIN, again)
    return need


def give_up(session: Session, actor: Actor, now: datetime, *, need_id: int) -> Need:
    """Give up a need that was not opened yet."""
    need = lock_need(session, need_id)
    require(actor, Action.SUBMIT, need)
    need.end_reason = EndReason.GIVEN_UP
    take_need_step(session, need, NeedStep.GIVE_UP, trace_of(actor, now))
    return need


def hold(session: Session, actor: Actor, now: datetime, *, need_id: int, returns_on: date | None) -> Need:
    """Put a need on hold: sending and clocks stop, missions go on. A date of return may be given."""
    need = lock_need(session, need_id)
    require(actor, Action.HOLD, need)
    if returns_on is not None and returns_on <= now.date():
        raise InvalidDates(field="returns_on")
    member = is_member(actor, need.association)
    reason = HoldReason.MEMBER_ASKED if member else HoldReason.COORDINATOR_ASKED
    put_on_hold(session, actor, now, need, reason=reason, returns_on=returns_on)
    record_decision(session, actor, now, action="hold_need", subject=need)
    return need


def put_on_hold(
    session: Session, actor: Actor, now: datetime, need: Need, *, reason: HoldReason, returns_on: date | None = None
) -> None:
    """Put a locked need on hold for a reason and start the clocks of its end."""
    need.hold_reason, need.returns_on = reason, returns_on
    data: dict[str, Json] = {"returns_on": returns_on.isoformat() if returns_on else None}
    take_need_step(session, need, NeedStep.HOLD, trace_of(actor, now, reason.value), data=data)
    for pairing in paired(session, need, seats.BEFORE_ENGAGEMENT):
        clocks.pause(session, pairing, now)
    by_system = actor.account_id is None
    if by_system or returns_on is not None:
        base = now if returns_on is None else datetime.combine(returns_on, now.timetz())
        clocks.start_all(session, need, clocks.HOLD_ENDS, base)


def resume(session: Session, actor: Actor, now: datetime, *, need_id: int) -> Need:
    """Open a held need again; it is ranked anew and its line is checked. Raises AssociationIsSuspended."""
    need = lock_need(session, need_id)
    require(actor, Action.HOLD, need)
    if need.association.is_suspended:
        raise AssociationIsSuspended
    record_decision(session, actor, now, action="resume_need", subject=need)
    need.hold_reason = need.returns_on = None
    if need.taken == need.seats:
        seats.fill(session, need, NeedStep.RESUME_FILLED, trace_of(actor, now))
    else:
        take_need_step(session, need, NeedStep.RESUME, trace_of(actor, now))
    for pairing in paired(session, need, seats.BEFORE_ENGAGEMENT):
        clocks.resume(session, pairing, now)
    outbox.add(session, outbox.RankNeed(need.id), now)
    seats.settle(session, need, now)
    return need


def close(session: Session, actor: Actor, now: datetime, *, need_id: int, reason: EndReason) -> Need:
    """Close an open or held need; everyone who waits is released and told. Running missions go on."""
    need = lock_need(session, need_id)
    require(actor, Action.HOLD, need)
    if need.status is NeedStatus.CLOSED:
        return need
    record_decision(session, actor, now, action="close_need", subject=need)
    seats.end(session, need, NeedStep.CLOSE, trace_of(actor, now, reason.value), reason=reason)
    return need


def enough(session: Session, actor: Actor, now: datetime, *, need_id: int) -> Need:
    """« C'est assez »: seats are lowered to those taken. Raises SeatsAreHeld or NobodyTaken."""
    need = lock_need(session, need_id)
    require(actor, Action.SUBMIT, need)
    if need.held:
        raise SeatsAreHeld(held=need.held)
    if not need.taken:
        raise NobodyTaken
    record_decision(session, actor, now, action="enough", subject=need)
    need.change_seats(need.taken)
    seats.fill(session, need, NeedStep.ENOUGH, trace_of(actor, now))
    seats.settle(session, need, now)
    return need


def confirm_still_needed(session: Session, actor: Actor, now: datetime, *, need_id: int) -> Need:
    """Answer « toujours d'actualité ? » with yes: thirty more days. A held need is not opened by it."""
    need = lock_need(session, need_id)
    require(actor, Action.CONFIRM_STILL_NEEDED, need)
    if not need.is_open:
        raise IllegalTransition(status=need.status.value, step="still_needed")
    record(session, actor, now, action="still_needed", subject=("need", need.id))
    clocks.take_as_answer(session, need, now)
    return need


def matching_facts(need: Need) -> tuple[object, ...]:
    """Return what, when it changes, changes who suits: dates, hours, places, mode, required skills, seats, a check."""
    return (
        need.starts_on, need.ends_on, need.total_hours, need.together_hours, need.times, need.weekly, need.mode,
        need.seats, need.meets_vulnerable, need.working_languages, tuple(each.commune for each in need.locations),
        frozenset((s.label, s.uri) for s in need.skills if s.importance is Importance.REQUIRED),
    )  # fmt: skip


def write_content(session: Session, need: Need, content: NeedContent) -> None:
    """Copy content into a need and find its branch anew; raises for what can never be stored."""
    _check_content(content)
    places = known_communes(content.communes)
    need.title, need.description, need.language = content.title, content.description, content.language
    need.working_languages, need.mode, need.template = content.working_languages, content.mode, content.template
    need.starts_on, need.ends_on, need.answer_by = content.starts_on, content.ends_on, content.answer_by
    need.total_hours, need.together_hours = content.total_hours, content.together_hours
    need.times, need.weekly = content.times, content.weekly
    need.audience, need.meets_vulnerable = content.audience, content.meets_vulnerable
    need.change_seats(content.seats)
    if content.contact_id not in {None, need.contact_id}:
        if content.contact_id not in {member.id for member in need.association.reachable_members}:
            raise ContactIsMissing
        need.contact_id = content.contact_id
    need.branch = branch_of_need(session, need.association, content.mode, places)
    need.set_skills(content.skills)
    need.locations = [
        NeedLocation(position=i, commune=place.code, latitude=place.latitude, longitude=place.longitude)
        for i, place in enumerate(places)
    ]


def _check_content(content: NeedContent) -> None:
    if len(content.title) > TITLE_MAX:
        raise TextTooLong(field="title", most=TITLE_MAX)
    if len(content.description) > DESCRIPTION_MAX:
        raise TextTooLong(field="description", most=DESCRIPTION_MAX)
    if content.starts_on and content.ends_on and content.ends_on < content.starts_on:
        raise InvalidDates(field="ends_on")
    for name in ("total_hours", "together_hours"):
        hours = getattr(content, name)
        if hours is not None and not 0 < hours <= MOST_HOURS:
            raise InvalidHours(field=name)


def _check_complete(need: Need) -> None:
    for name in REQUIRED:
        if not getattr(need, name):
            raise NeedIsIncomplete(field=name)
    if need.mode is not Mode.REMOTE and not need.locations:
        raise NeedIsIncomplete(field="communes")
    if need.contact_id is None or not need.association.has_member(need.contact_id):
        raise ContactIsMissing
