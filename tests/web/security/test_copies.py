"""Planted canaries are looked for in the copy of one's data, as a file and as a page, for each who may ask for one.

The table: her own name, address and number; of others nothing but what she herself writes. No copy without signing in.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.database import transaction
from matcher.models.pairing import Pairing
from tests.factories import World
from tests.web.security.planting import plant
from tests.web.security.test_canaries import OWNERS, SELF, _written, canaries, mark
from tests.web.visiting import Visitor

FORMS = ("file", "page")
# The texts of both associations and of their needs hold the contacts of « member »: the other member writes them too.
ALLOWED: Mapping[tuple[str, str], set[str]] = {
    **{(owner, owner): SELF for owner in OWNERS},
    ("volunteer on a mission", "volunteer"): {"address", "telephone"},
}


def in_copies(app: Flask, world: World) -> tuple[dict[tuple[str, str], set[str]], int]:
    """Which canaries of whom each finds in her own copy, in both forms; how many copies there were."""
    planted, asked = plant(world), 0
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    mark(world, planted)
    with transaction(world.session) as session:  # the answer of a branch is somebody else's text too
        session.execute(sa.update(Pairing).values(answer="{1} : {2}".format(*canaries("member on a mission"))))
    for who, account in planted.people.items():
        for form in FORMS:
            page = "/account/data" if account else "/contact"
            answer = Visitor(app, account).post(f"/account/data/{form}", page=page)
            assert (answer.status == 200) is (account is not None), (who, form, answer.status)
            asked += 1
            for owner in OWNERS:
                kinds = zip(("name", "address", "telephone"), canaries(owner), strict=True)
                seen[who, owner] |= {kind for kind, canary in kinds if _written(answer.html, canary)}
    return {pair: kinds for pair, kinds in seen.items() if kinds}, asked


def test_a_copy_holds_the_canaries_of_its_owner_alone(
    app: Flask, world: World, record_property: Callable[[str, object], None], capfd: pytest.CaptureFixture[str]
) -> None:
    seen, asked = in_copies(app, world)

    record_property("cases", asked * len(OWNERS) * len(SELF))
    assert seen == ALLOWED
    told = capfd.readouterr()
    assert "request done" in told.out
    everything = [canary for owner in OWNERS for canary in canaries(owner)]
    assert not [canary for canary in everything if _written(told.out + told.err, canary)]
