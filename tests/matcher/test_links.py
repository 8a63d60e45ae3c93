"""Signed links: only the exact token for the exact purpose opens; nothing is stored that would make one."""

from datetime import timedelta

import pytest

from matcher import links
from matcher.database import transaction
from matcher.errors import LinkRevoked, NotFound
from matcher.links import Links, Subject
from matcher.models.link import LinkPurpose, SignedLink
from matcher.settings import Settings
from tests.factories import World

SECRETS = {name: f"{name}-{'x' * 32}" for name in ("secret_key", "mail_key", "password_salt", "totp_secret")}


def _links(key: str = "k" * 32) -> Links:
    settings = Settings(
        environment="development", public_url="https://binome.example.org/", link_key=key, **SECRETS, _env_file=None
    )
    return Links(settings)


def _issue(world: World, purpose: LinkPurpose = LinkPurpose.ANSWER) -> SignedLink:
    pairing = world.pairing()
    return world.holder(purpose, pairing.volunteer.account, Subject(pairing_id=pairing.id)).link


def test_a_token_opens_its_link_and_is_the_same_each_time(any_world: World) -> None:
    link = _issue(any_world)
    token = _links().token(link)
    any_world.session.expire_all()

    assert _links().read(any_world.session, token, LinkPurpose.ANSWER) is link
    assert _links().address(link) == f"https://binome.example.org/answer/{token}"


def test_issuing_twice_gives_the_same_link_with_the_new_expiry(world: World) -> None:
    link = _issue(world)
    until = world.now + timedelta(days=3)

    with transaction(world.session):
        again = links.issue(
            world.session, world.now + timedelta(days=1), LinkPurpose.ANSWER,
            subject=Subject(pairing_id=link.pairing_id), recipient_id=link.recipient_id, expires_at=until,
        )  # fmt: skip

    assert (again, again.expires_at) == (link, until)
    other = world.holder(LinkPurpose.ANSWER, world.account(), Subject(pairing_id=link.pairing_id)).link
    assert other is not link, "another recipient has a link of her own"


def test_another_purpose_is_not_found(world: World) -> None:
    token = _links().token(_issue(world))

    for purpose in set(LinkPurpose) - {LinkPurpose.ANSWER}:
        with pytest.raises(NotFound):
            _links().read(world.session, token, purpose)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: ".",
        lambda token: token.split(".")[0],
        lambda token: token.split(".")[0] + ".",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: "0" + token,
        lambda token: " " + token,
        lambda token: "2." + token.split(".")[1],
        lambda token: "99999999999999999999." + token.split(".")[1],
        lambda token: "-1." + token.split(".")[1],
        lambda token: "١." + token.split(".")[1],
        lambda token: token.swapcase(),
        lambda token: token.replace(".", ".\x00"),
        lambda token: token.split(".")[0] + "." + "A" * 32,
    ],
)
def test_a_forged_or_changed_token_is_not_found(world: World, forge: object) -> None:
    token = _links().token(_issue(world))
    _issue(world)

    with pytest.raises(NotFound):
        _links().read(world.session, forge(token), LinkPurpose.ANSWER)


def test_a_token_made_with_another_key_is_not_found(world: World) -> None:
    token = _links("z" * 32).token(_issue(world))

    with pytest.raises(NotFound):
        _links().read(world.session, token, LinkPurpose.ANSWER)


@pytest.mark.parametrize("column", ["recipient_id", "pairing_id", "purpose"])
def test_a_row_that_was_tampered_with_no_longer_opens(world: World, column: str) -> None:
    link, other = _issue(world), _issue(world)
    token = _links().token(link)
    purpose = LinkPurpose.UNSUBSCRIBE if column == "purpose" else LinkPurpose.ANSWER
    with transaction(world.session):
        setattr(link, column, purpose if column == "purpose" else getattr(other, column))

    with pytest.raises(NotFound):
        _links().read(world.session, token, purpose)


def test_a_revoked_link_says_so_and_a_new_one_differs(world: World) -> None:
    link = _issue(world)
    token = _links().token(link)
    with transaction(world.session):
        link.revoked_at = world.now

    with pytest.raises(LinkRevoked):
        _links().read(world.session, token, LinkPurpose.ANSWER)
    fresh = world.holder(LinkPurpose.ANSWER, link.recipient, Subject(pairing_id=link.pairing_id)).link
    assert _links().token(fresh) != token


def test_every_page_and_purpose_has_an_address_under_the_public_url() -> None:
    assert set(links.PATHS) == set(LinkPurpose)
    for name in links.PAGES:
        assert _links().page(name, id=7).startswith("https://binome.example.org/")
