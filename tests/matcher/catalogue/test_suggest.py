"""Skills read from free text: what is found, what must never be, and texts that nobody expects."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from matcher.catalogue.clues import load_clues, read_clues
from matcher.catalogue.rows import CatalogueError
from matcher.catalogue.skills import load_skills
from matcher.catalogue.suggest import SuggestedSkill, suggest_skills
from matcher.i18n import LANGUAGES

NEED = (
    "Notre trésorière a déménagé. L’AG est le 14 mars et il faut un compte de résultat et un bilan à présenter. "
    "Nous avons aussi besoin de quelqu’un pour tenir les comptes."
)


def found(text: str, language: str | None = "fr", *, title: str = "") -> dict[str, SuggestedSkill]:
    return {one.uri.rpartition("/")[2]: one for one in suggest_skills(text, language, title=title)}


def test_every_skill_is_found_by_its_own_label_in_both_languages() -> None:
    clues = load_clues()
    missed = [
        skill.labels[language]
        for skill in load_skills().skills
        for language in LANGUAGES
        if clues.ordinary_name(skill.uri, language, skill.labels[language]) is None
        and skill.uri not in [one.uri for one in suggest_skills(skill.labels[language], language)]
    ]

    assert missed == []


def test_a_need_suggests_what_it_asks_for_and_says_because_of_which_words() -> None:
    skills = found(NEED, title="Aide compta avant l’AG")

    assert {"association-accounting", "annual-accounts"} <= set(skills)
    assert skills["annual-accounts"].words[0] == "compte de résultat"


def test_scores_fall_from_the_first_to_the_last_and_stay_within_0_and_1() -> None:
    scores = [one.score for one in suggest_skills(NEED, "fr")]

    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_no_more_are_given_than_asked_for() -> None:
    assert len(suggest_skills(NEED, "fr", 1)) == 1
    assert suggest_skills(NEED, "fr", 0) == ()


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *((word, "fr") for word in ("gestion", "projet", "association", "bénévole", "équipe", "conseil")),
        *((word, "en") for word in ("management", "project", "volunteer", "support", "design", "team")),
    ],
)
def test_one_common_word_alone_never_suggests(word: str, language: str) -> None:
    assert found(word, language, title=word) == {}


def test_words_that_are_names_elsewhere_suggest_only_as_they_are_written() -> None:
    assert "office-suite" in found("We write all our letters with Word.", "en")
    assert "office-suite" not in found("We spread the word among neighbours.", "en")
    assert "board-support" not in found("Ça ne marche plus.", "fr")


def test_a_phrase_is_found_inverted_and_with_a_word_between() -> None:
    assert "signage" in found("Des panneaux clairs d’information", "fr")
    assert "annual-accounts" in found("Our accounts for the annual meeting", "en")


def test_inverted_words_are_no_phrase_over_a_comma() -> None:
    assert "annual-accounts" not in found("We keep accounts, run the annual fair.", "en")


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert "annual-accounts" not in found("Nous tenons des comptes. Annuels sont nos congés.", "fr")


def test_a_longer_phrase_wins_over_a_shorter_one_inside_it() -> None:
    skills = found("Social media advertising for our open day", "en")

    assert "social-advertising" in skills
    assert "community-management" not in skills


def test_the_title_counts_more_than_the_text() -> None:
    skills = found("Il faudra écrire une newsletter.", title="Refonte de logo")

    assert skills["logo-design"].score > skills["newsletter"].score


def test_what_a_title_begins_with_is_meant_although_it_is_ordinary_elsewhere() -> None:
    assert "architecture" in found("", title="Architecte, vingt ans de chantiers")
    assert "architecture" not in found("Nous avons déjà vu un architecte.", title="Fermer notre salle")


def test_the_language_is_guessed_when_it_is_not_told_or_unknown() -> None:
    text = "We are looking for a bookkeeper who would keep the books of our charity."

    assert "bookkeeping" in found(text, None)
    assert found(text, "xx") == found(text, None)
    assert "bookkeeping" in found(text, "fr")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\0\0",
        "😀🎉👩‍💻",
        "مرحبا بالعالم نبحث",
        "שלום עולם",
        "\u200b\u200e\u202e",
        "....",
        "<!-- <b",
        "\ud83d",
    ],
)
def test_what_holds_no_skill_suggests_none(text: str) -> None:
    assert suggest_skills(text, "fr", title=text) == ()


def test_a_control_character_does_not_hide_a_skill() -> None:
    assert "bookkeeping" in found("Tenue de\0comptabilité", "fr")


@pytest.mark.parametrize("piece", [NEED, "a", ".", "compta ", "(", "\u0301", "notre-"])
def test_a_megabyte_takes_little_time(piece: str) -> None:
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]

    started = time.process_time()
    suggest_skills(text, None)

    assert time.process_time() - started < 6


def test_a_row_of_apostrophes_behind_a_known_word_takes_little_time() -> None:
    started = time.process_time()

    skills = found("La comptabilité" + 400 * "'" + " d’ici. Tenir la comptabilité de l’association chaque mois.")

    assert skills["association-accounting"].words[0] == "comptabilité de l’association"
    assert time.process_time() - started < 6


def test_the_same_text_always_gives_the_same_answer() -> None:
    assert suggest_skills(NEED, "fr") == suggest_skills(NEED, "fr")


def test_reading_skills_loads_no_science_libraries() -> None:
    code = "import sys, matcher.catalogue.suggest as s; s.suggest_skills('compta', 'fr'); " \
        "sys.exit(bool({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"  # fmt: skip

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_clue_for_an_unknown_skill_or_name_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "clues.jsonl"
    none = '{"fr": [], "en": []}'

    for uri, ordinary, why in (
        ("binome:skill/law/none", none, "not in the catalogue"),
        ("binome:skill/law/gdpr", '{"fr": ["Paie"], "en": []}', "no name of"),
    ):
        file.write_text(f'{{"uri": "{uri}", "clues": {none}, "ordinary": {ordinary}}}\n', encoding="utf-8")
        with pytest.raises(CatalogueError, match=why) as caught:
            read_clues(file, load_skills())
        assert caught.value.place == "line 1"
