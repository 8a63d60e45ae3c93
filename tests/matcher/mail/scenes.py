"""One moment for each mail at which it has its sense: need, pairing and reader. No expectations here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from matcher.database import Json, transaction
from matcher.mail.codes import MailCode as M
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus as N
from matcher.models.states import PairingStatus as P
from matcher.models.suggestion import Suggestion
from matcher.ranking.types import Mode, NeededSkill, OfferedSkill, WeeklySlot
from matcher.services import answers, clocks, missions, reports
from tests import ways
from tests.factories import World

PHONE = "+33 6 12 34 56 78"
HEADLINE = "Contrôleuse de gestion"
TITLE = "Refaire notre suivi de trésorerie"
POINTS = "Dites-nous combien d’heures.\nPrécisez le lieu, et ne laissez pas de 06 12 34 56 78 dans le texte."
REASONS: list[Json] = [
    {"code": "matched_skills", "labels": ["Comptabilité associative"]},
    {"code": "hours_fit", "available": 18.0, "needed": 12.0},
    {"code": "common_slots", "slots": ["mon 18:00-20:00", "sat 09:00-12:00"], "hours": 5.0},
    {"code": "distance", "km": 4.2},
]


@dataclass(frozen=True)
class Scene:
    """What a composer is given."""

    recipient: Account
    need: Need | None
    pairing: Pairing | None = None
    data: dict[str, Json] = field(default_factory=dict)
    branch: Branch | None = None

    @property
    def mailbox(self) -> str:
        """Where an answer to the mail goes."""
        branch = self.need.branch if self.need else self.branch
        assert branch is not None
        return branch.mailbox


VOLUNTEER, CONTACT, COORDINATOR, ADMINISTRATOR = "volunteer", "contact", "coordinator", "administrator"
Prepare = Callable[[World, Pairing], None]


def make(world: World, code: M) -> Scene:
    """Bring about the moment of a mail."""
    if code in NEED_MOMENTS:
        status, role = NEED_MOMENTS[code]
        need = a_need(world, status)
        if code in RUNNING:
            start(world, need, *RUNNING[code])
        return Scene(reader(world, role, need, None), need)
    return a_scene(world, code, PAIRING_MOMENTS[code])


def a_scene(world: World, code: M, moment: "Moment") -> Scene:
    """Bring about a moment of a pairing, and what the mail is given beside it."""
    pairing = a_pairing(world, moment.status)
    moment.prepare(world, pairing)
    data: dict[str, Json] = {}
    if code is M.INVITATION:
        data = {"reply_by": (world.now + timedelta(days=10)).isoformat()}
    if code is M.INVITATIONS:
        another = world.pairing(P.APPROVED, need=a_need(world, N.OPEN), volunteer=pairing.volunteer)
        until = (world.now + timedelta(days=10)).isoformat()
        data = {"replies": {str(each.id): until for each in (pairing, another)}}
    return Scene(reader(world, moment.role, pairing.need, pairing), pairing.need, pairing, data)


def a_need(world: World, status: N) -> Need:
    """A need that says everything; what others wrote holds a telephone number."""
    need = world.need(
        status,
        title=TITLE,
        description="Trois subventions dans un tableur que plus personne ne comprend. Appelez le 06 12 34 56 78.",
        skills=(NeededSkill("Comptabilité associative"), NeededSkill("Tableur")),
        mode=Mode.HYBRID,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 11, 4),
        total_hours=12.0,
        together_hours=6.0,
        weekly=(WeeklySlot(0, time(18), time(20)), WeeklySlot(5, time(9), time(12))),
    )
    with transaction(world.session):
        need.review_points = POINTS
        for account in need.association.members:
            account.phone = PHONE
    return need


def a_pairing(world: World, status: P) -> Pairing:
    """A pairing with a suggestion behind it; the volunteer's name and telephone are known to the database."""
    account = world.account(name="Marie Confidentielle", phone=PHONE)
    skills = (OfferedSkill("Comptabilité associative"), OfferedSkill("Tableur"))
    volunteer = world.volunteer(account=account, headline=f"{HEADLINE}, 06 12 34 56 78", skills=skills)
    need = a_need(world, N.OPEN)
    ranking_id = world.suggest(need, [volunteer])
    pairing = world.pairing(status, need=need, volunteer=volunteer)
    with transaction(world.session):
        row = world.session.query(Suggestion).filter_by(ranking_id=ranking_id).one()
        row.reasons = {"list": REASONS}
    return pairing


def start(world: World, need: Need, clock: Clock, days: int) -> None:
    """Let the clock run that the mail tells of, as the step before it does."""
    with transaction(world.session) as session:
        clocks.start(session, need, clock, world.now + timedelta(days=days))


def reader(world: World, role: str, need: Need, pairing: Pairing | None) -> Account:
    """The account that a mail goes to."""
    if role == VOLUNTEER:
        assert pairing is not None
        return pairing.volunteer.account
    if role == CONTACT:
        return need.association.members[0]
    if role == COORDINATOR:
        return need.branch.coordinators[0].account
    return world.administrator().account


def nothing(_world: World, _pairing: Pairing) -> None:
    """The state is enough."""


def need_becomes(status: N) -> Prepare:
    """Set the need's state, as its own step would."""

    def prepare(world: World, pairing: Pairing) -> None:
        with transaction(world.session):
            pairing.need.status = status

    return prepare


def ask(world: World, pairing: Pairing) -> None:
    """The volunteer asks something, and leaves her address in it."""
    question = "Le tableur est-il en ligne ? Écrivez à marie@example.org."
    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question=question)


def ask_and_answer(world: World, pairing: Pairing) -> None:
    """The coordinator answers."""
    ask(world, pairing)
    answer = "Oui, dans un espace partagé."
    world.act(answers.reply, world.coordinator(pairing.need.branch), pairing_id=pairing.id, answer=answer)


def say_yes_by_telephone(world: World, pairing: Pairing) -> None:
    """The coordinator records a yes."""
    world.act(answers.accept_by_telephone, world.coordinator(pairing.need.branch), pairing_id=pairing.id)


def propose_more(world: World, pairing: Pairing) -> None:
    """The association proposes two more months."""
    plan = missions.Plan(world.now.date(), world.now.date() + timedelta(days=90), 20.0)
    world.act(missions.propose_prolongation, world.member(pairing), pairing_id=pairing.id, plan=plan)


def propose_end(world: World, pairing: Pairing) -> None:
    """The association says that it is finished."""
    world.act(missions.finish, world.member(pairing), pairing_id=pairing.id, hours=12.5)


def end_after_talk(world: World, pairing: Pairing) -> None:
    """The association says « finalement non »."""
    ways.refuse(world, pairing)


def mails_come_back(world: World, pairing: Pairing) -> None:
    """The invitation did not arrive."""
    world.run(reports.release_unreachable, pairing_id=pairing.id)


RUNNING: dict[M, tuple[Clock, int]] = {
    M.STILL_NEEDED: (Clock.HOLD_SILENT, 14),
    M.NEED_HELD_SILENT: (Clock.EXPIRE_HOLD, 30),
    M.NEED_WITHOUT_MEMBER_COORDINATOR: (Clock.EXPIRE_HOLD, 30),
    M.HOLD_WARNING: (Clock.EXPIRE_HOLD, 7),
}
NEED_MOMENTS: dict[M, tuple[N, str]] = {
    M.NEED_RECEIVED: (N.SUBMITTED, CONTACT),
    M.NEED_GIVEN_UP: (N.CLOSED, CONTACT),
    M.NEED_DISCARDED: (N.CLOSED, CONTACT),
    M.NEED_OPENED: (N.OPEN, CONTACT),
    M.CHANGES_REQUESTED: (N.CHANGES_REQUESTED, CONTACT),
    M.NEED_LAPSED: (N.CLOSED, CONTACT),
    M.NEED_REFUSED: (N.CLOSED, CONTACT),
    M.NEED_RESUMED: (N.OPEN, CONTACT),
    M.NEED_COMPLETED: (N.COMPLETED, CONTACT),
    M.DRAFT_REMINDER: (N.DRAFT, CONTACT),
    M.DRAFT_WARNING: (N.DRAFT, CONTACT),
    M.CHANGES_REMINDER: (N.CHANGES_REQUESTED, CONTACT),
    M.REVIEW_LATE: (N.SUBMITTED, CONTACT),
    M.STILL_NEEDED: (N.OPEN, CONTACT),
    M.NEED_HELD_SILENT: (N.ON_HOLD, CONTACT),
    M.HOLD_WARNING: (N.ON_HOLD, CONTACT),
    M.NEED_CORRECTED: (N.OPEN, CONTACT),
    M.NOBODY_YET: (N.OPEN, CONTACT),
    M.NEED_WITHOUT_MEMBER_COORDINATOR: (N.ON_HOLD, COORDINATOR),
    M.NEED_GONE_COORDINATOR: (N.CLOSED, COORDINATOR),
    M.NEED_REOPENED_COORDINATOR: (N.OPEN, COORDINATOR),
    M.REVIEW_LATE_BRANCH: (N.SUBMITTED, COORDINATOR),
    M.REVIEW_LATE_ADMINISTRATORS: (N.SUBMITTED, ADMINISTRATOR),
}


@dataclass(frozen=True)
class Moment:
    """A state of a pairing, a reader, and what else has happened."""

    status: P
    role: str
    prepare: Prepare = nothing


PAIRING_MOMENTS: dict[M, Moment] = {
    M.NEED_FILLED: Moment(P.RELEASED, VOLUNTEER, need_becomes(N.FILLED)),
    M.RESERVE_WAITS: Moment(P.RESERVE, VOLUNTEER, need_becomes(N.FILLED)),
    M.NEED_ON_HOLD: Moment(P.INVITED, VOLUNTEER, need_becomes(N.ON_HOLD)),
    M.NEED_CLOSED: Moment(P.RELEASED, VOLUNTEER, need_becomes(N.CLOSED)),
    M.NEED_CHANGED: Moment(P.ACCEPTED, VOLUNTEER),
    M.APPLICATION_WAITS_ADMINISTRATORS: Moment(P.APPLIED, ADMINISTRATOR),
    M.YES_COORDINATOR: Moment(P.ACCEPTED, COORDINATOR),
    M.QUESTION_COORDINATOR: Moment(P.INVITED, COORDINATOR, ask),
    M.CONFIRMED_COORDINATOR: Moment(P.CONFIRMED, COORDINATOR),
    M.START_CONTESTED_COORDINATOR: Moment(P.CONFIRMED, COORDINATOR),
    M.ENDED_AFTER_TALK_COORDINATOR: Moment(P.CONFIRMED, COORDINATOR, end_after_talk),
    M.ABANDONED_COORDINATOR: Moment(P.ABANDONED, COORDINATOR),
    M.SUSPENDED_COORDINATOR: Moment(P.ACTIVE, COORDINATOR),
    M.WITHDRAWN_COORDINATOR: Moment(P.WITHDRAWN, COORDINATOR),
    M.INVITATION_RETURNED: Moment(P.INVITED, COORDINATOR, mails_come_back),
    M.APPLICATION_RECEIVED: Moment(P.APPLIED, VOLUNTEER),
    M.APPLICATION_LATE: Moment(P.APPLIED, VOLUNTEER),
    M.APPLICATION_ACCEPTED: Moment(P.ACCEPTED, VOLUNTEER),
    M.APPLICATION_RESERVED: Moment(P.RESERVE, VOLUNTEER),
    M.SET_ASIDE: Moment(P.SET_ASIDE, VOLUNTEER),
    M.INVITATION: Moment(P.APPROVED, VOLUNTEER),
    M.INVITATIONS: Moment(P.APPROVED, VOLUNTEER),
    M.INVITATION_REMINDER: Moment(P.INVITED, VOLUNTEER),
    M.FRESH_INVITATION: Moment(P.INVITED, VOLUNTEER),
    M.STILL_FREE: Moment(P.INVITED, VOLUNTEER),
    M.YES_RECEIPT: Moment(P.ACCEPTED, VOLUNTEER),
    M.RESERVE_RECEIPT: Moment(P.RESERVE, VOLUNTEER),
    M.TELEPHONE_RECEIPT: Moment(P.INVITED, VOLUNTEER, say_yes_by_telephone),
    M.QUESTION_ANSWERED: Moment(P.INVITED, VOLUNTEER, ask_and_answer),
    M.YES_LATE: Moment(P.ACCEPTED, VOLUNTEER),
    M.YES_RELEASED: Moment(P.RELEASED, VOLUNTEER),
    M.REFUSED_KINDLY: Moment(P.REFUSED, VOLUNTEER),
    M.RELEASED: Moment(P.RELEASED, VOLUNTEER),
    M.YES_TO_CONTACT: Moment(P.ACCEPTED, CONTACT),
    M.YES_TO_MEMBERS: Moment(P.ACCEPTED, CONTACT),
    M.YES_WITHDRAWN: Moment(P.WITHDRAWN, CONTACT),
    M.INTRODUCED: Moment(P.CONFIRMED, CONTACT),
    M.HAVE_YOU_TALKED: Moment(P.CONFIRMED, VOLUNTEER),
    M.MISSION_SHEET: Moment(P.ACTIVE, VOLUNTEER),
    M.START_CONTESTED: Moment(P.CONFIRMED, CONTACT),
    M.ENDED_AFTER_TALK: Moment(P.CONFIRMED, VOLUNTEER, end_after_talk),
    M.NO_NEWS: Moment(P.ABANDONED, CONTACT),
    M.PROLONGATION_PROPOSED: Moment(P.ACTIVE, VOLUNTEER, propose_more),
    M.PROLONGATION_AGREED: Moment(P.ACTIVE, CONTACT),
    M.FINISH_PROPOSED: Moment(P.ACTIVE, VOLUNTEER, propose_end),
    M.IS_IT_FINISHED: Moment(P.ACTIVE, CONTACT),
    M.MISSION_COMPLETED: Moment(P.COMPLETED, VOLUNTEER),
    M.MISSION_ABANDONED: Moment(P.ABANDONED, CONTACT),
}
