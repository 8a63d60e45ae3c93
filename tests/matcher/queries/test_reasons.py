"""Why somebody was set aside or refused: each reader reads what is hers to know, administrators only counts."""

import ast
from pathlib import Path

import pytest

from matcher.actors import Actor
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus, PairingStep
from matcher.policies import Action, may
from matcher.queries import boards, known
from matcher.queries.lines import people_in_line
from matcher.services import line, missions
from matcher.services.line import Choice
from tests.factories import World

ROOT = Path(__file__).parents[3]
HARD = PairingReason.TOO_OFTEN_ASKED


def readers(world: World, pairing: Pairing) -> dict[str, Actor]:
    """Everybody who may see a pairing, and two who coordinate and are a party."""
    return {
        "volunteer": world.volunteer_of(pairing),
        "member": world.member(pairing),
        "coordinator": world.coordinator(),
        "administrator": world.administrator(),
    }


def read(world: World, pairing: Pairing, step: PairingStep) -> dict[str, str | None]:
    """The reason of a step, as each may read it."""
    world.session.refresh(pairing)
    (event,) = [each for each in pairing.events if each.step is step]
    found = {who: known.reason_of(actor, pairing, event) for who, actor in readers(world, pairing).items()}
    return {who: reason.value if reason else None for who, reason in found.items()}


def set_aside(world: World, pairing: Pairing) -> None:
    choice = Choice(pairing.need_id, pairing.volunteer_id, None)
    world.act(line.set_aside, world.coordinator(), choice, reason=HARD)


@pytest.mark.parametrize(
    ("status", "hers"), [(PairingStatus.APPLIED, HARD), (PairingStatus.INVITED, HARD), (PairingStatus.APPROVED, None)]
)
def test_who_was_contacted_or_has_applied_reads_why_she_was_set_aside(
    world: World, status: PairingStatus, hers: PairingReason | None
) -> None:
    pairing = world.pairing(status)
    set_aside(world, pairing)

    assert read(world, pairing, PairingStep.SET_ASIDE) == {
        "volunteer": hers, "member": None, "coordinator": HARD, "administrator": None}  # fmt: skip


def test_who_was_set_aside_before_anybody_wrote_to_her_reads_nothing(world: World) -> None:
    need, volunteer = world.need(NeedStatus.OPEN), world.volunteer()
    world.suggest(need, [volunteer])
    pairing = world.act(line.set_aside, world.coordinator(), Choice(need.id, volunteer.id, None), reason=HARD)

    assert read(world, pairing, PairingStep.SET_ASIDE)["volunteer"] is None


def test_a_refusal_is_read_by_both_sides_and_the_branch(world: World) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    member = world.member(pairing)
    world.act(missions.refuse, member, pairing_id=pairing.id, reason=PairingReason.NO_AGREEMENT)

    everybody = dict.fromkeys(("volunteer", "member", "coordinator"), "no_agreement")
    assert read(world, pairing, PairingStep.REFUSE) == {**everybody, "administrator": None}


def test_a_party_reads_no_reason_as_a_coordinator(world: World) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    set_aside(world, pairing)
    herself, ours = world.coordinator(), world.coordinator(world.home)
    (event,) = [each for each in pairing.events if each.step is PairingStep.SET_ASIDE]
    world.join(pairing.need.association, ours.account)
    world.session.refresh(pairing.need.association)
    assert known.reason_of(ours, pairing, event) is None

    other = world.pairing(PairingStatus.APPROVED)
    set_aside(world, other)
    other.volunteer.account_id = herself.account.id
    world.session.commit()
    (event,) = [each for each in other.events if each.step is PairingStep.SET_ASIDE]
    assert known.reason_of(herself, other, event) is None
    assert not may(herself, Action.READ_REASONS, other)


def test_the_line_tells_reasons_to_the_branch_and_not_to_administrators(world: World) -> None:
    pairing = world.pairing(PairingStatus.APPLIED)
    set_aside(world, pairing)
    told = {}
    for who in (world.coordinator(), world.administrator()):
        (row,) = people_in_line(world.session, who, pairing.need, language="en", today=world.now.date())
        told[who.account.is_administrator] = row.reason
    assert told == {False: HARD, True: None}


def test_a_reason_given_fewer_than_five_times_is_not_counted_aloud(world: World) -> None:
    for number in range(6):
        pairing = world.pairing(PairingStatus.APPLIED)
        reason = PairingReason.SKILLS if number else PairingReason.OTHER
        choice = Choice(pairing.need_id, pairing.volunteer_id, None)
        world.act(line.set_aside, world.coordinator(), choice, reason=reason)
        if number == 4:
            few = boards.reasons(world.session, world.administrator(), world.now)
    assert few == {PairingReason.SKILLS: None, PairingReason.OTHER: None}
    for reader, seen in (
        (world.administrator(), {PairingReason.SKILLS: 5, PairingReason.OTHER: None}),
        (world.coordinator(), {PairingReason.SKILLS: 5, PairingReason.OTHER: None}),
        (world.coordinator(world.branch(departments=("38",))), {}),
        (world.volunteer_of(pairing), {}),
    ):
        assert boards.reasons(world.session, reader, world.now) == seen


def test_no_other_page_reads_a_reason_past_the_door() -> None:
    """Who reads `pairing.reason` or `event.reason` for a page asks queries/known.py; mails have words of their own.

    queries/own_pairings.py is its twin in SQL, and held to it by tests/web/test_own_data.py.
    """
    allowed = {f"matcher/queries/{name}.py" for name in ("known", "own_pairings", "lines", "boards")}
    found = set()
    for folder in ("matcher/queries", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr == "reason" and _is_of_pairing(node.value):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found <= allowed


def _is_of_pairing(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name in {"pairing", "event", "Pairing", "PairingEvent"}


def test_her_own_no_is_no_judgement(world: World) -> None:
    pairing = world.pairing(PairingStatus.DECLINED)
    reader = world.administrator()
    pairing.reason = PairingReason.NO_TIME
    assert known.last_reason(reader, pairing) is PairingReason.NO_TIME
