"""Odd, empty and hostile input: the ranker, the command and the lexicon answer or say clearly what is wrong."""

import json
import math
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.commands.rank import rank
from matcher.ranking.lexicon import Lexicon
from matcher.ranking.ranker import Ranker
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, Ranking, VolunteerInput

TODAY = date(2026, 11, 2)
MEGABYTE, LONG = 1_000_000, 60_000
HOSTILE = {
    "nothing": "",
    "blanks": " \n\t\u00a0\u202f ",
    "one letter": "C",
    "stop words only": "de la avec pour",
    "emoji": "😀👩🏽‍💻🇫🇷 comptable",
    "right to left": "\u202eمحاسب متطوع\u202c comptable רואה חשבון",
    "zero width": "comp\u200bta\u200cble \ufeff\u2060",
    "combining marks": "e" + "\u0301" * 5_000,
    "unpaired surrogate": "compt\ud800able",
    "NUL": "comp\x00table",
    "control characters": "\x01\x02\x1b[31mcomptable\x7f",
    "one long word": "a" * LONG,
    "long text": "comptable bilan paie " * (LONG // 21),
    "one mark repeated": "·" * LONG,
    "open tags": "<a " * (LONG // 3),
    "digits of many scripts": "१२३ ٤٥٦ ⅷ ² ½",
    "no case": "ǅ ß İ ſ ﬁ",
}
TAGS = ["xx", "FR_fr", "", "fr-CA-x-private", "français", "-", None]
ANA = VolunteerInput("ana", "Comptable", "Bilan et paie", skills=(OfferedSkill("Paie"),), language="fr")


def is_sound(ranking: Ranking) -> bool:
    return all(
        0 <= one.score <= 1 and math.isclose(sum(one.contributions.values()), one.score, abs_tol=1e-6)
        for one in ranking.suggestions
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_of_either_side_is_ranked(text: str) -> None:
    person = VolunteerInput("odd", text, text, (text,), (OfferedSkill(text or "x"),))
    need = NeedInput("n", text, text, (NeededSkill(text or "x"),))

    ranking = Ranker().fit([ANA, person]).rank(need, today=TODAY)

    assert {one.volunteer_id for one in ranking.suggestions} == {"ana", "odd"}
    assert is_sound(ranking)


@pytest.mark.parametrize("tag", TAGS)
def test_any_language_tag_is_ranked(tag: str | None) -> None:
    person = VolunteerInput("odd", "Comptable", language=tag, languages=(tag or "",))
    need = NeedInput("n", "Comptable", language=tag, working_languages=(tag or "",))

    assert is_sound(Ranker().fit([ANA, person]).rank(need, today=TODAY))


def test_nobody_and_nothing_in_common_are_answers() -> None:
    assert Ranker().fit([]).rank(NeedInput("n", "Comptable"), today=TODAY).suggestions == ()

    (told,) = Ranker().fit([ANA]).rank(NeedInput("n", "Skipper"), today=TODAY).suggestions

    assert "text_only_zero" in [str(reason.code) for reason in told.reasons]


def test_one_word_finds_who_says_it() -> None:
    others = [VolunteerInput(f"v{n}", "Jardinier") for n in range(5)]

    assert Ranker().fit([*others, ANA]).order(NeedInput("n", "bilan"), today=TODAY)[0] == "ana"


def test_the_command_names_file_line_and_field_of_what_cannot_be_stored(tmp_path: Path) -> None:
    for text in ("comp\\u0000table", "compt\\ud800able"):
        (tmp_path / "needs.jsonl").write_text(f'{{"id": "n", "title": "{text}"}}\n', encoding="utf-8")
        (tmp_path / "people.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")

        told = CliRunner().invoke(
            rank, ["--needs", f"{tmp_path}/needs.jsonl", "--volunteers", f"{tmp_path}/people.jsonl"]
        )

        assert told.exit_code == 2
        assert "needs.jsonl, line 1: field title" in told.stderr


def test_the_command_ranks_a_megabyte_and_an_empty_profile(tmp_path: Path) -> None:
    need = {"id": "n", "title": "comptable", "description": "bilan paie " * (MEGABYTE // 11), "language": "xx"}
    people = [{"id": "a"}, {"id": "b", "headline": "Comptable 😀", "language": "FR_fr"}]
    (tmp_path / "needs.jsonl").write_text(json.dumps(need), encoding="utf-8")
    (tmp_path / "people.jsonl").write_text("\n".join(map(json.dumps, people)), encoding="utf-8")

    told = CliRunner().invoke(rank, ["--needs", f"{tmp_path}/needs.jsonl", "--volunteers", f"{tmp_path}/people.jsonl"])

    assert told.exit_code == 0
    assert [one["volunteer_id"] for one in json.loads(told.stdout)["suggestions"]] == ["b", "a"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_label_teaches_the_lexicon_or_nothing(text: str) -> None:
    skills = [
        CatalogueSkill("1", {"fr": text, "en": "payroll"}, {}),
        CatalogueSkill("2", {"fr": "paie", "xx": text}, {}),
    ]

    person = VolunteerInput("odd", "payroll", language="en")
    ranker = Ranker(catalogue=skills).fit([person])

    assert Lexicon().fit(skills).translations_ is not None
    assert is_sound(ranker.rank(NeedInput("n", text, language="fr"), today=TODAY))


words = st.sampled_from(
    ["comptable", "bilan", "paie", "jardin", "dessin", "site", "web", "C++", "association", "équipe"]
)
texts = st.lists(words, max_size=8).map(" ".join) | st.text(max_size=20)
skills = st.lists(words.map(OfferedSkill), max_size=3).map(tuple)
languages = st.sampled_from(["fr", "en", None])
profiles = st.lists(st.tuples(texts, texts, skills, languages), min_size=1, max_size=8)
needs = st.builds(
    lambda title, text, labels, language: NeedInput("n", title, text, tuple(map(NeededSkill, labels)), language),
    texts, texts, st.lists(words, max_size=3), languages,
)  # fmt: skip


def people(told: list[tuple[str, str, tuple[OfferedSkill, ...], str | None]]) -> list[VolunteerInput]:
    return [VolunteerInput(f"v{n}", a, b, (), s, language) for n, (a, b, s, language) in enumerate(told)]


def scores(ranking: Ranking) -> dict[str, float]:
    return {one.volunteer_id: one.score for one in ranking.suggestions}


@settings(max_examples=30, deadline=None)
@given(needs, profiles)
def test_scores_and_contributions_are_sound_whoever_they_are(need: NeedInput, told: list) -> None:
    assert is_sound(Ranker().fit(people(told)).rank(need, today=TODAY))


@settings(max_examples=20, deadline=None)
@given(needs, profiles, st.randoms())
def test_the_order_in_which_people_come_changes_nothing(need: NeedInput, told: list, lots: object) -> None:
    crowd = people(told)
    mixed = list(crowd)
    lots.shuffle(mixed)

    assert Ranker().fit(mixed).rank(need, today=TODAY) == Ranker().fit(crowd).rank(need, today=TODAY)


@settings(max_examples=20, deadline=None)
@given(needs, profiles)
def test_two_who_say_the_same_tie(need: NeedInput, told: list) -> None:
    found = scores(Ranker().fit(people([*told, told[0]])).rank(need, today=TODAY))

    assert found["v0"] == found[f"v{len(told)}"]


@settings(max_examples=20, deadline=None)
@given(needs, profiles)
def test_who_is_taken_in_again_unchanged_ranks_as_before(need: NeedInput, told: list) -> None:
    # One of twelve is under the tenth from which words are weighed anew: what was learnt stays, and so must the scores.
    crowd = people([*told, *[("Jardin", "", (), "fr")] * (12 - len(told))])
    fitted = Ranker().fit(crowd).rank(need, today=TODAY)

    updated = Ranker().fit(crowd).update([crowd[0]]).rank(need, today=TODAY)

    assert scores(updated) == pytest.approx(scores(fitted), abs=1e-6)
