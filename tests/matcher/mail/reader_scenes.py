"""One moment for each mail about no need in particular. No expectations here."""

from collections.abc import Callable
from datetime import timedelta

from matcher.database import Json, transaction
from matcher.mail.codes import MailCode as M
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus as N
from matcher.models.states import PairingStatus as P
from matcher.models.volunteer import Commitment
from matcher.services import needs, reviews, silences
from tests.factories import World
from tests.matcher.mail.scenes import TITLE, Scene, ask

MARSEILLE = "13055"


def morning(world: World) -> Scene:
    """A branch where something of each kind waits, needs to review beyond the lines of a section among it."""
    branch = world.branch(departments=("13",))
    now = world.now
    for number in range(22):
        _need(world, N.SUBMITTED, f"{TITLE} ({number + 1})")
    _need(world, N.SUBMITTED, "Nous rappeler au 06 12 34 56 78")
    _pairing(world, P.APPLIED, "Un besoin où l’on candidate")
    ask(world, _pairing(world, P.INVITED, "Un besoin qui soulève une question"))
    _fire(world, _pairing(world, P.ACCEPTED, "Un besoin où un oui attend"), Clock.YES_WAITS_LONG)
    _fire(world, _pairing(world, P.CONFIRMED, "Une mission sans nouvelles"), Clock.TALK_WAITS)
    changed = _pairing(world, P.APPROVED, "Un besoin qui a changé").need
    with transaction(world.session):
        changed.line_waits = True
    world.suggest(_need(world, N.OPEN, "Un besoin auquel personne ne correspond"), [])
    _quiet(world, _need(world, N.OPEN, "Un besoin ouvert depuis longtemps"))
    suspended = world.association(branch)
    world.need(association=suspended, title="Un besoin d’une association suspendue", communes=(MARSEILLE,))
    world.act(reviews.suspend_association, world.coordinator(branch), association_id=suspended.id)
    given_up = _need(world, N.SUBMITTED, "Un besoin abandonné avant lecture")
    world.act(needs.give_up, world.member(given_up), need_id=given_up.id)
    world.now = now
    data: dict[str, Json] = {"branch_id": branch.id, "day": now.date().isoformat()}
    return Scene(world.coordinator(branch).account, None, data=data, branch=branch)


def left_alone(world: World) -> Scene:
    """A volunteer to whom nobody has written for two months, and who is told why by the service itself."""
    account = world.account(name="Odile Lointaine")
    long_ago = world.now - timedelta(days=70)
    volunteer = world.volunteer(
        account=account, places=("29019",), radius_km=10.0, remote=False, languages=("br",),
        invitations_allowed_at=long_ago, confirmed_on=(world.now - timedelta(days=120)).date(),
    )  # fmt: skip
    world.need(title="Tenir un stand", communes=("29019",))
    world.need(title="Traduire un site", communes=("29019",), working_languages=("en",))
    before = len(world.messages("send_mail"))
    assert world.run(silences.tell, volunteer_id=volunteer.id)
    (row,) = world.messages("send_mail")[before:]
    data = row.payload["data"]
    assert isinstance(data, dict)
    return Scene(account, None, data=data, branch=volunteer.branch)


def said_long_ago(world: World) -> Scene:
    """A volunteer who said four months ago when she has time."""
    account = world.account(name="Odile Lointaine")
    said_on = (world.now - timedelta(days=120)).date()
    volunteer = world.volunteer(account=account, commitment=Commitment.WEEKLY, confirmed_on=said_on)
    return Scene(account, None, branch=volunteer.branch)


def _need(world: World, status: N, title: str) -> Need:
    return world.need(status, title=title, communes=(MARSEILLE,))


def _pairing(world: World, status: P, title: str) -> Pairing:
    return world.pairing(status, need=_need(world, N.OPEN, title))


def _fire(world: World, pairing: Pairing, clock: Clock) -> None:
    now = world.now
    world.fire(pairing, clock)
    world.now = now


def _quiet(world: World, need: Need) -> None:
    now = world.now
    world.fire(need, Clock.NOBODY_YET)
    world.now = now
    with transaction(world.session):
        need.opened_at = now - timedelta(days=25)


MOMENTS: dict[M, Callable[[World], Scene]] = {
    M.COORDINATOR_DIGEST: morning,
    M.NO_PROPOSAL: left_alone,
    M.STILL_TRUE: said_long_ago,
}
