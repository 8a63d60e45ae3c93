"""What people of the simulation do with pairings before a mission, each with a chance and after some days.

The unhappy ways have their chance: silence, questions, refusals, withdrawals, suspensions, erasures, mails that return.
"""

from sqlalchemy.orm import Session

from matcher.mail.reports import Report
from matcher.mail.return_path import Purpose, Returned
from matcher.models.pairing import Pairing
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.suppression import ReportOutcome
from matcher.services import answers, applications, line, missions, reports, suppression, volunteers
from matcher.services.answers import Refusal
from tests.faults.acting import (
    ActOnPairing,
    Moment,
    Next,
    coordinator_of,
    erase,
    member_of,
    nothing,
    suspend,
    volunteer_of,
)
from tests.faults.acting_on_missions import ON_MISSION

S = PairingStatus


def _yes(session: Session, at: Moment, pairing: Pairing) -> object:
    return answers.accept(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _no(session: Session, at: Moment, pairing: Pairing) -> object:
    refusal = Refusal(PairingReason.NO_TIME)
    return answers.decline(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, refusal=refusal)


def _later(session: Session, at: Moment, pairing: Pairing) -> object:
    refusal = Refusal(ask_again_on=at.day(20))
    return answers.decline(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, refusal=refusal)


def _question(session: Session, at: Moment, pairing: Pairing) -> object:
    """Two questions of three are answered within some days."""
    answers.ask(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, question="Le soir ?")
    return Next(_answered, 1, 6) if pairing.id % 3 else None


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


def _renew(session: Session, at: Moment, pairing: Pairing) -> object:
    """A coordinator takes it up anew."""
    choice = line.Choice(pairing.need_id, pairing.volunteer_id)
    return line.approve(session, coordinator_of(session, pairing.need), at.now, choice)


def _apply(session: Session, at: Moment, pairing: Pairing) -> object:
    """Of her own accord, asked or not."""
    volunteer = volunteer_of(pairing)
    return applications.apply(session, volunteer, at.now, need_id=pairing.need_id, motivation="Cela me parle.")


def _bounces(session: Session, at: Moment, pairing: Pairing) -> object:
    """Her mail server sends the invitation back: there is no such address."""
    hashed = suppression.address_hash(at.settings, pairing.volunteer.account.email)
    returned = Returned(Purpose.INVITATION, pairing.id, hashed)
    report = Report(f"report {pairing.id} {at.now}", ReportOutcome.HARD, returned)
    return reports.take_in(session, at.settings, at.now, report)


def _stop_mail(session: Session, at: Moment, pairing: Pairing) -> object:
    return volunteers.stop_mail(session, volunteer_of(pairing), at.now)


def _pause(session: Session, at: Moment, pairing: Pairing) -> object:
    who = volunteer_of(pairing)
    return volunteers.pause(session, who, at.now, volunteer_id=pairing.volunteer_id, until=at.day(30))


def _meet(session: Session, at: Moment, pairing: Pairing) -> object:
    return missions.confirm(session, member_of(pairing.need), at.now, pairing_id=pairing.id)


def _refuse(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.OTHER_PERSON_CHOSEN
    return missions.refuse(session, member_of(pairing.need), at.now, pairing_id=pairing.id, reason=reason)


# After a step into a state: chance in hundred, earliest and latest day, what is done.
ON_PAIRING: dict[PairingStatus, tuple[tuple[int, int, int, ActOnPairing], ...]] = {
    S.APPROVED: ((3, 0, 2, _set_aside), (3, 0, 2, _apply), (94, 0, 0, nothing)),
    S.INVITED: (
        (36, 0, 6, _yes),
        (20, 0, 8, _no),
        (4, 0, 5, _later),
        (3, 0, 3, _question),
        (4, 1, 4, _telephone),
        (2, 1, 4, _no_by_telephone),
        (1, 1, 4, _not_exact),
        (1, 0, 4, suspend),
        (1, 0, 4, erase),
        (2, 0, 4, _stop_mail),
        (2, 0, 4, _pause),
        (1, 0, 2, _bounces),
        (1, 0, 4, _apply),
        (1, 0, 4, _set_aside),
        (21, 0, 0, nothing),
    ),
    S.EXPIRED: ((20, 0, 4, _fresh_link), (8, 2, 6, _renew), (4, 2, 9, _apply), (68, 0, 0, nothing)),
    S.DECLINED: ((12, 20, 26, _renew), (3, 3, 9, _apply), (85, 0, 0, nothing)),
    S.SET_ASIDE: ((15, 2, 9, _renew), (10, 2, 9, _apply), (75, 0, 0, nothing)),
    S.WITHDRAWN: ((10, 2, 9, _renew), (5, 2, 9, _apply), (85, 0, 0, nothing)),
    S.RELEASED: ((5, 2, 9, _renew), (5, 2, 9, _apply), (90, 0, 0, nothing)),
    S.APPLIED: ((50, 0, 4, _take_up), (15, 0, 4, _set_aside), (8, 0, 3, _withdraw), (27, 0, 0, nothing)),
    S.ACCEPTED: (
        (70, 0, 4, _meet),
        (9, 0, 4, _refuse),
        (4, 0, 3, _withdraw),
        (2, 0, 3, suspend),
        (15, 0, 0, nothing),
    ),
    S.RESERVE: ((10, 2, 9, _withdraw), (90, 0, 0, nothing)),
    **ON_MISSION,
}
