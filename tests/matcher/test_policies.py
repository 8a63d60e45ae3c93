"""Who may read and do what: the table of permissions case by case, and `visible` equal to `may` for everybody."""

import pytest
import sqlalchemy as sa

from matcher.actors import Actor, Anonymous, Person, System
from matcher.errors import ConflictOfInterest, NotAllowed, NotFound
from matcher.links import Subject
from matcher.models.association import Association, AssociationStatus
from matcher.models.branch import BranchCoordinator
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import LIVE, NeedStatus, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, may, require, visible
from matcher.services import needs
from tests import ways
from tests.factories import World

S, N = PairingStatus, NeedStatus
PRINCIPALS = ("anonymous", "herself", "volunteer", "own", "other", "coordinator", "elsewhere", "administrator")
ALL = " ".join(PRINCIPALS)
STAFF = "own coordinator administrator"


class Cast:
    """One pairing, its need and volunteer, and the eight principals who look at them."""

    def __init__(self, world: World, need: Need, status: PairingStatus | None = None) -> None:
        """Bring the pairing to a state; without one there is no pairing."""
        self.world, self.need = world, need
        self.volunteer = world.volunteer()
        self.pairing = world.pairing(status, need=need, volunteer=self.volunteer) if status else None
        self.actors: dict[str, Actor] = {
            "anonymous": Anonymous(),
            "herself": world.volunteer_of(self.volunteer),
            "volunteer": world.volunteer_of(world.volunteer()),
            "own": world.member(need),
            "other": world.member(world.association()),
            "coordinator": world.coordinator(need.branch),
            "elsewhere": world.coordinator(world.national),
            "administrator": world.administrator(),
        }

    def who_may(self, action: Action, subject: Need | Pairing | Volunteer | Association | Suggestion) -> str:
        """The principals who may, in their order."""
        return " ".join(name for name in PRINCIPALS if may(self.actors[name], action, subject))


@pytest.mark.parametrize(
    ("status", "readers", "writers"),
    [
        (N.DRAFT, "own administrator", "own"),
        (N.SUBMITTED, STAFF, "own coordinator"),
        (N.CHANGES_REQUESTED, STAFF, "own coordinator"),
        (N.OPEN, ALL, "own coordinator"),
        (N.FILLED, ALL, "own coordinator"),
        (N.ON_HOLD, STAFF, "own coordinator"),
        (N.COMPLETED, STAFF, "own coordinator"),
        (N.CLOSED, STAFF, "own coordinator"),
    ],
)
def test_needs_are_read_and_written_by(world: World, status: NeedStatus, readers: str, writers: str) -> None:
    cast = Cast(world, world.need(status))

    assert cast.who_may(Action.READ, cast.need) == readers
    assert cast.who_may(Action.WRITE, cast.need) == cast.who_may(Action.HOLD, cast.need) == writers
    assert cast.who_may(Action.SUBMIT, cast.need) == "own"
    assert cast.who_may(Action.REVIEW, cast.need) == writers.removeprefix("own").strip()


def test_a_volunteer_reads_a_held_need_with_a_pairing_that_she_knows_of(world: World) -> None:
    for status, is_shown in ((S.INVITED, True), (S.APPROVED, False)):
        cast = Cast(world, world.need(), status)
        ways.hold(world, cast.need)

        assert may(cast.actors["herself"], Action.READ, cast.need) is is_shown


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        (S.APPROVED, "coordinator administrator"),
        (S.SET_ASIDE, "coordinator administrator"),
        (S.APPLIED, "herself coordinator administrator"),
        (S.INVITED, "herself coordinator administrator"),
        (S.RESERVE, "herself coordinator administrator"),
        (S.DECLINED, "herself coordinator administrator"),
        (S.ACCEPTED, "herself own coordinator administrator"),
        (S.REFUSED, "herself own coordinator administrator"),
        (S.WITHDRAWN, "herself own coordinator administrator"),
        (S.CONFIRMED, "herself own coordinator administrator"),
        (S.ABANDONED, "herself own coordinator administrator"),
    ],
)
def test_pairings_are_read_by(world: World, status: PairingStatus, readers: str) -> None:
    cast = Cast(world, world.need(), status)

    assert cast.pairing
    assert cast.who_may(Action.READ, cast.pairing) == readers
    assert cast.who_may(Action.REVIEW, cast.pairing) == "coordinator"
    assert cast.who_may(Action.ANSWER, cast.pairing) == "herself"
    assert cast.who_may(Action.REPLY_TO_YES, cast.pairing) == "own"


@pytest.mark.parametrize("status", PairingStatus)
def test_contacts_are_open_while_confirmed_active_or_completed_and_never_else(
    world: World, status: PairingStatus
) -> None:
    cast = Cast(world, world.need(seats=2), status)
    is_open = status in {S.CONFIRMED, S.ACTIVE, S.COMPLETED}

    assert cast.pairing
    sides = "herself own " if is_open else ""
    assert cast.who_may(Action.SEE_CONTACTS, cast.pairing) == f"{sides}coordinator administrator"


def test_a_profile_is_read_by_herself_her_branch_and_the_branch_that_is_offered_her(world: World) -> None:
    cast = Cast(world, world.need())
    far = world.branch(departments=("13",))
    away = world.volunteer(branch_id=far.id)

    assert cast.who_may(Action.READ, cast.volunteer) == "herself coordinator administrator"
    assert cast.who_may(Action.WRITE, cast.volunteer) == "herself"
    assert cast.who_may(Action.READ, away) == "administrator"
    world.suggest(cast.need, [away])
    assert cast.who_may(Action.READ, away) == "coordinator administrator"
    applied = world.volunteer(branch_id=far.id)
    world.pairing(S.APPLIED, need=cast.need, volunteer=applied)
    assert cast.who_may(Action.READ, applied) == "coordinator administrator"


def test_a_suggestion_is_read_by_its_coordinator_and_by_her_for_needs_that_she_may_see(world: World) -> None:
    cast = Cast(world, world.need())
    world.suggest(cast.need, [cast.volunteer])
    suggestion = world.session.scalars(sa.select(Suggestion)).one()

    assert cast.who_may(Action.READ, suggestion) == "herself coordinator administrator"
    ways.hold(world, cast.need)
    assert cast.who_may(Action.READ, suggestion) == "coordinator administrator"


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        (AssociationStatus.VERIFIED, ALL),
        (AssociationStatus.UNVERIFIED, STAFF),
        (AssociationStatus.SUSPENDED, STAFF),
        (AssociationStatus.CLOSED, STAFF),
    ],
)
def test_associations_are_read_by(world: World, status: AssociationStatus, readers: str) -> None:
    association = world.association(status=status)
    cast = Cast(world, world.need(N.DRAFT, association=world.association()))
    cast.actors["own"] = world.member(association)

    assert cast.who_may(Action.READ, association) == readers
    assert cast.who_may(Action.WRITE, association) == "own"
    assert cast.who_may(Action.VERIFY, association) == "coordinator"


def test_somebody_elses_object_is_not_found_and_a_function_not_allowed(world: World) -> None:
    draft, opened = world.need(N.DRAFT), world.need()

    with pytest.raises(NotFound):
        require(world.person(), Action.WRITE, draft)
    with pytest.raises(NotAllowed):
        require(world.person(), Action.WRITE, opened)
    with pytest.raises(NotAllowed):
        require(world.member(opened), Action.REVIEW, opened)


def test_a_coordinator_with_a_part_in_it_is_in_conflict(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    for account in (pairing.volunteer.account, world.member(pairing).account):
        world.home.coordinators.append(BranchCoordinator(account=account))
    world.session.commit()

    for actor in (world.volunteer_of(pairing), world.member(pairing)):
        with pytest.raises(ConflictOfInterest):
            require(actor, Action.REVIEW, pairing)


@pytest.mark.parametrize("status", list(S))
def test_a_coordinator_on_the_way_to_a_need_judges_none_of_her_rivals(world: World, status: S) -> None:
    pairing = world.pairing(status, need=world.need(seats=3))
    rival = world.pairing(S.INVITED, need=pairing.need)
    world.home.coordinators.append(BranchCoordinator(account=pairing.volunteer.account))
    world.session.commit()
    her, is_rival = world.volunteer_of(pairing), status in LIVE and pairing.is_known_to_her

    for subject in (pairing.need, rival):
        assert may(her, Action.READ, subject)
        assert may(her, Action.REVIEW, subject) is not is_rival
        if is_rival:
            with pytest.raises(ConflictOfInterest):
                require(her, Action.REVIEW, subject)
    assert may(her, Action.REVIEW, world.need()), "other needs are hers to review"


def test_a_link_does_its_one_thing_and_shows_no_contacts(world: World) -> None:
    pairing, other = world.pairing(S.CONFIRMED), world.pairing(S.CONFIRMED)
    granted = {
        LinkPurpose.ANSWER: Action.ANSWER,
        LinkPurpose.REPLY_TO_YES: Action.REPLY_TO_YES,
        LinkPurpose.NOT_WHAT_I_SAID: Action.CORRECT_TELEPHONE,
        LinkPurpose.UNSUBSCRIBE: None,
    }
    for purpose, action in granted.items():
        is_reply = purpose is LinkPurpose.REPLY_TO_YES
        reader = world.member(pairing).account if is_reply else pairing.volunteer.account
        holder = world.holder(purpose, reader, Subject(pairing_id=pairing.id))

        allowed = {a for a in Action if may(holder, a, pairing)}

        assert allowed == {Action.READ, action} - {None}
        assert not any(may(holder, a, other) for a in Action)
        assert {a for a in Action if may(holder, a, pairing.need)} == {Action.READ, Action.READ_NAME}


def _coordinator_with_a_part(world: World, need: Need) -> Person:
    """A second coordinator of the need's branch: a member of its association, with pairings and suggestions."""
    account = world.account()
    need.branch.coordinators.append(BranchCoordinator(account=account))
    world.session.commit()
    volunteer = world.volunteer(account=account)
    for status in (S.APPROVED, S.INVITED):
        world.pairing(status, volunteer=volunteer)
    world.suggest(world.need(N.ON_HOLD), [volunteer, world.volunteer()])
    world.suggest(need, [world.volunteer()])
    return world.join(need.association, account)


def _full_world(world: World) -> dict[str, Actor]:
    """Needs in every state here and elsewhere, pairings in every state, suggestions, and all who could look."""
    far = world.branch(departments=("38",))
    many = world.need(seats=9)
    held = world.need(seats=9)
    # A reserve needs all seats held: it comes last.
    statuses = [*(set(PairingStatus) - {S.RESERVE}), S.RESERVE]
    pairings = [world.pairing(status, need=need) for need in (many, held) for status in statuses]
    ways.hold(world, held)
    world.act(needs.edit, world.member(many), need_id=many.id, content=world.content(seats=9, title="Autre"))
    for status in NeedStatus:
        world.need(status)
        away = world.need(status, communes=("38185",), association=world.association(far))
        world.suggest(away, [pairings[0].volunteer, world.volunteer(branch_id=far.id), world.volunteer()])
    for status in AssociationStatus:
        world.association(status=status)
    asked = next(p for p in pairings if p.need is held and p.status is S.INVITED)
    actors: dict[str, Actor] = {
        "anonymous": Anonymous(),
        "system": System("test"),
        "nobody in particular": world.person(),
        "unconfirmed": world.person(is_confirmed=False),
        "member": world.member(many),
        "member of the held": world.member(held),
        "home coordinator": world.coordinator(),
        "far coordinator": world.coordinator(far),
        "national coordinator": world.coordinator(world.national),
        "administrator": world.administrator(),
        "coordinator who volunteers": _coordinator_with_a_part(world, many),
    }
    actors |= {f"volunteer {p.status}, {p.need.status}": world.volunteer_of(p) for p in pairings}
    for purpose in LinkPurpose:
        subject = Subject(need_id=held.id) if purpose is LinkPurpose.STILL_NEEDED else Subject(pairing_id=asked.id)
        actors[f"link {purpose}"] = world.holder(purpose, asked.volunteer.account, subject)
    return actors


def test_what_a_list_shows_is_exactly_what_may_be_read(world: World) -> None:
    actors = _full_world(world)
    differences = {}
    for entity in (Need, Pairing, Volunteer, Association, Suggestion):
        rows = world.session.scalars(sa.select(entity)).unique().all()
        for name, actor in actors.items():
            shown = set(world.session.scalars(sa.select(entity.id).where(visible(actor, entity))))
            readable = {row.id for row in rows if may(actor, Action.READ, row)}
            if shown != readable:
                differences[entity.__name__, name] = (shown - readable, readable - shown)

    assert differences == {}
