"""The board: a branch's figures for its coordinators, every branch's for administrators, and no name."""

import pytest
from flask import Flask

from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.services import line
from matcher.services.line import Choice
from tests.factories import World
from tests.web.visiting import Visitor


def rows(visitor: Visitor, address: str = "/board") -> list[list[str]]:
    """Return the funnel's table."""
    table = visitor.get(address).page.select("main table")[0]
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_the_funnel_counts_how_far_needs_have_come(app: Flask, world: World) -> None:
    world.need(NeedStatus.SUBMITTED)
    world.need(NeedStatus.OPEN)
    world.pairing(PairingStatus.WITHDRAWN)
    world.pairing(PairingStatus.COMPLETED)

    assert rows(Visitor(app, world.coordinator().account)) == [
        ["Posted", "4", "100%"],
        ["Opened", "3", "75%"],
        ["With a yes", "2", "50%"],
        ["Confirmed", "1", "25%"],
        ["With a completed mission", "1", "25%"],
    ]


def test_a_board_tells_counts_and_no_names(app: Flask, world: World) -> None:
    pairings = [world.pairing(PairingStatus.CONFIRMED) for _ in range(5)]
    for _ in range(6):
        world.volunteer()

    answer = Visitor(app, world.coordinator().account).get("/board")

    for pairing in pairings:
        assert pairing.volunteer.account.name not in answer.text
        assert pairing.need.title not in answer.text
    assert "6 of 11 volunteers have never been asked" in answer.text


@pytest.mark.parametrize(
    ("asked", "others", "words"),
    [
        (0, 0, "No volunteer belongs to this branch yet."),
        (1, 1, "Fewer than five volunteers belong to this branch: nothing is counted of so few."),
        (0, 4, "Fewer than five volunteers belong to this branch: nothing is counted of so few."),
        (5, 1, "Fewer than five of 6 volunteers have never been asked."),
        (1, 5, "Of 6 volunteers, fewer than five have ever been asked."),
        (5, 0, "0 of 5 volunteers have never been asked for anything"),
        (0, 5, "5 of 5 volunteers have never been asked for anything"),
    ],
)
def test_no_number_of_people_under_five_is_told(app: Flask, world: World, asked: int, others: int, words: str) -> None:
    world.need(NeedStatus.OPEN)
    for _ in range(asked):
        world.pairing(PairingStatus.CONFIRMED)
    for _ in range(others):
        world.volunteer()

    page = Visitor(app, world.coordinator().account).get("/board")

    assert words in page.text
    facts = " ".join(" ".join(each.stripped_strings) for each in page.page.select("dl.facts"))
    assert facts.endswith({0: "", 1: " fewer than five", 5: " 5"}[asked])


def test_an_administrator_sees_every_branch_and_chooses_one(app: Flask, world: World) -> None:
    elsewhere = world.branch(departments=("38",))
    world.need(NeedStatus.OPEN)
    visitor = Visitor(app, world.administrator().account)

    assert rows(visitor)[0] == ["Posted", "1", "100%"]
    assert "Nothing to count yet" in visitor.get(f"/board?branch={elsewhere.slug}").text


def test_a_coordinator_sees_no_other_branch(app: Flask, world: World) -> None:
    elsewhere = world.branch(departments=("38",))
    world.need(NeedStatus.OPEN)

    text = Visitor(app, world.coordinator(elsewhere).account).get(f"/board?branch={world.home.slug}").text

    assert "Nothing to count yet" in text
    assert Visitor(app, world.volunteer().account).get("/board").status == 403


@pytest.mark.parametrize("number", [1, 8])
def test_the_board_takes_at_most_nine_statements(app: Flask, world: World, number: int) -> None:
    for _ in range(number):
        world.pairing(PairingStatus.INVITED)

    assert Visitor(app, world.coordinator().account).count("/board") <= 9


def test_reasons_are_counted_and_small_numbers_are_not_told(app: Flask, world: World) -> None:
    pairing = world.pairing(PairingStatus.APPLIED)
    choice = Choice(pairing.need_id, pairing.volunteer_id, None)
    world.act(line.set_aside, world.coordinator(), choice, reason=PairingReason.TOO_OFTEN_ASKED)

    board = Visitor(app, world.administrator().account).get("/board")
    assert "already asked often of late fewer than five" in " ".join(
        board.page.select("main table")[1].stripped_strings
    )

    pages = {
        who: Visitor(app, account).get(f"/missions/{pairing.id}").text
        for who, account in (
            ("her", pairing.volunteer.account),
            ("coordinator", world.coordinator().account),
            ("administrator", world.administrator().account),
        )
    }
    told = {who for who, text in pages.items() if "Reason: already asked often of late." in text}
    assert told == {"her", "coordinator"}
