"""A name, an address and a telephone number are planted for each side; then everything is asked for by everybody.

They are seen only where the table of issues says so: by their owner, by the other side once a mission is agreed, by
whoever may read an association's members. Who must be logged gets them from a button, and no page shows them before.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association
from matcher.models.branch import Branch
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import ENGAGED
from matcher.models.volunteer import Experience, Volunteer
from tests.factories import World
from tests.security.form import IS_FULL
from tests.web.linking import dump
from tests.web.security.planting import Planted, plant
from tests.web.visiting import Visitor

OWNERS = ("volunteer", "volunteer on a mission", "member", "member on a mission")
# Addresses of rows: in the short form each is asked for with the first and the last of each kind.
KINDS: Mapping[str, type[Need | Pairing | Volunteer | Association | Branch]] = {
    "need_id": Need,
    "pairing_id": Pairing,
    "volunteer_id": Volunteer,
    "association_id": Association,
    "branch_id": Branch,
}
SEARCHES = ("needs.index", "associations.index", "associations.names", "my_needs.index", "reviews.index")
Seen = dict[tuple[str, str], set[str]]
SELF = {"name", "address", "telephone"}
# Who sees what of whom, on any page that is opened. What is typed into a profile or a need is seen by who wrote it; the
# needs and the texts of both associations hold the canaries of « member », so the other member writes them too.
ALLOWED: Mapping[tuple[str, str], set[str]] = {
    **{(owner, owner): SELF for owner in OWNERS},
    ("volunteer on a mission", "volunteer"): {"address", "telephone"},
    ("member on a mission", "member"): {"address", "telephone"},
    # Both sides of a mission, once it was confirmed, on its page.
    ("volunteer on a mission", "member on a mission"): {"name", "address", "telephone"},
    ("member on a mission", "volunteer on a mission"): {"name", "address", "telephone"},
    # A coordinator reads the members of the associations of her branch, and whom a need's desk is to write to.
    # Where she corrects a need she reads it as it was typed, and the members' contacts are hers to read.
    ("coordinator", "member"): SELF,
    ("coordinator", "member on a mission"): {"name", "address"},
}


def canaries(owner: str) -> tuple[str, str, str]:
    """A name of a plain word, an address and a telephone number that nothing else has."""
    number = OWNERS.index(owner)
    word = f"Zyxomma{'abcd'[number]}"
    return word, f"{word.lower()}@secret.example", f"06 12 34 56 7{number}"


def _written(text: str, canary: str) -> bool:
    """Whether it stands there, with or without the blanks that pages put into numbers."""
    bare = text.replace("\u00a0", " ").replace("\u202f", " ")
    return canary in bare or canary.replace(" ", "") in bare or canary.replace("06 ", "+33 6 ") in bare


def mark(world: World, planted: Planted) -> None:
    """Give each owner her canaries, and type them into the texts that others read."""
    with transaction(world.session) as session:
        for owner in OWNERS:
            account = session.get(Account, planted.people[owner].id)
            account.name, account.email, account.phone = canaries(owner)
        _, address, telephone = canaries("volunteer")
        words = f"Écrivez à {address} ou appelez le {telephone}."
        session.execute(sa.update(Volunteer).values(headline=words, description=words))
        session.execute(sa.update(Experience).values(text=words))
        _, address, telephone = canaries("member")
        words = f"Écrivez à {address} ou appelez le {telephone}."
        session.execute(sa.update(Need).values(title=words[:100], description=words))
        session.execute(sa.update(Association).values(description=words))


def addresses(app: Flask, world: World) -> Iterator[str]:
    """Each page of the URL map, of each row that there is."""
    ids = {name: list(world.session.scalars(sa.select(kind.id).order_by(kind.id))) for name, kind in KINDS.items()}
    missions = world.session.scalars(sa.select(Pairing.id).where(Pairing.status.in_(ENGAGED))).all()
    world.session.rollback()
    if not IS_FULL:
        ids = {name: list(dict.fromkeys((every[0], every[-1]))) for name, every in ids.items() if every}
        ids["pairing_id"] += [each for each in missions if each not in ids["pairing_id"]]
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        choices = [_choices(rule._converters[name], ids.get(name, [1])) for name in sorted(rule.arguments)]
        for values in itertools.product(*choices):
            address = adapter.build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True)))
            yield address
            if rule.endpoint in SEARCHES:
                yield f"{address}?{urlencode({'q': canaries('volunteer')[0].lower()})}"
    yield "/nowhere/Zyxomma"


def _choices(converter: object, ids: list[int]) -> list[object]:
    if isinstance(converter, IntegerConverter):
        return list(ids)
    words = sorted(converter.items) if isinstance(converter, AnyConverter) else ["1"]
    return words if IS_FULL else words[::7]


def walk(app: Flask, world: World, planted: Planted) -> tuple[Seen, Seen, int]:
    """Ask for everything as everybody: which canaries of whom each saw, and where; how many pages."""
    seen, pages, asked = defaultdict(set), defaultdict(set), 0
    name = app.config["SESSION_COOKIE_NAME"]
    cookies = {who: Visitor(app, account).client.get_cookie(name) for who, account in planted.people.items()}
    for who, address in itertools.product(cookies, list(addresses(app, world))):
        client, cookie = app.test_client(), cookies[who]  # one page signs out, so each begins anew
        if cookie is not None:
            client.set_cookie(name, cookie.value)
        html = client.get(address).text
        asked += 1
        for owner in OWNERS:
            for kind, canary in zip(("name", "address", "telephone"), canaries(owner), strict=True):
                if _written(html, canary):
                    seen[who, owner].add(kind)
                    pages[who, owner].add(address)
    return seen, pages, asked


def test_each_sees_only_what_the_table_says(
    app: Flask, world: World, record_property: Callable[[str, object], None], capfd: pytest.CaptureFixture[str]
) -> None:
    planted = plant(world)
    mark(world, planted)

    seen, pages, asked = walk(app, world, planted)

    record_property("cases", asked * len(OWNERS) * len(SELF))
    strangers = {pair: sorted(pages[pair])[:5] for pair in seen if not seen[pair] <= ALLOWED.get(pair, set())}
    assert strangers == {}
    assert dict(seen) == ALLOWED, "what the table grants is there to be seen"
    told = capfd.readouterr()
    assert "request done" in told.out
    everything = [canary for owner in OWNERS for canary in canaries(owner)]
    assert not [canary for canary in everything if _written(told.out + told.err, canary)]
    rows = repr([row.payload for row in world.session.scalars(sa.select(OutboxRow))])
    assert not [canary for canary in everything if _written(rows, canary)]
    assert [canary for canary in everything if not _written(dump(world), canary)] == []
