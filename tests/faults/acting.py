"""What the people of the simulation do: coordinators, volunteers and members, each with a chance and after some days.

The unhappy ways have their chance: silence, questions, refusals, withdrawals, holds, edits, suspensions, erasures.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from matcher.actors import Actor, Person, System
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import EndReason, NeedStatus, PairingReason, PairingStatus
from matcher.ranking.types import NeededSkill
from matcher.services import answers, applications, line, missions, needs, privacy, reviews, rights, volunteers
from matcher.services.answers import Refusal
from matcher.services.needs import NeedContent
from matcher.services.rights import SuspensionReason

S, N = PairingStatus, NeedStatus
ActOnPairing = Callable[[Session, "Moment", Pairing], object]
ActOnNeed = Callable[[Session, "Moment", Need], object]


class Moment:
    """When something is done."""

    def __init__(self, now) -> None:
        """At this moment."""
        self.now = now

    def day(self, days: int) -> date:
        """A day from here."""
        return (self.now + timedelta(days=days)).date()


def volunteer_of(pairing: Pairing) -> Actor:
    """The volunteer."""
    return Person(pairing.volunteer.account)


def member_of(need: Need) -> Actor:
    """The first member of the association."""
    return Person(need.association.members[0])


def coordinator_of(session: Session, need: Need) -> Actor:
    """A coordinator of the branch."""
    return Person(session.get_one(Account, need.branch.coordinators[0].account_id))


def _yes(session: Session, at: Moment, pairing: Pairing) -> object:
    return answers.accept(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _no(session: Session, at: Moment, pairing: Pairing) -> object:
    refusal = Refusal(PairingReason.NO_TIME)
    return answers.decline(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, refusal=refusal)


def _later(session: Session, at: Moment, pairing: Pairing) -> object:
    refusal = Refusal(ask_again_on=at.day(20))
    return answers.decline(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, refusal=refusal)


def _question(session: Session, at: Moment, pairing: Pairing) -> object:
    return answers.ask(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, question="Le soir ?")


def _answered(session: Session, at: Moment, pairing: Pairing) -> object:
    coordinator = coordinator_of(session, pairing.need)
    return answers.reply(session, coordinator, at.now, pairing_id=pairing.id, answer="Oui.")


def _telephone(session: Session, at: Moment, pairing: Pairing) -> object:
    coordinator = coordinator_of(session, pairing.need)
    return answers.accept_by_telephone(session, coordinator, at.now, pairing_id=pairing.id)


def _no_by_telephone(session: Session, at: Moment, pairing: Pairing) -> object:
    coordinator = coordinator_of(session, pairing.need)
    refusal = Refusal(PairingReason.NO_TIME)
    return answers.decline_by_telephone(session, coordinator, at.now, pairing_id=pairing.id, refusal=refusal)


def _not_exact(session: Session, at: Moment, pairing: Pairing) -> object:
    """A yes that was heard by telephone and is none."""
    _telephone(session, at, pairing)
    return answers.correct_telephone(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _fresh_link(session: Session, at: Moment, pairing: Pairing) -> object:
    return answers.reinvite(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _withdraw(session: Session, at: Moment, pairing: Pairing) -> object:
    return answers.withdraw(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _take_up(session: Session, at: Moment, pairing: Pairing) -> object:
    return applications.take_up(session, coordinator_of(session, pairing.need), at.now, pairing_id=pairing.id)


def _set_aside(session: Session, at: Moment, pairing: Pairing) -> object:
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)
    reason = PairingReason.TOO_OFTEN_ASKED
    return line.set_aside(session, coordinator_of(session, pairing.need), at.now, choice, reason=reason)


def _meet(session: Session, at: Moment, pairing: Pairing) -> object:
    return missions.confirm(session, member_of(pairing.need), at.now, pairing_id=pairing.id)


def _refuse(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.OTHER_PERSON_CHOSEN
    return missions.refuse(session, member_of(pairing.need), at.now, pairing_id=pairing.id, reason=reason)


def _begin(session: Session, at: Moment, pairing: Pairing) -> object:
    plan = missions.Plan(at.day(1), at.day(21), 12.0)
    return missions.begin(session, member_of(pairing.need), at.now, pairing_id=pairing.id, plan=plan)


def _not_in_the_end(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.NO_AGREEMENT
    return missions.withdraw_after_talk(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, reason=reason)


def _finish(session: Session, at: Moment, pairing: Pairing) -> object:
    missions.finish(session, member_of(pairing.need), at.now, pairing_id=pairing.id, hours=12.0)
    return missions.finish(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, hours=12.0)


def _finish_alone(session: Session, at: Moment, pairing: Pairing) -> object:
    return missions.finish(session, member_of(pairing.need), at.now, pairing_id=pairing.id, hours=12.0)


def _object(session: Session, at: Moment, pairing: Pairing) -> object:
    return missions.object_to_start(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _prolong(session: Session, at: Moment, pairing: Pairing) -> object:
    plan = missions.Plan(pairing.starts_on or at.day(0), at.day(30), 20.0)
    missions.propose_prolongation(session, member_of(pairing.need), at.now, pairing_id=pairing.id, plan=plan)
    return missions.agree_to_prolongation(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _prolong_unanswered(session: Session, at: Moment, pairing: Pairing) -> object:
    plan = missions.Plan(pairing.starts_on or at.day(0), at.day(30), 20.0)
    return missions.propose_prolongation(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, plan=plan)


def _stop(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.CHANGED_CIRCUMSTANCES
    return missions.abandon(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, reason=reason)


def _erase(session: Session, at: Moment, pairing: Pairing) -> object:
    return privacy.erase_account(session, volunteer_of(pairing), at.now)


def _suspend(session: Session, at: Moment, pairing: Pairing) -> object:
    who, why = pairing.volunteer.account_id, next(iter(SuspensionReason))
    return rights.suspend(session, System("simulated"), at.now, account_id=who, reason=why)


def _stop_mail(session: Session, at: Moment, pairing: Pairing) -> object:
    return volunteers.stop_mail(session, volunteer_of(pairing), at.now)


def _pause(session: Session, at: Moment, pairing: Pairing) -> object:
    who = volunteer_of(pairing)
    return volunteers.pause(session, who, at.now, volunteer_id=pairing.volunteer_id, until=at.day(30))


def _nothing(_session: Session, _at: Moment, _subject: object) -> object:
    """Silence: the clocks have to do it."""
    return None


# After a step into a state: chance in hundred, earliest and latest day, what is done.
ON_PAIRING: dict[PairingStatus, tuple[tuple[int, int, int, ActOnPairing], ...]] = {
    S.INVITED: (
        (36, 0, 6, _yes),
        (22, 0, 8, _no),
        (4, 0, 5, _later),
        (3, 0, 3, _question),
        (2, 1, 4, _telephone),
        (2, 1, 4, _no_by_telephone),
        (1, 1, 4, _not_exact),
        (1, 0, 4, _suspend),
        (1, 0, 4, _erase),
        (2, 0, 4, _stop_mail),
        (2, 0, 4, _pause),
        (24, 0, 0, _nothing),
    ),
    S.EXPIRED: ((20, 0, 4, _fresh_link), (80, 0, 0, _nothing)),
    S.APPLIED: ((50, 0, 4, _take_up), (15, 0, 4, _set_aside), (8, 0, 3, _withdraw), (27, 0, 0, _nothing)),
    S.ACCEPTED: (
        (70, 0, 4, _meet),
        (9, 0, 4, _refuse),
        (4, 0, 3, _withdraw),
        (2, 0, 3, _suspend),
        (15, 0, 0, _nothing),
    ),
    S.RESERVE: ((10, 2, 9, _withdraw), (90, 0, 0, _nothing)),
    S.CONFIRMED: ((74, 2, 9, _begin), (12, 1, 6, _not_in_the_end), (1, 1, 9, _erase), (13, 0, 0, _nothing)),
    S.ACTIVE: (
        (58, 18, 30, _finish),
        (4, 12, 17, _prolong),
        (4, 12, 17, _prolong_unanswered),
        (12, 18, 30, _finish_alone),
        (2, 1, 2, _object),
        (6, 4, 15, _stop),
        (14, 0, 0, _nothing),
    ),
}


def _hold(session: Session, at: Moment, need: Need) -> object:
    return needs.hold(session, member_of(need), at.now, need_id=need.id, returns_on=None)


def _resume(session: Session, at: Moment, need: Need) -> object:
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


def _still_needed(session: Session, at: Moment, need: Need) -> object:
    return needs.confirm_still_needed(session, member_of(need), at.now, need_id=need.id)


ON_NEED: dict[NeedStatus, tuple[tuple[int, int, int, ActOnNeed], ...]] = {
    N.SUBMITTED: ((88, 0, 10, _open), (6, 0, 5, _changes), (2, 0, 5, _not_ours), (4, 0, 0, _nothing)),
    N.CHANGES_REQUESTED: ((70, 1, 9, _submit), (30, 0, 0, _nothing)),
    N.OPEN: (
        (5, 3, 30, _hold),
        (5, 10, 60, _close),
        (5, 2, 25, _edit),
        (4, 10, 40, _enough),
        (1, 10, 40, _association_goes),
        (50, 30, 36, _still_needed),
        (30, 0, 0, _nothing),
    ),
    N.ON_HOLD: ((50, 5, 20, _resume), (50, 0, 0, _nothing)),
}
