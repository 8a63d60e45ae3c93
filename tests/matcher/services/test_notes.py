"""Notes between coordinators: who writes and reads them, that nothing forwards them, and when they are deleted."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import Anonymous, Hat, Person
from matcher.database import transaction
from matcher.errors import ConflictOfInterest, NotAllowed, NotFound, TextTooLong
from matcher.models.account import ADMINISTRATOR, Role
from matcher.models.branch import BranchCoordinator
from matcher.models.note import NOTE_MAX, Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, may, visible
from matcher.queries.notes import notes_about, notes_on, numbers_of_notes
from matcher.services import line, notes, privacy
from tests.architecture.source import modules, name
from tests.factories import World

TEXT = "Préfère être appelée le soir, jamais au travail."


def write(world: World, pairing: Pairing, text: str = TEXT, actor: Person | None = None) -> Note:
    """A coordinator of the need's branch writes about its volunteer."""
    words = {"need_id": pairing.need_id, "volunteer_id": pairing.volunteer_id, "text": text}
    return world.act(notes.write, actor or world.coordinator(), **words)


def all_notes(world: World) -> list[Note]:
    """Return what stands in the database now."""
    return list(world.session.scalars(sa.select(Note)))


def another_coordinator(world: World, pairing: Pairing) -> Person:
    """Somebody else of the same branch."""
    account = world.account()
    with transaction(world.session):
        pairing.need.branch.coordinators.append(BranchCoordinator(account=account))
    return Person(account, Hat.COORDINATOR)


def test_coordinators_of_the_branch_read_a_note_and_nobody_else_does(world: World) -> None:
    pairing = world.pairing(PairingStatus.COMPLETED)
    note = write(world, pairing)
    colleague = another_coordinator(world, pairing)
    readers = {
        "author": world.coordinator(),
        "colleague": colleague,
        "anonymous": Anonymous(),
        "she": world.volunteer_of(pairing),
        "another volunteer": world.volunteer_of(world.volunteer()),
        "member": world.member(pairing),
        "other branch": world.coordinator(world.branch()),
        "administrator": world.administrator(),
    }
    told = {who for who, actor in readers.items() if may(actor, Action.READ, note)}
    listed = {
        who
        for who, actor in readers.items()
        if world.session.scalars(sa.select(Note).where(visible(actor, Note))).all()
    }
    assert told == listed == {"author", "colleague"}
    assert {who for who, actor in readers.items() if may(actor, Action.WRITE, note)} == {"author"}
    assert [one.text for one in notes_on(world.session, colleague, pairing.volunteer)] == [TEXT]
    assert numbers_of_notes(world.session, colleague, pairing.need) == {pairing.volunteer_id: 1}
    assert not numbers_of_notes(world.session, world.administrator(), pairing.need)


def test_an_administrator_reads_notes_only_where_she_coordinates(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    note = write(world, pairing)
    colleague = another_coordinator(world, pairing)
    with transaction(world.session):
        colleague.account.roles = [Role(name=ADMINISTRATOR)]

    assert may(colleague, Action.READ, note)
    assert len(notes_on(world.session, colleague, pairing.volunteer)) == 1


def test_a_coordinator_reads_no_note_about_herself_and_writes_none(world: World) -> None:
    herself = another_coordinator(world, world.pairing(PairingStatus.INVITED))
    own = world.pairing(PairingStatus.INVITED, volunteer=world.volunteer(account=herself.account))
    note = write(world, own)

    assert not may(herself, Action.READ, note)
    assert notes_on(world.session, herself, own.volunteer) == ()
    with pytest.raises(ConflictOfInterest):
        write(world, own, actor=herself)


def test_only_who_decides_writes_about_people_of_the_branch_or_the_line(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    far = world.volunteer(branch_id=world.branch().id)
    world.suggest(pairing.need, [far])
    member = another_coordinator(world, pairing)
    world.join(pairing.need.association, member.account)
    refused = [
        (world.volunteer_of(pairing), pairing.volunteer, NotFound),
        (world.member(pairing), pairing.volunteer, NotFound),
        (world.coordinator(world.branch()), pairing.volunteer, NotFound),
        (world.administrator(), pairing.volunteer, NotAllowed),
        (member, pairing.volunteer, ConflictOfInterest),
        (world.coordinator(), far, NotAllowed),
    ]
    for actor, volunteer, error in refused:
        with pytest.raises(error):
            world.act(notes.write, actor, need_id=pairing.need_id, volunteer_id=volunteer.id, text=TEXT)
    for text in ("", "   ", "x" * (NOTE_MAX + 1)):
        with pytest.raises(TextTooLong):
            write(world, pairing, text)
    assert all_notes(world) == []


def test_a_note_about_a_volunteer_of_the_branch_needs_no_pairing(world: World) -> None:
    need, hers = world.need(), world.volunteer()

    note = world.act(notes.write, world.coordinator(), need_id=need.id, volunteer_id=hers.id, text=TEXT)

    assert (note.pairing_id, note.branch_id) == (None, need.branch_id)


def test_only_its_author_takes_a_note_out(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    note = write(world, pairing)
    colleague = another_coordinator(world, pairing)
    for actor, error in ((colleague, NotAllowed), (world.administrator(), NotFound), (world.member(pairing), NotFound)):
        with pytest.raises(error):
            world.act(notes.take_out, actor, note_id=note.id)

    world.act(notes.take_out, world.coordinator(), note_id=note.id)

    assert all_notes(world) == []


def test_a_note_sends_nothing_and_only_the_coordinators_pages_and_her_export_read_notes(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    world.forget_mails()
    write(world, pairing)
    assert world.session.scalars(sa.select(OutboxRow)).all() == []

    reads = re.compile(
        r"matcher\.(?:models|queries|services)\.note|queries import .*\bnotes\b|services import .*\bnotes\b"
    )
    readers = {name(path) for path in modules() if reads.search(path.read_text(encoding="utf-8"))}
    assert not {each for each in readers if each.startswith(("matcher/mail", "workers/")) and "retention" not in each}


def test_she_reads_what_was_written_about_her_and_not_by_whom(world: World) -> None:
    pairing, other = world.pairing(PairingStatus.INVITED), world.pairing(PairingStatus.INVITED)
    write(world, pairing)
    write(world, other, "Une autre personne.")

    found = notes_about(world.session, pairing.volunteer)

    assert [(one.text, one.pairing_id) for one in found] == [(TEXT, pairing.id)]
    assert not hasattr(found[0], "author")


def test_notes_go_with_the_volunteer_and_after_a_year(world: World) -> None:
    pairing, other = world.pairing(PairingStatus.INVITED), world.pairing(PairingStatus.INVITED)
    write(world, pairing)
    world.now += timedelta(days=30)
    write(world, other)

    world.act(privacy.erase_account, world.volunteer_of(pairing))
    assert [note.volunteer_id for note in all_notes(world)] == [other.volunteer_id]

    written = world.now
    for days, left in ((365, 1), (366, 0)):
        with transaction(world.session):
            notes.forget_before(world.session, written + timedelta(days=days) - timedelta(days=365))
        assert len(all_notes(world)) == left


def test_an_erased_author_leaves_the_note_without_a_name(world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    author = another_coordinator(world, pairing)
    write(world, pairing, actor=author)

    world.act(privacy.erase_account, author)

    seen = notes_on(world.session, world.coordinator(), world.session.get_one(Volunteer, pairing.volunteer_id))
    assert [(note.text, note.author) for note in seen] == [(TEXT, "")]


def test_a_decision_that_is_taken_back_leaves_the_notes_of_colleagues(any_world: World) -> None:
    world = any_world
    pairing = world.pairing(PairingStatus.SET_ASIDE)
    colleague, need = another_coordinator(world, pairing), pairing.need
    write(world, pairing, actor=colleague)

    world.act(line.undo, world.coordinator(), pairing_id=pairing.id)

    (note,) = all_notes(world)
    assert (note.text, note.pairing_id, note.need_id) == (TEXT, None, need.id)
    seen = notes_on(world.session, world.coordinator(), note.volunteer)
    assert [(one.text, one.title) for one in seen] == [(TEXT, need.title)]
    world.act(notes.take_out, colleague, note_id=note.id)


@pytest.mark.parametrize("is_paired", [True, False])
def test_a_coordinator_reads_no_note_written_beside_a_need_of_her_association(
    any_world: World, is_paired: bool
) -> None:
    world = any_world
    pairing = world.pairing(PairingStatus.SET_ASIDE)
    need, volunteer = pairing.need, pairing.volunteer
    note = write(world, pairing)
    if not is_paired:
        world.act(line.undo, world.coordinator(), pairing_id=pairing.id)
    party = another_coordinator(world, world.pairing(PairingStatus.APPROVED, volunteer=volunteer))
    other = write(world, world.pairing(PairingStatus.APPROVED, volunteer=volunteer))
    assert len(notes_on(world.session, party, volunteer)) == 2

    world.join(need.association, party.account)
    world.session.expire_all()

    assert [one.note_id for one in notes_on(world.session, party, volunteer)] == [other.id]
    assert [may(party, Action.READ, each) for each in (note, other)] == [False, True]


def test_a_note_that_is_sent_twice_is_written_once_and_anothers_is_her_own(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.INVITED)
    colleague = another_coordinator(any_world, pairing)

    first, again = write(any_world, pairing), write(any_world, pairing, f" {TEXT} ")
    theirs, other = write(any_world, pairing, actor=colleague), write(any_world, pairing, "Autre chose.")

    assert first.id == again.id
    assert len({first.id, theirs.id, other.id}) == len(all_notes(any_world)) == 3
