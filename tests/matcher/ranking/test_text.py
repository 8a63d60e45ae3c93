"""What becomes of free text before it is compared."""

import time

import pytest

from matcher.ranking.text import Document, analyze, guess_language, plain, tokens


def terms(text: str, language: str | None = "fr") -> list[str]:
    return analyze(Document(text, language))


@pytest.mark.parametrize(
    ("inclusive", "usual"),
    [
        ("développeur·se", "développeur"),
        ("développeuse", "développeur"),
        ("un.e salarié.e.s", "un salarié"),
        ("bénévole(s)", "bénévoles"),
        ("chargé(e)(s) de mission", "chargé de mission"),
        ("Régleur(se)", "régleur"),
        ("formateur/trice", "formatrice"),
        ("conseiller/ère", "conseillère"),
        ("salarié-e-s", "salariés"),
        ("acteur•rices", "acteurs"),
    ],
)
def test_inclusive_and_feminine_forms_are_the_usual_word(inclusive: str, usual: str) -> None:
    assert terms(inclusive) == terms(usual)


@pytest.mark.parametrize("name", ["C++", "C#", ".NET"])
def test_names_of_languages_keep_their_signs(name: str) -> None:
    assert terms(f"Je code en {name}.")[-1] == name.lower()


def test_a_sentence_ending_before_a_word_is_not_inclusive_writing() -> None:
    assert terms("Un site.Les pages") == terms("Un site. Les pages")


def test_accents_case_and_forms_of_letters_do_not_matter() -> None:
    assert terms("ÉLÈVE e\u0301le\u0300ve eleve ｅｌｅｖｅ œuvre") == [*["elev"] * 4, *terms("oeuvre")]


def test_elisions_and_hyphens_part_words() -> None:
    assert terms("l’équipe d'accueil porte-parole qu’on") == ["equip", "accueil", "port", "parol"]


def test_markdown_html_and_addresses_are_not_words() -> None:
    text = "## Rôle\n<!--more--> <b>**Écrire**</b> [ici](https://example.org/a) ou ecrire@example.org &eacute;crire"

    assert terms(text) == terms("rôle écrire écrire")


def test_an_unclosed_comment_hides_nothing() -> None:
    assert terms("avant <!-- comptable") == terms("avant comptable")


def test_invisible_characters_part_nothing() -> None:
    assert plain("comp\u00adta\u200bble") == "comptable"


def test_english_is_stemmed_as_english() -> None:
    assert terms("The accountants were reporting", "en-GB") == ["account", "report"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("We are looking for a designer", "en"), ("Nous cherchons une graphiste", "fr"), ("Excel", "fr"), ("", "fr")],
)
def test_language_is_guessed_by_stop_words(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_an_unknown_language_tag_is_guessed() -> None:
    assert terms("the accountants", "tlh") == ["account"]


def test_each_term_remembers_its_word() -> None:
    assert [(token.term, token.word) for token in tokens(Document("Les Métiers", "fr"))] == [("meti", "métiers")]


@pytest.mark.parametrize(
    "unit",
    ["a\u0301\u0316", "\u0301\u0316", "<a ", "<!--", "](", "ab(", "a.b+", "ab·e", "&", "l'", "😀", "\u05d0\u05b0"],
)
def test_time_is_linear_in_the_length_of_hostile_text(unit: str) -> None:
    def cost(length: int) -> float:
        started = time.process_time()
        analyze(Document(unit * (length // len(unit))))
        return time.process_time() - started

    cost(1_000)

    assert cost(160_000) < 40 * (cost(10_000) + 0.01)
