"""The signed return path: what it says, how long it is, and that nobody else can make one."""

import pytest

from matcher.mail.return_path import Purpose, Returned, find_returned, return_path
from matcher.services.suppression import address_hash
from matcher.settings import Settings
from tests.settings import make_settings

ADDRESS = "Marie.Curie@Example.org"


@pytest.fixture
def settings() -> Settings:
    """An installation that takes what comes back."""
    return make_settings("sqlite://", bounce_domain="bounces.binome.example")


def test_a_return_path_is_read_back_and_names_nobody(settings: Settings) -> None:
    made = return_path(settings, Purpose.INVITATION, 41, recipient=ADDRESS)

    assert made is not None
    assert find_returned(settings, f"To: <{made.upper()}>") == Returned(
        Purpose.INVITATION, 41, address_hash(settings, ADDRESS)
    )
    assert "marie" not in made.lower()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_return_path_fits_into_an_address(settings: Settings, purpose: Purpose) -> None:
    made = return_path(settings, purpose, 2_147_483_647, recipient=f"{'x' * 64}@{'y' * 180}.example")

    assert made is not None
    assert len(made.split("@")[0]) <= 64
    assert find_returned(settings, made) is not None


def test_an_address_is_the_same_however_it_is_typed(settings: Settings) -> None:
    assert address_hash(settings, " MARIE.curie@EXAMPLE.ORG ") == address_hash(settings, ADDRESS)
    assert address_hash(settings, "marie@example.org") != address_hash(settings, ADDRESS)


def test_another_key_makes_other_hashes_and_trusts_nothing(settings: Settings) -> None:
    other = make_settings("sqlite://", bounce_domain="bounces.binome.example", mail_key="another" * 8)

    assert address_hash(other, ADDRESS) != address_hash(settings, ADDRESS)
    made = return_path(settings, Purpose.MAIL, 1, recipient=ADDRESS)
    assert find_returned(other, str(made)) is None


def test_a_changed_return_path_is_refused_at_each_place(settings: Settings) -> None:
    made = str(return_path(settings, Purpose.MAIL, 7, recipient=ADDRESS))
    local = made.split("@", maxsplit=1)[0]

    for place, letter in enumerate(local):
        other = "a" if letter not in "a" else "b"
        forged = f"{local[:place]}{other}{local[place + 1 :]}@bounces.binome.example"
        assert find_returned(settings, forged) is None, place


def test_the_right_words_at_another_domain_are_not_ours(settings: Settings) -> None:
    made = str(return_path(settings, Purpose.MAIL, 7, recipient=ADDRESS))

    assert find_returned(settings, made.replace("bounces.", "elsewhere.")) is None
    assert find_returned(settings, made.split("@", maxsplit=1)[0]) is None


def test_without_a_domain_there_is_no_return_path() -> None:
    settings = make_settings("sqlite://")

    assert return_path(settings, Purpose.MAIL, 7, recipient=ADDRESS) is None
    assert find_returned(settings, "m7." + "a" * 32 + "." + "a" * 16 + "@") is None
