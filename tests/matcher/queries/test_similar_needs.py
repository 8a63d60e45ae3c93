"""Which open needs are offered to somebody whose need is gone."""

from matcher.actors import Anonymous
from matcher.models.association import AssociationStatus
from matcher.models.states import NeedStatus
from matcher.queries.similar_needs import similar_needs
from matcher.ranking.types import NeededSkill
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
