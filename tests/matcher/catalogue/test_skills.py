"""The catalogue of skills: what its data promise and what its look-ups find."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from matcher.catalogue.rows import CatalogueError
from matcher.catalogue.skills import Catalogue, Regulated, Skill, load_skills, read_catalogue
from matcher.catalogue.terms import fold

DOMAINS = '[{"id": "law", "labels": {"fr": "Droit", "en": "Law"}}]'
NONE: dict[str, list[str]] = {"fr": [], "en": []}
BAD_FRENCH = re.compile(r"'|\"|[^\u202f][;!?»]|«[^\u202f]|[^\u00a0]:")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_skills()


def labels(found: tuple[Skill, ...], language: str = "fr") -> list[str]:
    return [skill.labels[language] for skill in found]


def row(**changes: object) -> dict[str, object]:
    return {
        "uri": "binome:skill/law/wills",
        "domain": "law",
        "labels": {"fr": "Testaments", "en": "Wills"},
        "alternatives": {"fr": ["legs"], "en": ["bequests"]},
        "regulated": "law",
        **changes,
    }


def read(tmp_path: Path, *rows: object, domains: str = DOMAINS) -> Catalogue:
    (tmp_path / "domains.json").write_text(domains, encoding="utf-8")
    lines = (item if isinstance(item, str) else json.dumps(item) for item in rows)
    (tmp_path / "skills.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return read_catalogue(tmp_path / "domains.json", tmp_path / "skills.jsonl")


def test_there_are_at_least_250_skills_in_12_domains(catalogue: Catalogue) -> None:
    assert len(catalogue.skills) >= 250
    assert len(catalogue.domains()) >= 12


def test_every_domain_has_at_least_eight_skills(catalogue: Catalogue) -> None:
    assert [domain.id for domain in catalogue.domains() if len(catalogue.in_domain(domain.id)) < 8] == []


def test_the_skills_of_the_domains_are_all_the_skills(catalogue: Catalogue) -> None:
    by_domain = [skill for domain in catalogue.domains() for skill in catalogue.in_domain(domain.id)]

    assert by_domain == list(catalogue.skills)


def test_identifiers_are_plain_and_their_last_part_is_unique(catalogue: Catalogue) -> None:
    assert all(re.fullmatch(r"binome:skill/[a-z-]+/[a-z0-9-]+", skill.uri) for skill in catalogue.skills)
    assert max(Counter(skill.uri.rsplit("/", 1)[1] for skill in catalogue.skills).values()) == 1


def test_every_skill_has_two_to_nine_synonyms_in_each_language(catalogue: Catalogue) -> None:
    few_or_many = [
        (skill.uri, language)
        for skill in catalogue.skills
        for language in ("fr", "en")
        if not 2 <= len(skill.alternatives[language]) <= 9
    ]

    assert few_or_many == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_term_names_one_skill_and_stands_once(catalogue: Catalogue, language: str) -> None:
    terms = Counter(
        fold(term) for skill in catalogue.skills for term in (skill.labels[language], *skill.alternatives[language])
    )

    assert [term for term, count in terms.items() if count > 1] == []


def test_a_term_names_the_same_skill_in_both_languages(catalogue: Catalogue) -> None:
    for skill in catalogue.skills:
        for language, other in (("fr", "en"), ("en", "fr")):
            for term in (skill.labels[language], *skill.alternatives[language]):
                assert catalogue.resolve(term, language) == catalogue.resolve(term, other) == skill


def test_french_terms_keep_french_typography(catalogue: Catalogue) -> None:
    terms = [term for skill in catalogue.skills for term in (skill.labels["fr"], *skill.alternatives["fr"])]
    terms += [domain.labels["fr"] for domain in catalogue.domains()]

    assert [term for term in terms if BAD_FRENCH.search(term) or term != " ".join(term.split(" ")).strip()] == []


def test_labels_begin_with_a_capital_or_a_figure(catalogue: Catalogue) -> None:
    small = [label for skill in catalogue.skills for label in skill.labels.values() if label[0].islower()]

    assert small == []


@pytest.mark.parametrize(
    ("name", "profession"),
    [
        ("Droit du travail", Regulated.LAW),
        ("statuts", Regulated.LAW),
        ("commissaire aux comptes", Regulated.ACCOUNTANCY),
        ("expert-comptable", Regulated.ACCOUNTANCY),
        ("psychologue", Regulated.HEALTH),
        ("infirmière", Regulated.HEALTH),
        ("comptabilité associative", None),
        ("premiers secours", None),
    ],
)
def test_what_the_law_reserves_is_flagged(catalogue: Catalogue, name: str, profession: Regulated | None) -> None:
    skill = catalogue.resolve(name, "fr")

    assert skill is not None
    assert skill.regulated is profession


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Comptabilité associative", "Comptabilité associative"),
        ("  COMPTABILITE   ASSOCIATIVE ", "Comptabilité associative"),
        ("droit d'auteur", "Propriété intellectuelle"),
        ("droit d’auteur", "Propriété intellectuelle"),
        ("experte‑comptable", "Expertise comptable"),
        ("oeuvre", None),
        ("second oeuvre", "Peinture et rénovation"),
        ("c++", "Programmation C++"),
        (".Net", "Développement .NET"),
        ("bookkeeping", "Tenue de comptabilité"),
        ("compta", None),
        ("", None),
    ],
)
def test_a_label_or_synonym_is_resolved_without_case_or_accents(
    catalogue: Catalogue, typed: str, label: str | None
) -> None:
    skill = catalogue.resolve(typed, "fr")

    assert (skill and skill.labels["fr"]) == label


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("compta associative", "fr", "Comptabilité associative"),
        ("RESEAUX SOC", "fr", "Animation des réseaux sociaux"),
        ("statut", "fr", "Rédaction et révision de statuts"),
        ("statuts", "fr", "Rédaction et révision de statuts"),
        ("projets associatifs", "fr", "Projet associatif"),
        ("logos", "fr", "Création de logo"),
        ("excel", "fr", "Tableurs"),
        ("helloasso", "fr", "Adhésions et billetterie en ligne"),
        ("l'accessibilite num", "fr", "Accessibilité numérique"),
        ("anglais traduction", "fr", "Traduction anglais-français"),
        ("développeur web python", "fr", "Programmation Python"),
        ("bookkeep", "fr", "Tenue de comptabilité"),
        ("rgpd", "en", "Protection des données personnelles"),
        ("grant", "en", "Demande de subvention"),
    ],
)
def test_the_look_up_puts_what_was_meant_first(catalogue: Catalogue, typed: str, language: str, first: str) -> None:
    assert labels(catalogue.find(typed, language))[0] == first


def test_the_first_letters_are_shared_by_a_verb_and_its_noun(catalogue: Catalogue) -> None:
    assert "Traduction anglais-français" in labels(catalogue.find("traduire", "fr"))


def test_labels_come_before_synonyms(catalogue: Catalogue) -> None:
    found = labels(catalogue.find("vidéo", "fr"))

    assert found.index("Montage vidéo") < found.index("Prise de vue par drone")


def test_what_holds_every_word_hides_what_holds_only_some(catalogue: Catalogue) -> None:
    assert "Réseaux et wifi" not in labels(catalogue.find("réseaux sociaux", "fr"))


def test_at_most_so_many_skills_are_found_and_each_once(catalogue: Catalogue) -> None:
    found = catalogue.find("droit", "fr", 4)

    assert len(found) == len({skill.uri for skill in found}) == 4
    assert catalogue.find("droit", "fr", 0) == ()


@pytest.mark.parametrize("typed", ["", "   ", "l'", "%%", "zzzzzz", "\0", "x" * 1_000_000])
def test_what_means_nothing_finds_nothing(catalogue: Catalogue, typed: str) -> None:
    assert catalogue.find(typed, "fr") == ()


def test_only_the_first_hundred_letters_count(catalogue: Catalogue) -> None:
    assert catalogue.find("droit du travail" + " " * 100 + "zzz", "fr") == catalogue.find("droit du travail", "fr")


def test_a_term_is_resolved_in_the_language_of_the_reader_first(tmp_path: Path) -> None:
    french = row(labels={"fr": "Location", "en": "Hiring"}, alternatives=NONE)
    english = row(uri="binome:skill/law/place", labels={"fr": "Lieu", "en": "Location"}, alternatives=NONE)
    small = read(tmp_path, french, english)

    assert [small.resolve("location", language) for language in ("fr", "en")] == list(small.skills)


def test_an_unknown_identifier_or_domain_is_absent(catalogue: Catalogue) -> None:
    assert catalogue.get("binome:skill/law/nothing") is None
    assert catalogue.in_domain("nothing") == ()


def test_the_catalogue_is_read_once_and_not_at_import() -> None:
    code = "from matcher.catalogue import skills, templates; print(skills.load_skills.cache_info().misses)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "0"
    assert load_skills() is load_skills()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        (row(uri="binome:skill/web/wills"), "must begin with binome:skill/law/"),
        (row(uri="binome:skill/web/wills", domain="web"), "unknown domain “web”"),
        (row(labels={"fr": "Testaments"}), "“labels” must hold exactly the languages fr, en"),
        (row(labels={"fr": "Testaments", "en": " "}), "“labels.en” must be a text and not empty"),
        (row(alternatives={"fr": "legs", "en": []}), "“alternatives.fr” must be a list of texts"),
        (row(regulated="magic"), "“regulated” must be null or one of law, accountancy, health"),
        (row(labels={"fr": "Succession", "en": "Succession"}), "“binome:skill/law/wills” stands twice"),
        (row(uri="binome:skill/law/legacy"), "“Testaments” (fr) already names binome:skill/law/wills"),
        (
            row(uri="binome:skill/law/legacy", labels={"fr": "Don", "en": "BEQUESTS"}, alternatives=NONE),
            "“BEQUESTS” (en) already names",
        ),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, bad: object, why: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(why)) as caught:
        read(tmp_path, row(), "", bad)

    assert (caught.value.file, caught.value.place) == ("skills.jsonl", "line 3")


@pytest.mark.parametrize(
    ("domains", "place"), [("{}", "line 1"), ("[1]", "entry 1"), ('[{"id": "law"}]', "entry 1"), ("", "line 1")]
)
def test_a_bad_domain_is_named_by_its_entry(tmp_path: Path, domains: str, place: str) -> None:
    with pytest.raises(CatalogueError, match=f"^domains.json, {place}: "):
        read(tmp_path, row(), domains=domains)
