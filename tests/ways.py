"""The ways by which real services bring needs and pairings into each state. No expectations here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from matcher.database import transaction
from matcher.models.association import Association
from matcher.models.deadline import Clock
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import EndReason, NeedStatus, PairingReason, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.services import answers, applications, invitations, line, missions, needs, reviews, sending
from matcher.services.needs import NeedContent
from matcher.services.steps import take_pairing_step

if TYPE_CHECKING:
    from tests.factories import World

HOURS = 12.0


def bring_need(world: World, association: Association, status: NeedStatus, content: NeedContent) -> Need:
    """Write a need and lead it to a state."""
    member = world.member(association)
    need = world.act(needs.create_draft, member, association_id=association.id, content=content)
    for step in NEED_WAYS[status]:
        step(world, need)
    return need


def bring_pairing(world: World, need: Need, volunteer: Volunteer, status: PairingStatus) -> Pairing:
    """Lead a need and a volunteer to a state of their pairing."""
    first, *others = PAIRING_WAYS[status]
    pairing = first(world, need, volunteer)
    for step in others:
        step(world, pairing)
    return pairing


def submit(world: World, need: Need) -> None:
    """Hand the need in."""
    world.act(needs.submit, world.member(need), need_id=need.id)


def open_(world: World, need: Need) -> None:
    """Open it by its branch's coordinator."""
    world.act(reviews.open_need, world.coordinator(need.branch), need_id=need.id, is_urgent=False)


def fill(world: World, need: Need) -> None:
    """Confirm a person on each seat."""
    for _ in range(need.seats - need.taken):
        bring_pairing(world, need, world.volunteer(), PairingStatus.CONFIRMED)


def complete_need(world: World, need: Need) -> None:
    """Finish a mission on each seat."""
    for _ in range(need.seats - need.taken):
        bring_pairing(world, need, world.volunteer(), PairingStatus.COMPLETED)


def hold(world: World, need: Need) -> None:
    """Put it on hold by a member, without a date of return."""
    world.act(needs.hold, world.member(need), need_id=need.id, returns_on=None)


def _request_changes(world: World, need: Need) -> None:
    world.act(reviews.request_changes, world.coordinator(need.branch), need_id=need.id, points="Combien d’heures ?")


def _close(world: World, need: Need) -> None:
    world.act(needs.close, world.member(need), need_id=need.id, reason=EndReason.SOLVED_ELSEWHERE)


def approve(world: World, need: Need, volunteer: Volunteer) -> Pairing:
    """Put the volunteer into the line; whoever is of another branch is shown by the ranking first."""
    choice = line.Choice(need.id, volunteer.id, _ranked_from_afar(world, need, volunteer))
    return world.act(line.approve, world.coordinator(need.branch), choice)


def _ranked_from_afar(world: World, need: Need, volunteer: Volunteer) -> int | None:
    return None if volunteer.branch_id == need.branch_id else world.suggest(need, [volunteer])


def apply(world: World, need: Need, volunteer: Volunteer) -> Pairing:
    """Let the volunteer apply of her own accord."""
    return world.act(applications.apply, world.volunteer_of(volunteer), need_id=need.id, motivation="J’aimerais aider.")


def set_aside(world: World, need: Need, volunteer: Volunteer) -> Pairing:
    """Set the volunteer aside before she knows of anything."""
    choice = line.Choice(need.id, volunteer.id, _ranked_from_afar(world, need, volunteer))
    return world.act(line.set_aside, world.coordinator(need.branch), choice, reason=PairingReason.SKILLS)


def invite(world: World, pairing: Pairing) -> None:
    """Hand the invitation over."""
    reply_by = sending.reply_by(pairing.need, world.now)
    world.run(invitations.mark_invited, pairing_id=pairing.id, reply_by=reply_by)


def accept(world: World, pairing: Pairing) -> None:
    """Let the volunteer say yes."""
    world.act(answers.accept, world.volunteer_of(pairing), pairing_id=pairing.id)


def take_all_seats(world: World, pairing: Pairing) -> None:
    """Let others hold every seat that is free, so that a yes joins the reserve."""
    for _ in range(pairing.need.free_seats):
        bring_pairing(world, pairing.need, world.volunteer(), PairingStatus.ACCEPTED)


def decline(world: World, pairing: Pairing) -> None:
    """Let the volunteer say no."""
    world.act(answers.decline, world.volunteer_of(pairing), pairing_id=pairing.id, refusal=answers.Refusal())


def expire(world: World, pairing: Pairing) -> None:
    """Let the invitation run out; the world's time goes on to that moment and back."""
    now = world.now
    world.fire(pairing, Clock.EXPIRE_INVITED)
    world.now = now


def withdraw(world: World, pairing: Pairing) -> None:
    """Let the volunteer take her yes back."""
    world.act(answers.withdraw, world.volunteer_of(pairing), pairing_id=pairing.id)


def confirm(world: World, pairing: Pairing) -> None:
    """« Faisons connaissance »."""
    world.act(missions.confirm, world.member(pairing), pairing_id=pairing.id)


def refuse(world: World, pairing: Pairing) -> None:
    """Let the association refuse kindly."""
    reason = PairingReason.OTHER_PERSON_CHOSEN
    world.act(missions.refuse, world.member(pairing), pairing_id=pairing.id, reason=reason)


def plan(world: World) -> missions.Plan:
    """From tomorrow, for thirty days."""
    starts_on = world.now.date() + timedelta(days=1)
    return missions.Plan(starts_on, starts_on + timedelta(days=30), HOURS)


def begin(world: World, pairing: Pairing) -> None:
    """« On commence », said by the association."""
    world.act(missions.begin, world.member(pairing), pairing_id=pairing.id, plan=plan(world))


def finish(world: World, pairing: Pairing) -> None:
    """Both sides say that it is finished."""
    for actor in (world.member(pairing), world.volunteer_of(pairing)):
        world.act(missions.finish, actor, pairing_id=pairing.id, hours=HOURS)


def abandon(world: World, pairing: Pairing) -> None:
    """The volunteer stops."""
    reason = PairingReason.CHANGED_CIRCUMSTANCES
    world.act(missions.abandon, world.volunteer_of(pairing), pairing_id=pairing.id, reason=reason)


def release(world: World, pairing: Pairing) -> None:
    """Release it alone, while its need stays as it is."""
    with transaction(world.session):
        take_pairing_step(world.session, pairing, PairingStep.RELEASE, Trace(world.now))


_OPEN = (submit, open_)
NEED_WAYS: dict[NeedStatus, tuple[Callable[[World, Need], None], ...]] = {
    NeedStatus.DRAFT: (),
    NeedStatus.SUBMITTED: (submit,),
    NeedStatus.CHANGES_REQUESTED: (submit, _request_changes),
    NeedStatus.OPEN: _OPEN,
    NeedStatus.FILLED: (*_OPEN, fill),
    NeedStatus.ON_HOLD: (*_OPEN, hold),
    NeedStatus.COMPLETED: (*_OPEN, complete_need),
    NeedStatus.CLOSED: (*_OPEN, _close),
}
_ACCEPTED = (approve, invite, accept)
_ACTIVE = (*_ACCEPTED, confirm, begin)
S = PairingStatus
# The first step makes the pairing of a need and a volunteer, the others move it.
PAIRING_WAYS = {
    S.APPLIED: (apply,),
    S.APPROVED: (approve,),
    S.INVITED: (approve, invite),
    S.RESERVE: (approve, invite, take_all_seats, accept),
    S.ACCEPTED: _ACCEPTED,
    S.CONFIRMED: (*_ACCEPTED, confirm),
    S.ACTIVE: _ACTIVE,
    S.COMPLETED: (*_ACTIVE, finish),
    S.SET_ASIDE: (set_aside,),
    S.DECLINED: (approve, invite, decline),
    S.EXPIRED: (approve, invite, expire),
    S.WITHDRAWN: (*_ACCEPTED, withdraw),
    S.REFUSED: (*_ACCEPTED, refuse),
    S.RELEASED: (apply, release),
    S.ABANDONED: (*_ACTIVE, abandon),
}
