"""Which open needs are offered to somebody whose need is gone."""

from matcher.actors import Anonymous
from matcher.models.association import AssociationStatus
from matcher.models.states import NeedStatus, PairingStatus
from matcher.queries.similar_needs import needs_for_her, similar_needs
from matcher.ranking.types import Mode, NeededSkill
from tests.factories import World

A, B, C = (NeededSkill(label) for label in ("Comptabilité", "Tableur", "Poterie"))


def test_the_needs_that_share_most_skills_come_first(world: World) -> None:
    need = world.need(skills=(A, B))
    one, two = world.need(skills=(A, C)), world.need(skills=(A, B))
    world.need(skills=(C,))

    assert similar_needs(world.session, Anonymous(), need) == [two, one]


def test_closed_and_hidden_needs_are_not_offered(world: World) -> None:
    need = world.need(skills=(A,))
    world.need(NeedStatus.CLOSED, skills=(A,))
    world.need(NeedStatus.SUBMITTED, skills=(A,))
    hidden = world.need(skills=(A,))
    hidden.association.status = AssociationStatus.SUSPENDED
    world.session.flush()

    assert similar_needs(world.session, Anonymous(), need) == []


def test_no_more_than_two_are_offered(world: World) -> None:
    need = world.need(skills=(A,))
    for _ in range(3):
        world.need(skills=(A,))

    assert len(similar_needs(world.session, Anonymous(), need)) == 2


def test_who_comes_too_late_is_offered_what_the_ranking_suggests_her_for_first(world: World) -> None:
    her, taken = world.volunteer(), world.need(skills=(A, B))
    twin, alike, suggested = world.need(skills=(A, B)), world.need(skills=(A, C)), world.need(skills=(C,))
    assert needs_for_her(world.session, her, taken) == [twin, alike]

    world.suggest(suggested, [her])

    assert needs_for_her(world.session, her, taken) == [suggested, twin]


def test_she_is_not_offered_what_she_knows_what_is_her_own_or_what_is_out_of_reach(world: World) -> None:
    her = world.volunteer(radius_km=30.0, remote=False)
    taken = world.need(skills=(A,))
    world.pairing(PairingStatus.DECLINED, need=world.need(skills=(A,)), volunteer=her)
    own = world.need(skills=(A,))
    world.join(own.association, her.account)
    world.need(skills=(A,), communes=("13055",))
    world.need(skills=(A,), mode=Mode.REMOTE)
    near, hidden = world.need(skills=(A,)), world.need(skills=(A,))
    hidden.association.status = AssociationStatus.SUSPENDED
    world.session.flush()

    assert needs_for_her(world.session, her, taken) == [near]


def test_needs_of_the_same_domain_are_offered_when_none_shares_a_skill(world: World) -> None:
    accounts, budget, pottery = (
        NeededSkill(label, uri=f"binome:skill/{path}")
        for label, path in (("Comptes", "finance/accounts"), ("Budget", "finance/budget"), ("Tour", "crafts/pottery"))
    )
    taken = world.need(skills=(accounts,))
    world.need(skills=(pottery,))
    related = world.need(skills=(budget,))

    assert needs_for_her(world.session, world.volunteer(), taken) == [related]
