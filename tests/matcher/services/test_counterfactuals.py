"""Who may ask about her place for a need, and that the question goes when she goes."""

import pytest
import sqlalchemy as sa

from matcher.actors import Anonymous
from matcher.errors import (
    AddressNotConfirmed,
    AlreadyAnswered,
    NeedIsNotOpen,
    NotAllowed,
    NotFound,
    OwnAssociation,
    ProfileIsMissing,
)
from matcher.models.counterfactual import Counterfactual
from matcher.models.states import NeedStatus, PairingStatus
from matcher.queries.counterfactuals import own_question
from matcher.services import counterfactuals, privacy
from tests.factories import World


def questions(world: World) -> int:
    """How many questions are kept."""
    world.session.expire_all()
    return len(world.session.scalars(sa.select(Counterfactual)).all())


def test_a_volunteer_asks_and_a_worker_is_told(world: World) -> None:
    need, volunteer = world.need(), world.volunteer()

    world.act(counterfactuals.ask, world.volunteer_of(volunteer), need_id=need.id)

    (row,) = world.messages("explain_place")
    assert row.payload == {"need_id": need.id, "volunteer_id": volunteer.id}
    assert questions(world) == 1


def test_who_may_not_ask_is_refused_and_nothing_is_kept(world: World) -> None:
    need = world.need()
    unconfirmed = world.volunteer(account=world.account(is_confirmed=False))
    refusals = [
        (Anonymous(), NotAllowed),
        (world.person(), ProfileIsMissing),
        (world.member(need), OwnAssociation),
        (world.volunteer_of(unconfirmed), AddressNotConfirmed),
    ]

    for actor, refusal in refusals:
        with pytest.raises(refusal):
            world.act(counterfactuals.ask, actor, need_id=need.id)

    assert (questions(world), world.messages("explain_place")) == (0, [])


def test_who_is_in_touch_already_is_refused(world: World) -> None:
    pairing = world.pairing(PairingStatus.APPLIED)

    with pytest.raises(AlreadyAnswered):
        world.act(counterfactuals.ask, world.volunteer_of(pairing), need_id=pairing.need_id)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(NeedStatus.FILLED, NeedIsNotOpen), (NeedStatus.CLOSED, NotFound), (NeedStatus.DRAFT, NotFound)],
)
def test_only_an_open_need_is_asked_about(world: World, status: NeedStatus, refusal: type[Exception]) -> None:
    need, volunteer = world.need(status), world.volunteer()

    with pytest.raises(refusal):
        world.act(counterfactuals.ask, world.volunteer_of(volunteer), need_id=need.id)


def test_nobody_else_reads_her_question(world: World) -> None:
    need, volunteer = world.need(), world.volunteer()
    world.act(counterfactuals.ask, world.volunteer_of(volunteer), need_id=need.id)
    others = [world.administrator(), world.coordinator(), world.member(need), world.volunteer_of(world.volunteer())]

    assert own_question(world.session, world.volunteer_of(volunteer), need) is not None
    assert [own_question(world.session, other, need) for other in others] == [None] * 4


def test_erasing_the_account_erases_the_questions(any_world: World) -> None:
    need, volunteer = any_world.need(), any_world.volunteer()
    actor = any_world.volunteer_of(volunteer)
    any_world.act(counterfactuals.ask, actor, need_id=need.id)

    any_world.act(privacy.erase_account, actor)

    assert questions(any_world) == 0
