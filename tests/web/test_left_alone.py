"""Pages of an association that nobody acts for: who asks is told by whom she is answered, and coordinators answer."""

from flask import Flask

from tests.factories import World
from tests.matcher.services.test_left_alone import ask, colleague_of, left_alone, members
from tests.web import mailed
from tests.web.visiting import Visitor


def test_who_asks_is_told_who_decides_and_the_coordinators_are_written_to(world: World, app: Flask) -> None:
    association, asker = left_alone(world), world.account()
    coordinators = [world.coordinator().account, colleague_of(world).account]

    visitor = Visitor(app, asker)
    answer = visitor.post("/associations/join", {"known": association.name})

    assert answer.status == 303
    assert "a coordinator decides" in visitor.get("/associations").text
    assert mailed.codes(world)[-2:] == [("membership_asked_coordinator", one.email) for one in coordinators]
    assert mailed.link(app, world, "membership_asked_coordinator") == f"/associations/{association.id}"


def test_a_coordinator_finds_it_above_her_list_and_admits(world: World, app: Flask) -> None:
    association, asker = left_alone(world), world.person(name="Zoé Arrivante")
    pending_id, coordinator = ask(world, association, asker), Visitor(app, world.coordinator().account)
    page = f"/associations/{association.id}"

    assert f'href="{page}"' in coordinator.get("/reviews").html
    assert "Zoé Arrivante" in coordinator.get(page).text
    assert "Zoé Arrivante" not in Visitor(app, world.administrator().account).get(page).text
    assert coordinator.post(f"/associations/pending/{pending_id}/admit", page=page).status == 303

    assert members(world, association) == {asker.account.id}
    assert f'href="{page}"' not in coordinator.get("/reviews").html


def test_her_own_request_stands_there_without_an_answer_to_press(world: World, app: Flask) -> None:
    association, her = left_alone(world), world.coordinator()
    pending_id, page = ask(world, association, her), f"/associations/{association.id}"

    shown = Visitor(app, her.account).get(page)

    assert f"/associations/pending/{pending_id}/admit" not in shown.html
    assert Visitor(app, her.account).post(f"/associations/pending/{pending_id}/admit", page=page).status == 403
