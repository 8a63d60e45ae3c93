"""Two coordinators before the same list: the first decision counts, the second is told and may decide anew."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.branch import BranchCoordinator
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import PairingStatus
from tests.factories import World
from tests.web.visiting import Answer, Visitor

TOLD = "Meanwhile somebody else has decided about this person"


@pytest.fixture
def first(app: Flask, world: World) -> Visitor:
    """The home branch's coordinator."""
    return Visitor(app, world.coordinator().account)


@pytest.fixture
def second(app: Flask, world: World) -> Visitor:
    """A colleague of the same branch."""
    colleague = world.account()
    world.home.coordinators.append(BranchCoordinator(account=colleague))
    world.session.commit()
    return Visitor(app, colleague)


def button(answer: Answer, need_id: int) -> dict[str, str | int]:
    """What the first « Put in the line » of a page would send."""
    form = answer.page.select_one(f"form[action='/reviews/{need_id}/people']")
    assert form is not None
    return {str(one["name"]): str(one["value"]) for one in form.select("input") if one["name"] != "csrf_token"}


def set_aside_link(answer: Answer) -> str:
    """Where the first « Set aside… » of a page leads."""
    link = answer.page.select_one("a[href*='/set-aside']")
    assert link is not None
    return str(link["href"])


def set_aside(visitor: Visitor, address: str) -> Answer:
    """Open the form behind a link and send it as it is, with a reason."""
    seen = visitor.get(address).page.select_one("input[name=seen]")
    assert seen is not None
    return visitor.post(
        address.split("?", maxsplit=1)[0], {"reason": "distance", "seen": str(seen["value"])}, page=address
    )


def status(world: World) -> tuple[PairingStatus, int]:
    """How the one pairing stands, and how many decisions were kept."""
    world.session.rollback()
    world.session.expire_all()
    return world.session.scalars(sa.select(Pairing)).one().status, world.session.query(Decision).count()


def test_who_sets_aside_after_a_colleague_approved_is_told_and_changes_nothing(
    first: Visitor, second: Visitor, world: World
) -> None:
    need = world.need()
    world.suggest(need, [world.volunteer()])
    page = f"/reviews/{need.id}"
    shown = set_aside_link(second.get(page))
    first.post(f"{page}/people", button(first.get(page), need.id), page=page)

    answer = set_aside(second, shown)

    assert status(world) == (PairingStatus.APPROVED, 1)
    assert answer.location == f"{page}/line"
    told = second.get(answer.location).text
    assert f"{TOLD}, or she has answered: in the line" in told.replace("In the line", "in the line")


def test_who_approves_after_a_colleague_set_aside_is_told_and_can_do_so_deliberately(
    first: Visitor, second: Visitor, world: World
) -> None:
    need = world.need()
    world.suggest(need, [world.volunteer()])
    page = f"/reviews/{need.id}"
    shown = button(second.get(page), need.id)
    set_aside(first, set_aside_link(first.get(page)))

    answer = second.post(f"{page}/people", shown, page=page)
    line = second.get(str(answer.location))

    assert TOLD in line.text
    assert status(world) == (PairingStatus.SET_ASIDE, 1)
    second.post(f"{page}/people", button(line, need.id), page=page)
    assert status(world) == (PairingStatus.APPROVED, 2)


def test_a_decision_that_was_seen_is_changed_without_a_word(first: Visitor, second: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    page = f"/reviews/{pairing.need_id}"

    set_aside(second, set_aside_link(second.get(f"{page}/line")))

    assert status(world)[0] is PairingStatus.SET_ASIDE
    assert TOLD not in second.get(f"{page}/line").text


def test_a_decision_taken_back_meanwhile_is_told(first: Visitor, second: Visitor, world: World) -> None:
    need = world.need()
    world.suggest(need, [world.volunteer()])
    page = f"/reviews/{need.id}"
    first.post(f"{page}/people", button(first.get(page), need.id), page=page)
    shown = set_aside_link(second.get(f"{page}/line"))
    undo = first.get(f"{page}/line").page.select_one("form[action$='/undo']")
    assert undo is not None
    first.post(str(undo["action"]), page=page)

    answer = set_aside(second, shown)

    assert "was taken back meanwhile" in second.get(str(answer.location)).text
    assert world.session.query(Pairing).count() == 0
