"""The page on how the ranking works is made from the live formula: no part without its weight and its sentence."""

from dataclasses import asdict, fields

import pytest
from flask import Flask

from matcher.i18n import LANGUAGES, translate
from matcher.labels import PARTS, SHORT_PARTS
from matcher.ranking.ranker import VERSION, Ranker
from matcher.ranking.score import NEUTRAL, WEIGHTS, Neutral, Weights
from tests.decided import other_weights
from tests.web.visiting import Visitor
from web.ranking_pages import MEANINGS, formula_of

PAGE = "/how-it-ranks"


def test_every_part_of_the_formula_has_its_sentence_its_names_and_its_neutral_value() -> None:
    names = list(Weights.names())

    assert list(MEANINGS) == list(PARTS) == list(SHORT_PARTS) == names
    assert [part.name for part in fields(Neutral)] == names


def test_the_parts_are_shown_in_the_order_of_the_formula_with_weight_and_value_when_not_said(app: Flask) -> None:
    page = Visitor(app).get(PAGE).page
    rows = [[cell.get_text().strip() for cell in row.select("th, td")] for row in page.select("tbody tr")]

    assert rows == [
        [PARTS[name], f"{round(100 * weight)}%", f"{round(100 * getattr(NEUTRAL, name))}%"]
        for name, weight in asdict(WEIGHTS).items()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_is_explained_in_the_language_of_the_reader(app: Flask, language: str) -> None:
    text = Visitor(app, language=language).get(PAGE).text

    for sentence in MEANINGS.values():
        told = translate(language, sentence, {"km": 25})
        assert " ".join(told.split()) in text
        assert (told == sentence % {"km": 25}) is (language == "en")
    assert VERSION in text


def test_the_version_is_that_of_the_ranker_under_any_weights(app: Flask) -> None:
    with app.test_request_context():
        for weights in (WEIGHTS, other_weights()):
            assert formula_of(weights).version == Ranker(weights).version
