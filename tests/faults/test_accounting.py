"""The accounting finds each fault that is planted into it, and nothing in what is well."""

from matcher.models.states import PairingStatus
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


def test_the_database_says_what_is_owed(world: World, sqlite_url: str) -> None:
    far_end = FarEnd()
    runtime = runtime_of(sqlite_url, world, far_end, INVITATION_CAP="false", UNDO_S="0")
    pairing = world.pairing(PairingStatus.APPROVED)
    for kind in ("advance_line", "send_invitation", "send_mail"):
        for row in world.messages(kind):
            HANDLERS[kind].handle(runtime, row.id)
            world.session.rollback()
    runtime.engine.dispose()

    found = owed(world.session)

    assert pairing.volunteer.account.email in found.mails.values()
    log = [Handed(identity(each.message_id), each.recipient) for each in far_end.taken]
    assert audit(found, log).breaches == []
    assert audit(found, log[:-1]).figures["lost"] == 1
