"""The accounting finds each fault that is planted into it, and nothing in what is well."""

import pytest

from matcher.database import transaction
from matcher.models.invitation_mail import InvitationMail
from matcher.models.states import PairingStatus
from tests import ways
from tests.factories import World
from tests.faults.accounting import Handed, Owed, audit, identity, owed
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS

OWED = Owed({"binome.1": "a@example.org", "account.2": "b@example.org"})
WELL = [Handed("binome.1", "a@example.org"), Handed("account.2", "b@example.org")]


def test_what_is_well_has_no_breach() -> None:
    balance = audit(OWED, WELL)

    assert balance.breaches == []
    assert str(balance) == "attempted 2, handed 2, lost 0, unexpected 0, copies 0, copies_bound 0, most_of_one 1"


def test_a_mail_that_never_arrived_is_lost() -> None:
    balance = audit(OWED, WELL[:1])

    assert balance.breaches == ["lost: account.2"]
    assert balance.figures["lost"] == 1


def test_a_mail_of_nobody_and_a_mail_to_somebody_else_are_unexpected() -> None:
    strangers = [Handed("binome.3", "a@example.org"), Handed("binome.1", "b@example.org")]

    assert audit(OWED, [*WELL, *strangers]).breaches == ["unexpected: binome.1", "unexpected: binome.3"]


def test_copies_above_the_bound_are_a_breach_and_within_it_none() -> None:
    log = [*WELL, WELL[0], WELL[0]]

    assert audit(OWED, log, bound=1).breaches == ["2 copies, bound 1"]
    assert audit(OWED, log, bound=2).breaches == []
    assert audit(OWED, log, bound=2).most_copies_of_one == 3


def test_a_row_without_an_end_is_a_breach() -> None:
    balance = audit(Owed({}, unfinished=frozenset({7}), parked=frozenset({8})), [])

    assert balance.breaches == ["without an end: row 7", "without an end: row 8"]
    assert balance.figures["lost"] == 2


def test_a_message_id_names_its_mail_without_the_host() -> None:
    assert identity("<binome.12@binome.example>") == "binome.12"


def sent_by_workers(world: World, url: str) -> list[Handed]:
    """Let a worker do all that is due; return the log of the far end."""
    far_end = FarEnd()
    runtime = runtime_of(url, world, far_end, INVITATION_CAP="false", UNDO_S="0")
    for kind in ("advance_line", "send_invitation", "send_mail"):
        for row in world.messages(kind):
            HANDLERS[kind].handle(runtime, row.id)
            world.session.rollback()
    runtime.engine.dispose()
    return [Handed(identity(each.message_id), each.recipient) for each in far_end.taken]


def test_the_database_says_what_is_owed(world: World, sqlite_url: str) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    log = sent_by_workers(world, sqlite_url)

    found = owed(world.session)

    assert pairing.volunteer.account.email in found.mails.values()
    assert audit(found, log).breaches == []
    assert audit(found, log[:-1]).figures["lost"] == 1


@pytest.fixture
def gathered(world: World, sqlite_url: str) -> list[Handed]:
    """The log of the far end after three invitations of one person have left in one mail."""
    her = world.volunteer()
    for _ in range(3):
        world.pairing(PairingStatus.APPROVED, volunteer=her)
    log = sent_by_workers(world, sqlite_url)
    assert sum(each.recipient == her.account.email for each in log) == 1
    return log


def test_invitations_that_gathered_in_one_mail_are_one_mail(world: World, gathered: list[Handed]) -> None:
    found = owed(world.session)

    (mail,) = [each for each in gathered if each.identity.startswith("invitation.")]
    assert audit(found, gathered).breaches == []
    assert audit(found, [each for each in gathered if each != mail]).breaches == [f"lost: {mail.identity}"]
    assert audit(found, [*gathered, mail]).breaches == ["1 copies, bound 0"]
    other = Handed("invitation.999.0", mail.recipient)
    assert audit(found, [*gathered, other]).breaches == ["unexpected: invitation.999.0"]


def test_a_mail_that_left_without_its_record_is_a_breach(world: World, gathered: list[Handed]) -> None:
    with transaction(world.session):
        world.session.query(InvitationMail).delete()

    (found,) = audit(owed(world.session), gathered).breaches
    assert found.endswith("1 mails left, 0 recorded; 0 invitations in them, 3 marked as invited")


def test_somebody_marked_as_invited_whom_no_mail_carried_is_a_breach(world: World, gathered: list[Handed]) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    ways.invite(world, pairing)

    (found,) = owed(world.session).contradictions
    assert found.startswith(f"volunteer {pairing.volunteer_id}: 0 mails left, 1 recorded")


def test_a_record_that_names_fewer_invitations_than_were_marked_is_a_breach(
    world: World, gathered: list[Handed]
) -> None:
    with transaction(world.session):
        world.session.query(InvitationMail).update({InvitationMail.invitations: 2})

    (found,) = audit(owed(world.session), gathered).breaches
    assert found.endswith("2 invitations in them, 3 marked as invited")


def test_a_row_that_ended_without_a_mail_is_lost_where_nobody_withdraws() -> None:
    owed = Owed({"account.1": "a@example.org"}, withdrawn={7: "has no sense any more"})
    log = [Handed("account.1", "a@example.org")]

    assert audit(owed, log).breaches == []
    balance = audit(owed, log, all_leave=True)

    assert balance.breaches == ["settled without a mail: row 7: has no sense any more"]
    assert (balance.attempted, balance.figures["lost"]) == (2, 1)
