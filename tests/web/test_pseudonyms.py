"""One person beside one need bears one pseudonym for all who read it; beside the next need she bears another."""

import re

from flask import Flask

from matcher.access_codes import AccessReason
from matcher.database import transaction
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.services import names
from tests.factories import World
from tests.web.visiting import Visitor

PSEUDONYM = re.compile(r"Person ([0-9A-F]+)\b")


def twice(world: World) -> list[Pairing]:
    """Two needs of one association to which the same person said yes."""
    association, volunteer = world.association(), world.volunteer()
    needs = [world.need(association=association) for _ in range(2)]
    return [world.pairing(PairingStatus.ACCEPTED, need=need, volunteer=volunteer) for need in needs]


def read(visitor: Visitor, *addresses: str) -> list[set[str]]:
    """The codes on some pages."""
    return [set(PSEUDONYM.findall(visitor.get(address).text)) for address in addresses]


def test_an_association_does_not_know_somebody_again_from_an_earlier_need(world: World, app: Flask) -> None:
    pairings = twice(world)
    member = Visitor(app, world.member(pairings[0]).account)

    one, other = read(member, *(f"/my/needs/{pairing.need_id}" for pairing in pairings))
    beside_one, beside_other = read(member, *(f"/missions/{pairing.id}" for pairing in pairings))

    assert (len(one), len(other), one & other) == (1, 1, set())
    assert {len(code) for code in one | other} == {6}
    assert (beside_one, beside_other) == (one, other), "her profile bears the name of the list"
    assert read(member, "/missions") == [one | other]


def test_association_and_coordinator_speak_of_her_by_the_same_name(world: World, app: Flask) -> None:
    pairing, _ = twice(world)
    need_id, volunteer_id = pairing.need_id, pairing.volunteer_id
    [told] = read(Visitor(app, world.member(pairing).account), f"/my/needs/{need_id}")
    coordinator = Visitor(app, world.coordinator().account)

    addresses = (
        f"/reviews/{need_id}/line",
        f"/reviews/{need_id}?decided={pairing.id}",
        f"/reviews/{need_id}/people/{volunteer_id}/notes",
        f"/reviews/{need_id}/people/{volunteer_id}/preview",
        f"/missions/{pairing.id}",
    )

    assert read(coordinator, *addresses) == [told] * len(addresses)


def test_the_log_knows_no_need_and_names_her_by_her_number(world: World, app: Flask) -> None:
    pairing, _ = twice(world)
    with transaction(world.session) as session:
        names.open_name(
            session, world.administrator(), world.now, volunteer_id=pairing.volunteer_id, reason=AccessReason.ASKED
        )

    for address, account in {"/admin/accesses": world.administrator(), "/board/accesses": world.coordinator()}.items():
        page = Visitor(app, account.account).get(address)
        assert f"volunteer {pairing.volunteer_id}" in page.text
        assert not PSEUDONYM.search(page.text)
