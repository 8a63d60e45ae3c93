"""Who reads what of the audit log: each her own, her association's, her branch's; administrators all of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.access_codes import AccessReason, Opened
from matcher.actors import Actor, Anonymous, LinkHolder, Person, System
from matcher.errors import NotFound
from matcher.links import Subject
from matcher.models.audit import AuditEntry
from matcher.models.link import LinkPurpose
from matcher.models.states import EndReason, NeedStatus, PairingReason
from matcher.models.states import PairingStatus as P
from matcher.queries import accesses, own_data
from matcher.queries.accesses import AccessList, By, Show
from matcher.services import applications, line, memberships, missions, needs, reviews
from matcher.services.contacts import open_contacts
from matcher.services.steps import record
from tests import ways
from tests.factories import World

# What led to the mission of the scene.
BEFORE = frozenset({"open_need", "approve", "confirm"})


def told(found: AccessList) -> list[tuple[str, int]]:
    """The acts and their subjects, the latest first."""
    return [(row.action, row.subject_id) for row in found.rows if row.action not in BEFORE]


def write(world: World, actor: Actor, action: str, subject: tuple[str, int], reason: str | None = None) -> None:
    """One entry."""
    record(world.session, actor, world.now, action=action, subject=subject, reason=reason)
    world.session.commit()


class Scene:
    """A mission with all who look at it, and a second one elsewhere of which none of them may read."""

    def __init__(self, world: World) -> None:
        """Agree on both."""
        self.world, self.pairing = world, world.pairing(P.CONFIRMED)
        far = world.branch(departments=("38",))
        self.far = world.coordinator(far)
        self.other = world.volunteer(branch_id=far.id)
        self.coordinator, self.administrator = world.coordinator(), world.administrator()
        pairing = self.pairing
        self.kinds = {
            "volunteer": pairing.volunteer_id,
            "account": pairing.volunteer.account_id,
            "pairing": pairing.id,
            "association": pairing.need.association_id,
            "need": pairing.need_id,
        }

    def open(self, kind: str, action: Opened, by: Actor, reason: AccessReason | None = None) -> tuple[str, int]:
        """Somebody opens something."""
        subject = (kind, self.kinds[kind])
        write(self.world, by, action.value, subject, reason.value if reason else None)
        return action.value, subject[1]


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_the_person_reads_who_looked_at_her_and_in_what_role(scene: Scene, world: World) -> None:
    name = scene.open("volunteer", Opened.NAME, scene.coordinator)
    scene.open("pairing", Opened.CONTACTS, scene.administrator, AccessReason.COMPLAINT)
    contacts = scene.open("account", Opened.CONTACTS, scene.administrator, AccessReason.COMPLAINT)
    account = scene.open("account", Opened.ACCOUNT, scene.administrator)
    write(world, scene.administrator, "suspend_account", ("account", scene.kinds["account"]), "conduct")
    scene.open("association", Opened.MEMBERS, scene.administrator, AccessReason.ASKED)
    write(world, scene.coordinator, "open_name", ("volunteer", scene.other.id))
    write(world, scene.coordinator, "undo", ("pairing", scene.pairing.id))
    write(world, Person(scene.pairing.volunteer.account), "open_name", ("volunteer", scene.pairing.volunteer_id))

    found = accesses.own(world.session, Person(scene.pairing.volunteer.account), number=1)

    assert told(found) == [("suspend_account", account[1]), account, contacts, name]
    assert [row.by for row in found.rows] == [*[By.ADMINISTRATOR] * 3, By.COORDINATOR, By.PERSON]
    assert [branch.id for branch in found.rows[3].branches] == [world.home.id]
    assert (found.rows[4].action, found.rows[4].reason) == ("confirm", "for_association")
    assert found.rows[2].reason == "complaint"


def test_a_member_reads_of_openings_since_she_joined(scene: Scene, world: World) -> None:
    before = scene.open("association", Opened.MEMBERS, scene.administrator, AccessReason.ASKED)
    world.now += timedelta(days=1)
    late = world.join(scene.pairing.need.association, world.account())
    world.now += timedelta(days=1)
    after = scene.open("association", Opened.MEMBERS, scene.administrator, AccessReason.MAIL_TROUBLE)
    assert told(accesses.own(world.session, late, number=1)) == [after]
    contact = Person(scene.pairing.need.contact)
    assert told(accesses.own(world.session, contact, number=1)) == [after, before]
    assert told(accesses.own(world.session, Anonymous(), number=1)) == []


def test_whose_contacts_were_shown_reads_it_and_nobody_else(scene: Scene, world: World) -> None:
    need = scene.pairing.need
    others = [world.join(need.association, world.account()) for _ in range(2)]
    contact = Person(need.contact)
    world.act(memberships.leave, contact, association_id=need.association_id)
    follower = Person(need.contact) if need.contact_id != contact.account_id else None
    shown = others if follower is None else [follower]
    world.act(open_contacts, scene.coordinator, pairing_id=scene.pairing.id)
    world.act(memberships.leave, shown[0], association_id=need.association_id)
    late = world.join(need.association, world.account())

    told_of = ("open_contacts",)
    for reader in (world.volunteer_of(scene.pairing), *shown):
        assert [act for act, _id in told(accesses.own(world.session, reader, number=1))] == [*told_of], reader
    for reader in (contact, late, *(each for each in others if each not in shown)):
        assert told(accesses.own(world.session, reader, number=1)) == [], reader


def test_contacts_opened_before_each_person_had_an_entry_are_told_to_them_once(scene: Scene, world: World) -> None:
    """An earlier version wrote the mission alone; today's opening is not told twice."""
    long_ago = scene.open("pairing", Opened.CONTACTS, scene.coordinator)
    late = world.join(scene.pairing.need.association, world.account())
    world.now += timedelta(days=1)
    world.act(open_contacts, scene.coordinator, pairing_id=scene.pairing.id)

    for reader in (world.volunteer_of(scene.pairing), Person(scene.pairing.need.contact)):
        read = told(accesses.own(world.session, reader, number=1))
        assert read == [("open_contacts", reader.account.id), long_ago], reader
    for stranger in (late, Person(scene.other.account), scene.far):
        assert told(accesses.own(world.session, stranger, number=1)) == []


def test_each_decision_leaves_one_entry_and_she_reads_what_she_was_told(any_world: World) -> None:
    world, need = any_world, any_world.need(seats=5)
    made = {status: world.pairing(status, need=need) for status in (P.SET_ASIDE, P.APPROVED, P.APPLIED, P.ACCEPTED)}
    applied = world.pairing(P.APPLIED, need=need)
    world.act(applications.take_up, world.coordinator(), pairing_id=applied.id)
    ways.set_aside(world, need, made[P.APPLIED].volunteer)
    world.act(missions.refuse, world.member(need), pairing_id=made[P.ACCEPTED].id, reason=PairingReason.SKILLS)
    talking = world.pairing(P.CONFIRMED, need=need)
    world.act(missions.abandon, world.coordinator(), pairing_id=talking.id, reason=PairingReason.NO_NEWS)
    gone = world.pairing(P.APPROVED, need=need)
    undone = gone.id, gone.volunteer_id
    world.act(line.undo, world.coordinator(), pairing_id=gone.id)
    world.act(applications.apply, world.volunteer_of(made[P.SET_ASIDE]), need_id=need.id, motivation="")
    world.act(needs.hold, world.member(need), need_id=need.id, returns_on=None)
    world.act(needs.resume, world.coordinator(), need_id=need.id)
    world.act(needs.close, world.coordinator(), need_id=need.id, reason=EndReason.SOLVED_ELSEWHERE)

    def entries(kind: str, number: int) -> list[tuple[str, str | None]]:
        of = sa.and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id == number)
        rows = world.session.execute(sa.select(AuditEntry.action, AuditEntry.reason).where(of).order_by(AuditEntry.id))
        return [tuple(row) for row in rows]

    assert entries("need", need.id) == [
        ("open_need", None), ("undo", f"volunteer:{undone[1]}"), ("hold_need", "for_association"),
        ("resume_need", "for_branch"), ("close_need", "for_branch"),
    ]  # fmt: skip
    assert entries("pairing", undone[0]) == [("approve", None), ("undo", "approved")]
    stood = {
        made[P.SET_ASIDE]: ([("set_aside", None)], []),
        made[P.APPROVED]: ([("approve", None)], []),
        made[P.APPLIED]: ([("set_aside", "applied")], ["set_aside"]),
        applied: ([("take_up", None)], ["take_up"]),
        made[P.ACCEPTED]: ([("approve", None), ("refuse", "for_association")], ["refuse"]),
        talking: (
            [("approve", None), ("confirm", "for_association"), ("abandon", "for_branch")],
            ["abandon", "confirm"],
        ),
    }
    for pairing, (written, read) in stood.items():
        assert entries("pairing", pairing.id) == written
        hers = world.volunteer_of(pairing)
        assert [row.action for row in accesses.own(world.session, hers, number=1).rows] == read
        (log,) = (each for each in own_data.read(world.session, hers) if each.name == "accesses")
        assert [row["action"] for row in log.rows] == read[::-1]


@pytest.mark.parametrize("act", ["request_changes", "refuse_need"])
def test_what_is_decided_about_a_submitted_need_is_written_down(world: World, act: str) -> None:
    need = world.need(NeedStatus.SUBMITTED)

    world.act(getattr(reviews, act), world.coordinator(), need_id=need.id, points="Combien d’heures ?")

    member = world.member(need)
    (row,) = accesses.of_association(world.session, member, need.association_id, number=1).rows
    assert (row.action, row.by, row.subject_id) == (act, By.COORDINATOR, need.id)


def test_a_branch_reads_of_its_own_notes_and_a_coordinator_not_that_she_was_taken_out(
    scene: Scene, world: World
) -> None:
    about = ("volunteer", scene.pairing.volunteer_id)
    write(world, scene.far, "write_note", about)
    write(world, scene.coordinator, "take_out_note", about)
    own = world.volunteer(account=scene.coordinator.account)
    write(world, scene.administrator, "undo", ("need", scene.pairing.need_id), f"volunteer:{own.id}")
    write(world, scene.administrator, "undo", ("need", scene.pairing.need_id), f"volunteer:{about[1]}")

    found = told(accesses.of_branches(world.session, scene.coordinator, number=1))

    assert found == [("undo", scene.pairing.need_id), ("take_out_note", about[1])]


def test_the_association_reads_its_own_and_nobody_else_reads_it(scene: Scene, world: World) -> None:
    number = scene.kinds["association"]
    members = scene.open("association", Opened.MEMBERS, scene.administrator, AccessReason.ASKED)
    mission = scene.open("pairing", Opened.CONTACTS, scene.coordinator)
    write(world, scene.coordinator, "edit_open_need", ("need", scene.pairing.need_id))
    write(world, Person(world.account()), "join_association", ("account", 7), f"association:{number}")
    for action, subject in (
        ("open_name", ("volunteer", scene.pairing.volunteer_id)),
        ("undo", ("pairing", scene.pairing.id)),
        ("telephone_yes", ("pairing", scene.pairing.id)),
        ("reorder", ("need", scene.pairing.need_id)),
        ("verify", ("association", world.association().id)),
    ):
        write(world, scene.coordinator, action, subject)
    member = world.member(scene.pairing.need)

    found = accesses.of_association(world.session, member, number, number=1)

    assert told(found) == [("join_association", 7), ("edit_open_need", scene.pairing.need_id), mission, members]
    elsewhere = Person(world.association().members[0])
    for reader in (elsewhere, scene.coordinator, scene.administrator, Anonymous(), world.volunteer_of(scene.pairing)):
        with pytest.raises(NotFound):
            accesses.of_association(world.session, reader, number, number=1)


def test_a_coordinator_reads_her_branch_without_her_own_cases(scene: Scene, world: World) -> None:
    name = scene.open("volunteer", Opened.NAME, scene.coordinator)
    mission = scene.open("pairing", Opened.CONTACTS, scene.administrator, AccessReason.STANDS_IN)
    write(world, scene.coordinator, "undo", ("pairing", scene.pairing.id))
    write(world, scene.administrator, "appoint_coordinator", ("account", 7), f"branch:{world.home.id}")
    write(world, scene.far, "open_name", ("volunteer", scene.other.id))
    write(world, scene.administrator, "appoint_coordinator", ("account", 8), "branch:999")
    write(world, scene.administrator, "retry_row", ("outbox", scene.pairing.id))

    found = accesses.of_branches(world.session, scene.coordinator, number=1)
    assert told(found) == [("appoint_coordinator", 7), ("undo", scene.pairing.id), mission, name]

    assert told(accesses.of_branches(world.session, scene.far, number=1)) == [("open_name", scene.other.id)]
    assert told(accesses.of_branches(world.session, scene.administrator, number=1)) == []

    world.join(scene.pairing.need.association, scene.coordinator.account)
    assert told(accesses.of_branches(world.session, scene.coordinator, number=1)) == [("appoint_coordinator", 7), name]


def test_a_coordinator_who_is_the_volunteer_reads_nothing_of_it_as_a_coordinator(scene: Scene, world: World) -> None:
    herself = world.coordinator(world.home)
    scene.pairing.volunteer.account_id = herself.account.id
    world.session.commit()
    scene.open("volunteer", Opened.NAME, scene.administrator, AccessReason.ASKED)
    scene.open("pairing", Opened.CONTACTS, scene.administrator, AccessReason.ASKED)
    write(world, scene.administrator, "undo", ("pairing", scene.pairing.id))

    assert told(accesses.of_branches(world.session, herself, number=1)) == []
    assert [act for act, _id in told(accesses.own(world.session, herself, number=1))] == ["open_contacts", "open_name"]


def test_administrators_read_all_of_it_and_nobody_else_does(scene: Scene, world: World) -> None:
    name = scene.open("volunteer", Opened.NAME, scene.coordinator)
    write(world, scene.administrator, "appoint_administrator", ("account", 7))
    write(world, System("test"), "retry_row", ("outbox", 3))
    holder = world.holder(LinkPurpose.ANSWER, scene.pairing.volunteer.account, Subject(pairing_id=scene.pairing.id))
    write(world, holder, "still_agrees", ("pairing", scene.pairing.id))

    found = accesses.everything(world.session, scene.administrator, Show.ALL, number=1)
    assert [row.by for row in found.rows[:4]] == [By.LINK, By.SYSTEM, By.ADMINISTRATOR, By.COORDINATOR]
    assert isinstance(holder, LinkHolder)
    openings = accesses.everything(world.session, scene.administrator, Show.OPENINGS, number=1)
    assert told(openings) == [name]
    rights = accesses.everything(world.session, scene.administrator, Show.RIGHTS, number=1)
    assert told(rights) == [("appoint_administrator", 7)]
    for reader in (scene.coordinator, world.member(scene.pairing), world.volunteer_of(scene.pairing), Anonymous()):
        with pytest.raises(NotFound):
            accesses.everything(world.session, reader, Show.ALL, number=1)


def test_a_page_takes_three_statements_however_long_the_list_is(scene: Scene, world: World) -> None:
    for _ in range(accesses.PER_PAGE + 5):
        scene.open("volunteer", Opened.NAME, scene.coordinator)
    reader = Person(scene.pairing.volunteer.account)
    world.session.expire_all()
    assert reader.account.id
    seen: list[str] = []
    sa.event.listen(world.session.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2]))

    first = accesses.own(world.session, reader, number=1)
    last = accesses.own(world.session, reader, number=99)

    assert len(seen) == 6
    assert (len(first.rows), first.pages, first.total) == (accesses.PER_PAGE, 2, accesses.PER_PAGE + 6)
    assert (len(last.rows), last.number) == (6, 2)
