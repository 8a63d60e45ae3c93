"""The need templates: what their data promise and what a bad row answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.catalogue.rows import CatalogueError
from matcher.catalogue.skills import load_skills
from matcher.catalogue.templates import NeedTemplate, load_templates, read_templates

ALL = tuple(load_templates().values())
BAD_FRENCH = re.compile(r"'|\"|[^\u202f][;!?»]|«[^\u202f]|[^\u00a0]:")


def row(**changes: object) -> dict[str, object]:
    return {
        "id": "wills",
        "domain": "law",
        "labels": {"fr": "Testaments", "en": "Wills"},
        "context": {"fr": "Pour qui", "en": "For whom"},
        "deliverables": {"fr": ["Une note"], "en": ["A note"]},
        "skills": ["binome:skill/law/family-law"],
        "mode": "remote",
        "total_hours": 5,
        "together_hours": 1,
        "lasts_days": 10,
        **changes,
    }


def texts(template: NeedTemplate, language: str) -> Iterator[str]:
    yield template.labels[language]
    yield from template.context[language].split("\n")
    yield from template.deliverables[language]


def test_there_are_at_least_14_templates_in_12_domains() -> None:
    assert len(ALL) >= 14
    assert len({template.domain for template in ALL}) >= 12


def test_templates_use_skills_of_the_catalogue_and_the_first_is_of_their_domain() -> None:
    for template in ALL:
        skills = [load_skills().get(uri) for uri in template.skills]
        assert len(skills) >= 2
        assert skills[0] is not None
        assert skills[0].domain == template.domain


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_both_languages_ask_and_promise_as_much(template: NeedTemplate) -> None:
    questions = {language: len(text.split("\n")) for language, text in template.context.items()}
    promises = {language: len(items) for language, items in template.deliverables.items()}

    assert questions["fr"] == questions["en"] >= 3
    assert promises["fr"] == promises["en"] >= 3


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_templates_share_a_sentence(language: str) -> None:
    sentences = [text for template in ALL for text in texts(template, language)]

    assert len(sentences) == len(set(sentences))


def test_french_texts_keep_french_typography() -> None:
    assert [text for template in ALL for text in texts(template, "fr") if BAD_FRENCH.search(text)] == []


def test_english_texts_keep_plain_spaces_and_curly_apostrophes() -> None:
    wrong = re.compile("['\"\u202f\u00a0]")

    assert [text for template in ALL for text in texts(template, "en") if wrong.search(text)] == []


def test_hours_and_days_are_those_of_a_scoped_mission() -> None:
    for template in ALL:
        assert 0 < template.together_hours < template.total_hours <= 80
        assert 14 <= template.lasts_days <= 180


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row(id="other", domain="magic"), "unknown domain “magic”"),
        (row(id="other", skills=["binome:skill/law/magic"]), "unknown skill “binome:skill/law/magic”"),
        (row(id="other", mode="by_post"), "“mode” must be one of remote, on_site, hybrid"),
        (row(id="other", together_hours=6), "“together_hours” must not exceed “total_hours”"),
        (row(id="other", total_hours=0, together_hours=0), "“total_hours”, which must not be 0"),
        (row(id="other", lasts_days=True), "“lasts_days” must be a whole number, 0 or more"),
        (row(id="other", lasts_days="10"), "“lasts_days” must be a whole number, 0 or more"),
        (row(), "“wills” stands twice"),
    ],
)
def test_a_bad_template_is_named_by_file_and_line(tmp_path: Path, bad: dict[str, object], why: str) -> None:
    source = tmp_path / "templates.jsonl"
    source.write_text(f"{json.dumps(row())}\n{json.dumps(bad)}\n", encoding="utf-8")

    with pytest.raises(CatalogueError, match=f"^templates.jsonl, line 2: .*{re.escape(why)}"):
        read_templates(source, load_skills())
