"""The test world reaches every state on both databases."""

import pytest

from matcher.models.states import NeedStatus, PairingStatus
from tests.factories import World


@pytest.mark.parametrize("status", NeedStatus)
def test_a_need_reaches_each_state(any_world: World, status: NeedStatus) -> None:
    assert any_world.need(status).status is status


@pytest.mark.parametrize("status", PairingStatus)
def test_a_pairing_reaches_each_state(any_world: World, status: PairingStatus) -> None:
    pairing = any_world.pairing(status)

    assert pairing.status is status
    assert pairing.events[-1].target is status
