"""Contacts in a free text are found and never published; ordinary words and figures stay."""

import pytest

from matcher.published import contacts_in, excerpt, published, searchable

CONTACTS = [
    "06 12 34 56 78", "06.12.34.56.78", "0612345678", "+33 6 12 34 56 78", "0033612345678",
    "marie@example.org", "marie.lemoine+b@mail.example.org", "marie (at) example.org", "marie [at] example.org",
    "https://example.org/chemin?a=1", "http://example.org", "www.example.org", "exemple.fr",
    "notre-site.asso.fr/contact", "t.me/marie_dupont", "discord.gg/abc", "marie.dupont.be", "binome-cadeau.shop",
    "marie arobase gmail point com", "marie.dupont arobase example.org", "marie at gmail dot com",
]  # fmt: skip
ORDINARY = [
    "12 heures en 5 semaines, de 18 h 30 à 20 h",
    "environ 1 200 adhérents en 2026, un budget de 45 000 €",
    "le 12/09/2026 ou le 2026-09-12",
    "Nous sommes trois.Puis quatre",
    "article L. 1234-5, SIRET 123 456 789 00012",
    "Les comptes, etc.Le bureau décide",
    "On part de Lyon.me voilà",
    "p.ex. le samedi",
    "look at the accounts at noon.",
    "Be at work at nine. Dot the page",
    "le tarif/jour, et/ou la nuit, 3.5/5",
]


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_contact_is_found_and_replaced(contact: str) -> None:
    text = f"Écrivez-moi : {contact} avant lundi."

    assert contacts_in(text) == (contact,)
    assert published("fr", text) == "Écrivez-moi : [coordonnées retirées] avant lundi."


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_and_figures_stay(text: str) -> None:
    assert published("fr", text) == text


def test_what_is_not_shown_is_not_searched() -> None:
    text = "Tenir les comptes, 06 12 34 56 78 ou marie@example.org"

    assert searchable(text).split() == ["Tenir", "les", "comptes,", "ou"]


def test_several_contacts_are_told_in_their_order() -> None:
    text = "Au 06 12 34 56 78, sur www.example.org ou à marie@example.org"

    assert contacts_in(text) == ("06 12 34 56 78", "www.example.org", "marie@example.org")


def test_ten_megabytes_are_read_in_reasonable_time() -> None:
    assert published("en", "a." * 200_000).startswith("a.a.")


def test_an_excerpt_of_one_endless_word_is_its_beginning() -> None:
    assert excerpt(300 * "a", 20) == 20 * "a" + "…"


def test_an_excerpt_ends_after_a_whole_word_and_keeps_its_no_break_spaces() -> None:
    text = "Ils disent «\u202fça va\u202f»\u00a0:\nrien de plus, vraiment, jamais"

    assert excerpt(text, 200) == text.replace("\n", " ")
    assert excerpt(text, 38) == "Ils disent «\u202fça va\u202f»\u00a0: rien de plus…"
    assert excerpt(text, 24) == "Ils disent «\u202fça va\u202f»…"
