"""Which passwords are refused and which are taken, in the words of web/passwords.py."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

import web.passwords
from web.passwords import LONGEST, SHORTEST, fault_of

HERS = ["marie.dupont@example.org", "Marie Dupont"]
Judge = Callable[[str], str | None]


@pytest.fixture
def judge(app: Flask) -> Iterator[Judge]:
    """Tells why a password of Marie's is refused."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield lambda password: fault_of(password, HERS)


def test_what_lists_of_stolen_passwords_hold_is_refused(
    judge: Judge, record_property: Callable[[str, object], None]
) -> None:
    beside = Path(web.passwords.__file__).with_name("well_known_passwords.txt").read_text(encoding="utf-8").split()
    long_enough = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= SHORTEST]
    known = [*long_enough, *beside, *(each.upper() for each in beside)]

    assert [each for each in known if judge(each) is None] == []
    assert len(long_enough) > 1_000
    record_property("cases", len(known))


@pytest.mark.parametrize(
    "password",
    [
        "azertyuiop",
        "motdepasse123",
        "P@ssword2026",
        "Jetaimemonamour",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "1234567890123456",
        "14/07/1789",
        "a" * LONGEST,
        "chouchou1234",
        "Bénévolat123",
        "éééééééééé",
    ],
)
def test_what_few_guesses_find_is_refused(judge: Judge, password: str) -> None:
    assert judge(password) == "This password is too easy to guess. Three or four words that do not go together do well."


@pytest.mark.parametrize("password", ["mariedupont", "dupont-marie-1", "MARIE.DUPONT!"])
def test_what_is_made_of_her_name_is_refused(judge: Judge, password: str) -> None:
    assert judge(password)


@pytest.mark.parametrize(
    "password",
    [
        "tasse lune vélo",
        "quatre chevaux bleus",
        "x7$Kq!mP2vR4",
        "correct horse battery staple",
        "l’été, je rame à Nantes",
        "ключ под ковриком у двери",
        "tasse lune vélo " * 7,
    ],
)
def test_words_that_do_not_go_together_are_taken(judge: Judge, password: str) -> None:
    assert judge(password) is None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=st.text(max_size=140))
def test_whatever_is_typed_is_judged(judge: Judge, password: str) -> None:
    judge(password)
