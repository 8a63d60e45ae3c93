"""What members and coordinators of the simulation do with needs, each with a chance and after some days."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from matcher.models.association import AssociationStatus
from matcher.models.need import Need
from matcher.models.states import EndReason, NeedStatus
from matcher.ranking.types import NeededSkill
from matcher.services import needs, privacy, reviews
from matcher.services.needs import NeedContent
from tests.faults.acting import Moment, coordinator_of, member_of, nothing

N = NeedStatus
ActOnNeed = Callable[[Session, Moment, Need], object]


def _hold(session: Session, at: Moment, need: Need) -> object:
    return needs.hold(session, member_of(need), at.now, need_id=need.id, returns_on=None)


def _hold_until(session: Session, at: Moment, need: Need) -> object:
    return needs.hold(session, coordinator_of(session, need), at.now, need_id=need.id, returns_on=at.day(12))


def _suspend_association(session: Session, at: Moment, need: Need) -> object:
    """All its open needs go on hold."""
    coordinator, whose = coordinator_of(session, need), need.association_id
    return reviews.suspend_association(session, coordinator, at.now, association_id=whose)


def _resume(session: Session, at: Moment, need: Need) -> object:
    """Whoever suspended the association has looked into it, half of the time."""
    if need.association.status is AssociationStatus.SUSPENDED and need.id % 2:
        coordinator = coordinator_of(session, need)
        reviews.verify_association(session, coordinator, at.now, association_id=need.association_id)
    return needs.resume(session, member_of(need), at.now, need_id=need.id)


def _close(session: Session, at: Moment, need: Need) -> object:
    return needs.close(session, member_of(need), at.now, need_id=need.id, reason=EndReason.SOLVED_ELSEWHERE)


def _changes(session: Session, at: Moment, need: Need) -> object:
    return reviews.request_changes(session, coordinator_of(session, need), at.now, need_id=need.id, points="Où ?")


def _not_ours(session: Session, at: Moment, need: Need) -> object:
    coordinator = coordinator_of(session, need)
    return reviews.refuse_need(session, coordinator, at.now, need_id=need.id, points="Ailleurs.")


def _edit(session: Session, at: Moment, need: Need) -> object:
    """More hours than were said: whoever is asked must agree again."""
    content = NeedContent(
        title=need.title,
        description=f"{need.description}\n\nEt un peu plus.",
        language=need.language,
        working_languages=need.working_languages,
        mode=need.mode,
        seats=need.seats,
        skills=tuple(NeededSkill(each.label, each.importance, each.uri) for each in need.skills),
        communes=tuple(each.commune for each in need.locations),
        starts_on=need.starts_on,
        ends_on=need.ends_on,
        total_hours=(need.total_hours or 0) + 10,
        together_hours=need.together_hours,
        times=need.times,
        weekly=need.weekly,
        answer_by=need.answer_by,
        template=need.template,
        audience=need.audience,
        meets_vulnerable=need.meets_vulnerable,
    )
    return needs.edit(session, member_of(need), at.now, need_id=need.id, content=content)


def _enough(session: Session, at: Moment, need: Need) -> object:
    return needs.enough(session, member_of(need), at.now, need_id=need.id)


def _association_goes(session: Session, at: Moment, need: Need) -> object:
    """The last member leaves and closes it."""
    closing = [need.association_id]
    return privacy.erase_account(session, member_of(need), at.now, closing=closing)


def _submit(session: Session, at: Moment, need: Need) -> object:
    return needs.submit(session, member_of(need), at.now, need_id=need.id)


def _open(session: Session, at: Moment, need: Need) -> object:
    return reviews.open_need(session, coordinator_of(session, need), at.now, need_id=need.id, is_urgent=False)


def _open_urgently(session: Session, at: Moment, need: Need) -> object:
    return reviews.open_need(session, coordinator_of(session, need), at.now, need_id=need.id, is_urgent=True)


def _give_up(session: Session, at: Moment, need: Need) -> object:
    return needs.give_up(session, member_of(need), at.now, need_id=need.id)


def _still_needed(session: Session, at: Moment, need: Need) -> object:
    return needs.confirm_still_needed(session, member_of(need), at.now, need_id=need.id)


# After a step into a state: chance in hundred, earliest and latest day, what is done.
ON_NEED: dict[NeedStatus, tuple[tuple[int, int, int, ActOnNeed], ...]] = {
    N.DRAFT: ((84, 0, 1, _submit), (8, 3, 9, _submit), (3, 1, 6, _give_up), (5, 0, 0, nothing)),
    N.SUBMITTED: (
        (80, 0, 10, _open),
        (6, 0, 2, _open_urgently),
        (6, 0, 5, _changes),
        (2, 0, 5, _not_ours),
        (2, 1, 5, _give_up),
        (4, 0, 0, nothing),
    ),
    N.CHANGES_REQUESTED: ((66, 1, 9, _submit), (6, 1, 9, _give_up), (28, 0, 0, nothing)),
    N.OPEN: (
        (4, 3, 30, _hold),
        (4, 3, 20, _hold_until),
        (5, 10, 60, _close),
        (5, 2, 25, _edit),
        (4, 10, 40, _enough),
        (2, 10, 40, _association_goes),
        (1, 3, 20, _suspend_association),
        (48, 30, 36, _still_needed),
        (28, 0, 0, nothing),
    ),
    N.FILLED: ((6, 1, 6, _hold), (94, 0, 0, nothing)),
    N.ON_HOLD: ((50, 5, 20, _resume), (50, 0, 0, nothing)),
}
