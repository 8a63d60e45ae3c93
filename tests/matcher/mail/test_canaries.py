"""Planted names, addresses and numbers are looked for in each kind of mail: headers, both parts, what is kept of it.

The table says whose name each reader may find. An address stands in « To » alone, its reader's; a number nowhere.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.database import make_engine, make_sessions, transaction
from matcher.links import Links
from matcher.mail.codes import AccountMailCode
from matcher.mail.compose import AccountMail, compose_account_mail
from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.association import Association, Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need, NeedSkill
from matcher.models.pairing import Pairing
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Experience, Volunteer, VolunteerSkill
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail.conftest import write
from tests.matcher.mail.scenes import Scene
from tests.matcher.mail.test_message import parsed
from tests.matcher.mail.told import EVERY, Told, moment_of

OWNERS = ("volunteer", "member", "coordinator")
# Whose name a mail may say to whom: her own, and who of the branch looks after a need. Nobody reads a name of the
# other side in a mail, agreed or not: names and contacts are opened on the pages, where it is written down.
NAMES: Mapping[str, set[str]] = {
    "volunteer": {"volunteer", "coordinator"},
    "member": {"member", "coordinator"},
    "coordinator": {"coordinator"},
    "administrator": {"coordinator"},
}
Mails = dict[Told, tuple[Scene, str, Message]]


def name(owner: str) -> str:
    """A plain word that nothing else has."""
    return f"Zyxomma{'abc'[OWNERS.index(owner)]}"


def contacts(owner: str) -> tuple[str, str]:
    """An address and a telephone number that nothing else has; addresses of accounts have a number before the @."""
    return f"{name(owner).lower()}@secret.example", f"06 98 76 54 3{OWNERS.index(owner)}"


def owners_of(world: World) -> dict[str, set[int]]:
    """The accounts of each kind of people."""
    asked = {
        "volunteer": sa.select(Volunteer.account_id),
        "member": sa.select(Membership.account_id),
        "coordinator": sa.select(BranchCoordinator.account_id),
    }
    return {owner: set(world.session.scalars(ids)) for owner, ids in asked.items()}


def mark(world: World) -> dict[int, str]:
    """Give everybody her canaries, type the contacts into each text that reaches a mail; return who is what."""
    found = owners_of(world)
    kinds = {account_id: owner for owner in reversed(OWNERS) for account_id in found[owner]}
    words = {owner: "{1}, écrivez à {0}".format(*contacts(owner)) for owner in OWNERS}
    hers, theirs, ours = (words[owner] for owner in OWNERS)
    with transaction(world.session) as session:
        for account_id, owner in kinds.items():
            account = session.get_one(Account, account_id)
            account.name, account.phone = name(owner), contacts(owner)[1]
            account.email = contacts(owner)[0].replace("@", f".{account_id}@")
        session.execute(sa.update(Volunteer).values(headline=hers, description=hers))
        for kind, label in ((VolunteerSkill, hers), (NeedSkill, theirs)):
            session.execute(sa.update(kind).values(label=f"{label} " + sa.cast(kind.id, sa.String)))
        session.execute(sa.update(Experience).values(text=hers))
        session.execute(sa.update(Pairing).values(motivation=hers))
        session.execute(sa.update(Pairing).where(Pairing.answer.is_not(None)).values(answer=ours))
        session.execute(sa.update(Pairing).where(Pairing.question.is_not(None)).values(question=hers))
        session.execute(sa.update(Need).values(title=theirs, description=theirs, review_points=ours))
        reasons = {"list": [{"code": "matched_skills", "labels": [theirs]}]}
        session.execute(sa.update(Suggestion).values(reasons=reasons))
        session.execute(sa.update(Association).values(name=theirs, description=theirs))
    return kinds


@pytest.fixture(scope="module", params=["fr", "en"])
def mails(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> Iterator[Mails]:
    """Each kind of mail, with the kind of its reader, from one world in which everybody has canaries."""
    path = tmp_path_factory.mktemp("canaries") / "mails.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with make_sessions(engine)() as session:
        world = World(session)
        scenes = {told: moment_of(world, told) for told in EVERY}
        kinds = mark(world)
        with transaction(session):
            session.execute(sa.update(Account).values(language=request.param))
        yield {told: _composed(world, settings, told, scene, kinds) for told, scene in scenes.items()}
    engine.dispose()


def _composed(
    world: World, settings: Settings, told: Told, scene: Scene, kinds: dict[int, str]
) -> tuple[Scene, str, Message]:
    message = write(world, settings, scene, told.code)
    assert message is not None, f"{told} has no sense at its own moment"
    return scene, kinds.get(scene.recipient.id, "administrator"), message


def said(message: Message) -> dict[str, str]:
    """What somebody who holds the mail reads, place by place: each header, each part, and what is kept of it."""
    mail = parsed(message.as_bytes())
    parts = {part.get_content_type(): str(part.get_content()) for part in mail.iter_parts()}
    return {**{key.lower(): str(value) for key, value in mail.items()}, **parts, "kept": message.kept()}


def found(text: str) -> set[tuple[str, str]]:
    """Which canaries of whom stand in a text, however a number is spaced."""
    bare = "".join(text.lower().split()).replace("\u202f", "").replace("+336", "06")
    seen = {("name", owner) for owner in OWNERS if name(owner) in text}
    for owner in OWNERS:
        address, number = contacts(owner)
        if address in bare or f"{name(owner).lower()}." in bare:
            seen.add(("address", owner))
        if number.replace(" ", "") in bare:
            seen.add(("telephone", owner))
    return seen


def test_each_mail_says_only_what_the_table_says(mails: Mails, record_property: Callable[[str, object], None]) -> None:
    strangers: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    cases, named = 0, set()
    for told, (_scene, reader, message) in mails.items():
        may = {("name", owner) for owner in NAMES[reader]}
        for place, text in said(message).items():
            cases += len(OWNERS) * 3
            allowed = {("address", reader)} if place == "to" else may
            named |= {(reader, owner) for kind, owner in found(text) if kind == "name"}
            if beyond := found(text) - allowed:
                strangers[told.name, reader, place] = beyond
    assert strangers == {}
    assert {reader for reader, _ in named} >= set(OWNERS), "what the table grants is there to be read"
    record_property("cases", cases)


def test_each_mail_goes_to_its_reader_alone(mails: Mails) -> None:
    for told, (scene, _reader, message) in mails.items():
        mail = parsed(message.as_bytes())
        assert mail.get_all("to") == [scene.recipient.email], told
        assert (mail["cc"], mail["bcc"]) == (None, None)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", AccountMailCode)
def test_the_mails_of_an_account_say_its_own_name_alone(
    settings: Settings, code: AccountMailCode, language: str
) -> None:
    about = "{1}, écrivez à {0}".format(*contacts("member"))
    mail = AccountMail(contacts("volunteer")[0], language, name("volunteer"), 5, about=about)
    link = "https://binome.example/confirm-address/abc.def"

    places = said(compose_account_mail(settings, Links(settings), mail, code, link=link))

    assert found(places.pop("to")) == {("address", "volunteer")}
    assert set().union(*map(found, places.values())) <= {("name", "volunteer")}
    assert link not in places["kept"]


@pytest.mark.parametrize("place", ["text", "html", "subject"])
def test_a_mail_that_said_more_would_be_found(mails: Mails, place: str) -> None:
    _scene, _reader, message = next(iter(mails.values()))
    words = f"Bonjour {' '.join(contacts('volunteer'))}"
    told = {
        "text": replace(message, text=words),
        "html": replace(message, html=words),
        "subject": replace(message, subject=words),
    }[place]

    assert {("address", "volunteer"), ("telephone", "volunteer")} <= set().union(*map(found, said(told).values()))
