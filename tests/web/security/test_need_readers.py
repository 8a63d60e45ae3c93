"""Needs without their association's name, and needs for invited people only: nobody reads more than is hers to read.

The association bears a name that stands nowhere else, and its place a commune of a department that shows.
"""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.actors import Anonymous, Person
from matcher.database import transaction
from matcher.errors import OnlyByInvitation
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.queries.needs import NeedFilters, list_needs
from matcher.ranking.types import NeededSkill, OfferedSkill
from matcher.services import applications
from tests.architecture.source import modules, name
from tests.factories import World
from tests.web.linking import answer_path
from tests.web.test_my_needs import form_of
from tests.web.visiting import Visitor

NAME, PLACE, TITLE = "Zyxomma", "Lyon 3e", "Ranger les papiers"
SKILL = "Archivage"
# Whoever looks after a need reads whose it is: its own association, its branch, the association's own pages.
LOOK_AFTER = {
    "matcher/queries/associations.py", "matcher/queries/departures.py", "matcher/queries/own_needs.py",
    "matcher/queries/own_data.py", "matcher/queries/reviews.py", "matcher/queries/shown.py", "matcher/queries/tasks.py",
    "matcher/services/associations.py", "matcher/services/forgetting.py", "matcher/services/links.py",
    "matcher/services/memberships.py",
    "web/association_pages.py", "web/membership_mails.py", "web/need_editor.py", "web/views/memberships.py",
}  # fmt: skip
TELLS = re.compile(r"ssociation\.(?:name|description)\b|[^_]where_in_words\(")


def need_for(world: World, audience: NeedAudience, status: NeedStatus = NeedStatus.OPEN) -> Need:
    """A need of an association with a name of its own, read by whom it chose."""
    association = world.association()
    with transaction(world.session):
        association.name, association.description = NAME, f"{NAME} range tout."
    skills = (NeededSkill(SKILL),)
    return world.need(
        status, association=association, title=TITLE, audience=audience, communes=("69383",), skills=skills, seats=5
    )


def principals(world: World, need: Need) -> dict[str, Account | None]:
    """Each kind of reader, by how she stands to the need."""
    with_profile = world.volunteer().account
    invited = world.pairing(PairingStatus.INVITED, need=need, volunteer=world.volunteer())
    return {
        "anonymous": None,
        "volunteer": with_profile,
        "invited": invited.volunteer.account,
        "member": need.association.members[0],
        "other member": world.association().members[0],
        "coordinator": need.branch.coordinators[0].account,
        "other coordinator": world.branch().coordinators[0].account,
        "administrator": world.administrator().account,
    }


def test_an_unnamed_need_is_everybodys_and_its_name_is_theirs_who_look_after_it(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.UNNAMED)
    told = {}
    for who, account in principals(world, need).items():
        visitor = Visitor(app, account)
        pages = [visitor.get(path) for path in (f"/needs/{need.id}", "/needs", "/")]
        assert all(TITLE in page.html for page in pages if page.status == 200), who
        told[who] = {NAME in page.html or PLACE in page.html for page in pages if page.status == 200}

    looks_after = {"member", "coordinator", "administrator"}
    assert {who for who, found in told.items() if found == {True}} == looks_after
    assert {who for who, found in told.items() if found == {False}} == set(told) - looks_after


def test_the_name_of_an_unnamed_need_is_found_by_no_search_order_or_neighbour(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.UNNAMED)
    filled = world.need(NeedStatus.FILLED, skills=(NeededSkill(SKILL),))
    her = world.volunteer(skills=(OfferedSkill(SKILL),))
    visitor = Visitor(app, her.account)

    assert f"/needs/{need.id}" not in visitor.get(f"/needs?q={NAME}").html
    assert f"/needs/{need.id}" in visitor.get("/needs?where=69").html
    for path in (f"/needs/{filled.id}", "/profile", f"/needs/{need.id}/apply"):
        page = visitor.get(path)
        assert TITLE in page.html, path
        assert NAME not in page.html, path
        assert PLACE not in page.html, path
    association_page = Visitor(app).get(f"/associations/{need.association_id}").html
    assert NAME in association_page
    assert TITLE not in association_page


def test_the_invited_volunteer_reads_the_name_once_both_have_said_yes(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.UNNAMED)
    for status, is_named in (
        (PairingStatus.INVITED, False),
        (PairingStatus.ACCEPTED, False),
        (PairingStatus.REFUSED, False),
        (PairingStatus.CONFIRMED, True),
    ):
        pairing = world.pairing(status, need=need, volunteer=world.volunteer())
        world.suggest(need, [pairing.volunteer])
        row = sa.update(Suggestion).where(Suggestion.volunteer_id == pairing.volunteer_id)
        with transaction(world.session):
            world.session.execute(row.values(reasons={"list": [{"code": "distance", "km": 4.2}]}))
        visitor = Visitor(app, pairing.volunteer.account)
        paths = (f"/missions/{pairing.id}", "/missions", f"/needs/{need.id}")
        pages = [Visitor(app).get(answer_path(app, world, pairing)).html, *(visitor.get(path).html for path in paths)]
        assert all(TITLE in page for page in pages), status
        assert {NAME in page for page in pages} == {is_named}, status
        assert is_named or not any(PLACE in page or "km away" in page for page in pages), status


def test_the_way_to_an_unnamed_need_cannot_be_measured(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.UNNAMED)
    visitor = Visitor(app, world.volunteer().account)

    assert "my-place" not in visitor.get(f"/needs/{need.id}").html
    assert visitor.post(f"/needs/{need.id}/my-place", page="/account").status == 403


def test_a_need_by_invitation_is_there_for_whoever_is_invited_and_looks_after_it(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.INVITATION)
    named = need_for(world, NeedAudience.NAMED)
    filled = world.need(NeedStatus.FILLED, skills=(NeededSkill(SKILL),))
    may = {"invited", "member", "coordinator", "administrator"}
    for who, account in principals(world, need).items():
        visitor = Visitor(app, account)
        page = visitor.get(f"/needs/{need.id}")
        nothing = visitor.get("/needs/999999")
        assert page.status == (200 if who in may else 404), who
        assert (NAME in page.html) == (who in may), who
        assert page.status == 200 or page.text == nothing.text, who
        for path in ("/needs", "/needs?where=69", f"/needs?q={TITLE.replace(' ', '+')}", f"/needs/{filled.id}"):
            shown = visitor.get(path)
            assert f"/needs/{named.id}" in shown.html, (who, path)
            assert (f"/needs/{need.id}" in shown.html) == (who in may), (who, path)
        reader = Person(account) if account else Anonymous()
        found = list_needs(world.session, reader, NeedFilters(), language="en")
        assert found.total == len(found.cards) == (3 if who in may else 2), who


def test_nobody_applies_for_a_need_by_invitation_unless_invited(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.INVITATION)
    stranger, invited = world.volunteer(), world.pairing(PairingStatus.INVITED, need=need, volunteer=world.volunteer())
    waiting = world.pairing(PairingStatus.APPROVED, need=need, volunteer=world.volunteer())
    coordinator = world.volunteer(account=need.branch.coordinators[0].account)

    for who in (stranger, waiting.volunteer):
        visitor = Visitor(app, who.account)
        assert visitor.get(f"/needs/{need.id}/apply").status == 404
        sent = visitor.post(f"/needs/{need.id}/apply", {"motivation": "Moi"}, page="/account")
        assert sent.status == 404
        assert visitor.post(f"/needs/{need.id}/my-place", page="/account").status == 404
    with pytest.raises(OnlyByInvitation):
        world.act(applications.apply, Person(coordinator.account), need_id=need.id, motivation="Moi")
    assert "Offer my help" not in Visitor(app, coordinator.account).get(f"/needs/{need.id}").html
    said_yes = world.act(applications.apply, world.volunteer_of(invited), need_id=need.id, motivation="")
    assert said_yes.status is PairingStatus.ACCEPTED


def test_who_has_been_in_touch_keeps_reading_a_need_that_becomes_one_by_invitation(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.NAMED)
    declined = world.pairing(PairingStatus.DECLINED, need=need, volunteer=world.volunteer())
    with transaction(world.session):
        need.audience = NeedAudience.INVITATION

    assert Visitor(app, declined.volunteer.account).get(f"/needs/{need.id}").status == 200
    assert Visitor(app).get(f"/needs/{need.id}").status == 404


def test_the_association_chooses_its_readers_and_is_warned_of_its_name_in_its_words(world: World, app: Flask) -> None:
    need = need_for(world, NeedAudience.NAMED)
    visitor = Visitor(app, need.association.members[0])
    path = f"/my/needs/{need.id}/edit"
    page = visitor.get(path)
    assert [box["value"] for box in page.page.select("[name=audience]")] == ["named", "unnamed", "invitation"]

    typed = form_of(page) | {"action": "save"}
    changes = {"audience": "unnamed", "description": f"Chez {NAME.upper()}, on range."}
    sent = visitor.post(path, typed | changes)

    assert sent.status == 303
    world.session.refresh(need)
    assert need.audience is NeedAudience.UNNAMED
    desk = Visitor(app, need.branch.coordinators[0].account)
    for reader, where in ((visitor, f"/my/needs/{need.id}"), (visitor, path), (desk, f"/reviews/{need.id}")):
        assert "stands in this title or text" in reader.get(where).html, where
    assert visitor.post(path, typed | {"audience": "nobody"}).status == 422


def test_only_one_place_tells_readers_the_association_of_a_need() -> None:
    telling = {name(path) for path in modules() if TELLS.search(path.read_text(encoding="utf-8"))}

    assert telling - {"matcher/wording.py"} <= LOOK_AFTER
