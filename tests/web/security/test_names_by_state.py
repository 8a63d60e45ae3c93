"""In each state of a pairing, who reads the names and contacts of its two sides: page by page, button by button.

What each may see was written by hand from the table of permissions: an association meets a pseudonym until both sides
have said yes; she learns who stands behind an unnamed need at the same moment; nobody beside them learns of either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing
from matcher.models.states import NeedAudience, PairingStatus
from matcher.privacy_register import Seer, register
from tests.factories import World
from tests.security.form import IS_FULL
from tests.web.linking import path_of
from tests.web.security.test_canaries import _written as written
from tests.web.visiting import Visitor

S = PairingStatus
HERS, THEIRS = "volunteer", "contact"
NAME, ADDRESS, TELEPHONE, PLACE = "name", "address", "telephone", "place"
ALL, NOTHING = frozenset({NAME, ADDRESS, TELEPHONE}), frozenset[str]()
CANARIES: Mapping[str, Mapping[str, str]] = {
    HERS: {NAME: "Zyxommah", ADDRESS: "zyxommah@secret.example", TELEPHONE: "06 12 34 56 71"},
    THEIRS: {NAME: "Zyxommat", ADDRESS: "zyxommat@secret.example", TELEPHONE: "06 12 34 56 72"},
    "association": {NAME: "Zyxommaa", PLACE: "Lyon 3e"},
}
# Both sides see each other from the day on which the association has said yes too, until the mission ends early.
OPEN = {S.CONFIRMED, S.ACTIVE, S.COMPLETED}
HAVE_MET = OPEN | {S.ABANDONED}
STATES = list(S) if IS_FULL else [S.APPROVED, S.ACCEPTED, S.CONFIRMED, S.ABANDONED]
WALKED = list(S) if IS_FULL else [S.ACCEPTED, S.CONFIRMED]  # each asks for some sixty pages as ten people
# The buttons that open names or contacts.
DOORS = (
    "/missions/{pairing}/contacts",
    "/reviews/{need}/people/{volunteer}/name",
    "/associations/{association}/members",
)
Seen = dict[tuple[str, str], set[str]]


def may_see(status: PairingStatus, who: str, owner: str) -> frozenset[str]:
    """What the table grants on a page."""
    if who == owner:
        return ALL
    opened = ALL if status in OPEN else NOTHING
    if (who, owner) in {(THEIRS, HERS), ("colleague", HERS), (HERS, THEIRS)}:
        return opened
    if (who, owner) in {("colleague", THEIRS), ("coordinator", THEIRS)}:
        return frozenset({NAME, ADDRESS})
    if owner == "association":
        looks_after = who in {THEIRS, "colleague", "coordinator", "administrator"}
        return frozenset({NAME, PLACE}) if looks_after or (who == HERS and status in HAVE_MET) else NOTHING
    return NOTHING


@dataclass(frozen=True)
class Scene:
    """One pairing in one state, and everybody around it."""

    pairing: Pairing
    people: Mapping[str, Account | None]
    links: Mapping[str, str]


def scene(world: World, app: Flask, status: PairingStatus) -> Scene:
    """A need that does not name its association, with two members, and two in its line."""
    association = world.association(members=2)
    need = world.need(association=association, audience=NeedAudience.UNNAMED, communes=("69383",), seats=3)
    pairing = world.pairing(status, need=need)
    rival = world.pairing(S.INVITED, need=need)
    contact, colleague = association.members
    with transaction(world.session):
        for account, owner in ((pairing.volunteer.account, HERS), (contact, THEIRS)):
            account.name, account.email, account.phone = CANARIES[owner].values()
        association.name = CANARIES["association"][NAME]
    links = {
        HERS: path_of(app, world, LinkPurpose.ANSWER, pairing.volunteer.account, pairing),
        THEIRS: path_of(app, world, LinkPurpose.REPLY_TO_YES, contact, pairing),
    }
    people = {
        "nobody": None,
        HERS: pairing.volunteer.account,
        "rival": rival.volunteer.account,
        "stranger": world.volunteer().account,
        THEIRS: contact,
        "colleague": colleague,
        "other association": world.association().members[0],
        "coordinator": need.branch.coordinators[0].account,
        "other coordinator": world.branch().coordinators[0].account,
        "administrator": world.administrator().account,
    }
    return Scene(pairing, people, links)


def pages(app: Flask, pairing: Pairing) -> list[str]:
    """Each page of the URL map that is about this pairing, its need, its volunteer, its association, or nothing."""
    known = {
        "need_id": pairing.need_id,
        "pairing_id": pairing.id,
        "volunteer_id": pairing.volunteer_id,
        "association_id": pairing.need.association_id,
        "branch_id": pairing.need.branch_id,
    }
    adapter, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or ())
            or rule.endpoint == "static"
            or not rule.arguments <= known.keys() | {"act"}
        ):
            continue
        found += [adapter.build(rule.endpoint, {**known, **choice}) for choice in _choices(rule)]
    return found


def _choices(rule: Rule) -> Iterator[dict[str, str]]:
    converters = {name: rule._converters[name] for name in rule.arguments}
    choices = [[(name, each) for each in c.items] for name, c in converters.items() if isinstance(c, AnyConverter)]
    return (dict(each) for each in product(*choices))


def look(html: str, seen: Seen, who: str, *, names_itself: bool) -> None:
    """Note which canaries stand in a page; the association's own page bears its name for everybody."""
    for owner, planted in CANARIES.items():
        if owner == "association" and names_itself:
            continue
        seen[who, owner] |= {kind for kind, canary in planted.items() if written(html, canary)}


@pytest.mark.parametrize("status", WALKED)
def test_in_each_state_everybody_sees_what_the_table_says(
    world: World, app: Flask, status: PairingStatus, record_property: Callable[[str, object], None]
) -> None:
    here = scene(world, app, status)
    asked, seen = pages(app, here.pairing), defaultdict(set)
    for who, account in here.people.items():
        for address in asked:
            page = Visitor(app, account, language="fr").get(address)  # one page signs out, so each begins anew
            look(page.html, seen, who, names_itself=address.startswith("/associations"))

    record_property("cases", len(asked) * len(here.people))
    told = {key: frozenset(found) for key, found in seen.items() if found}
    expected = {(who, owner): may_see(status, who, owner) for who, owner in product(here.people, CANARIES)}
    assert told == {key: granted for key, granted in expected.items() if granted}


# Who of those who read a name or a contact in an agreed mission the register of processing calls what.
ON_PAGES: Mapping[tuple[str, str], Seer] = {
    ("colleague", THEIRS): Seer.MEMBERS,
    ("coordinator", THEIRS): Seer.COORDINATORS_OF_ASSOCIATION,
    (HERS, THEIRS): Seer.OTHER_SIDE,
    (THEIRS, HERS): Seer.OTHER_SIDE,
    ("colleague", HERS): Seer.OTHER_SIDE,
}
BY_BUTTONS = {"coordinator": Seer.COORDINATORS_LOGGED, "administrator": Seer.ADMINISTRATORS_LOGGED}
COLUMNS = {NAME: "name", ADDRESS: "email", TELEPHONE: "phone"}


def test_the_register_tells_of_names_and_contacts_who_sees_them(world: World, app: Flask) -> None:
    here, seen = scene(world, app, S.CONFIRMED), defaultdict(set)
    seers: dict[str, set[Seer]] = {column: set() for column in COLUMNS.values()}
    for who in {who for who, _owner in ON_PAGES}:
        for address in pages(app, here.pairing):
            look(Visitor(app, here.people[who], language="fr").get(address).html, seen, who, names_itself=True)
    for (who, owner), kinds in seen.items():
        for kind in kinds if who != owner else ():
            seers[COLUMNS[kind]].add(ON_PAGES[who, owner])
    for (who, owner), kinds in by_buttons(app, here).items():
        for kind in kinds - seen[who, owner] if who in BY_BUTTONS else ():
            seers[COLUMNS[kind]].add(BY_BUTTONS[who])

    told = {entry.column: set(entry.seen_by) for entry in register().of_table("accounts")}
    assert seers == {column: told[column] for column in seers}


@pytest.mark.parametrize("status", STATES)
def test_in_each_state_a_link_shows_no_contacts_and_names_an_unnamed_need_to_its_own_side(
    world: World, app: Flask, status: PairingStatus
) -> None:
    here = scene(world, app, status)
    for holder, path in here.links.items():
        seen: Seen = defaultdict(set)
        look(Visitor(app, language="fr").get(path).html, seen, holder, names_itself=False)

        assert seen[holder, holder] <= {NAME}, "for whom it was meant, should it have been passed on"
        assert seen[holder, THEIRS if holder == HERS else HERS] == set()
        assert not seen[holder, "association"] or holder == THEIRS or status in HAVE_MET


@pytest.mark.parametrize("status", STATES)
def test_in_each_state_a_button_opens_names_and_contacts_to_whom_it_may(
    world: World, app: Flask, status: PairingStatus, record_property: Callable[[str, object], None]
) -> None:
    here = scene(world, app, status)
    seen = by_buttons(app, here)

    record_property("cases", len(DOORS) * len(here.people))
    opens = {"coordinator", "administrator"} | ({HERS, THEIRS, "colleague"} if status in OPEN else set())
    assert {who for (who, owner), found in seen.items() if owner == HERS and found - _own(who)} <= opens
    assert seen["coordinator", HERS] >= {NAME}
    assert seen["administrator", HERS] >= {NAME}


def by_buttons(app: Flask, here: Scene) -> Seen:
    """Press each button as everybody: what it showed to whom."""
    app.config["WTF_CSRF_ENABLED"] = False  # who may, not from where
    of = {"pairing": here.pairing.id, "need": here.pairing.need_id, "volunteer": here.pairing.volunteer_id}
    doors = [door.format(**of, association=here.pairing.need.association_id) for door in DOORS]
    seen: Seen = defaultdict(set)
    for who, account in here.people.items():
        for door in doors:
            answer = Visitor(app, account, language="fr").client.post(door, data={"why": "asked_by_person"})
            if answer.status_code == 200:
                look(answer.text, seen, who, names_itself=True)
    return seen


def _own(who: str) -> set[str]:
    return set(ALL) if who == HERS else set()
