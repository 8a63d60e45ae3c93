"""Production refuses to start with a weak secret or with any habit of the demo, and names the key."""

import pytest

from matcher.errors import BadSettings
from tests.settings import make_settings

FIT = {
    "environment": "production",
    "public_url": "https://binome.example",
    "smtp_security": "starttls",
    "mail_from": "bonjour@binome.example",
}


def test_a_fit_production_starts():
    assert make_settings("postgresql://db/binome", **FIT).is_production


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sending_window", False),
        ("invitation_cap", False),
        ("second_factor", False),
        ("demo_folder", "/srv/demo"),
        ("public_url", "http://binome.example"),
        ("smtp_security", "none"),
        ("secret_key", "short"),
        ("link_key", ""),
        ("mail_key", "x" * 31),
    ],
)
def test_production_refuses_to_start_and_names_the_key(key, value):
    with pytest.raises((BadSettings, ValueError)) as refused:
        make_settings("postgresql://db/binome", **{**FIT, key: value})
    assert key.upper() in str(refused.value)


def test_two_secrets_that_are_the_same_are_refused_in_production():
    same = "the-same-secret-in-both-places-of-forty-"
    with pytest.raises((BadSettings, ValueError), match="SECRET_KEY"):
        make_settings("postgresql://db/binome", **{**FIT, "secret_key": same, "link_key": same})


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://binome.example", "binome.example"])
def test_the_address_of_the_source_is_one_that_a_browser_opens_safely(address):
    with pytest.raises((BadSettings, ValueError), match="SOURCE_URL"):
        make_settings("sqlite://", source_url=address)


def test_there_is_no_publisher_without_a_name():
    assert make_settings("sqlite://", publisher_address="1 rue des Lilas, Lyon").publisher is None
    publisher = make_settings("sqlite://", publisher_name="Les Binômes de Lyon").publisher
    assert publisher is not None
    assert (publisher.name, publisher.address) == ("Les Binômes de Lyon", None)
