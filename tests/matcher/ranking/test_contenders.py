"""Rankers by name: what each puts in order, and that none favours a place in the file."""

import sys
from datetime import date

import pytest

from matcher.ranking.contenders import CONTENDERS, Contender, MissingLibrary, Setting, UnknownRanker, contenders
from matcher.ranking.lot import lot
from matcher.ranking.ranker import Ranker
from matcher.ranking.records import catalogue_skill_from
from matcher.ranking.schema import Fields
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, VolunteerInput

DAY = date(2026, 11, 2)
NEED = NeedInput("n1", "Une comptable", skills=(NeededSkill("comptabilité"),), language="fr")
PEOPLE = [
    *(VolunteerInput(f"v{n}", "Jardin et potager") for n in range(8)),
    VolunteerInput("ana", experiences=("Comptable dans une association",)),
    VolunteerInput("bo", "Potager", skills=(OfferedSkill("comptabilité"),)),
]


def fitted(name: str, people: list[VolunteerInput]) -> Contender:
    ranker = contenders([name], Setting(DAY))[name]
    ranker.fit(people)
    return ranker


@pytest.mark.parametrize("name", CONTENDERS)
def test_everybody_is_in_order_and_those_who_share_a_word_come_first(name: str) -> None:
    order = fitted(name, PEOPLE).order(NEED)

    assert sorted(order) == sorted(person.id for person in PEOPLE)
    assert set(order[:2]) == {"ana", "bo"}


@pytest.mark.parametrize("name", CONTENDERS)
def test_the_order_of_the_file_changes_nothing_and_ties_go_by_lot(name: str) -> None:
    order = fitted(name, PEOPLE).order(NEED)

    assert fitted(name, PEOPLE[::-1]).order(NEED) == order
    assert order[2:] == sorted(order[2:], key=lambda one: lot("n1", one))


@pytest.mark.parametrize("name", CONTENDERS)
def test_a_ranker_fitted_again_knows_only_the_new_people(name: str) -> None:
    ranker = fitted(name, PEOPLE)

    ranker.fit(PEOPLE[-2:])

    assert set(ranker.order(NEED)) == {"ana", "bo"}


@pytest.mark.parametrize("name", CONTENDERS)
@pytest.mark.parametrize("title", ["🙂", "xylophone"])
def test_no_word_in_common_and_no_word_at_all_give_an_order_by_lot(name: str, title: str) -> None:
    silent = [VolunteerInput("ana"), VolunteerInput("bo"), VolunteerInput("cy")]

    order = fitted(name, silent).order(NeedInput("n1", title))

    assert order == sorted(order, key=lambda one: lot("n1", one))
    assert len(order) == 3


def test_the_current_ranker_is_the_one_that_the_service_runs() -> None:
    suggestions = Ranker().fit(PEOPLE).rank(NEED, today=DAY).suggestions

    assert fitted("current", PEOPLE).order(NEED) == [one.volunteer_id for one in suggestions]


def test_the_current_ranker_reads_the_catalogue() -> None:
    people = [*PEOPLE[:8], VolunteerInput("dee", "Gardens", skills=(OfferedSkill("bookkeeping"),), language="en")]
    skill = catalogue_skill_from(Fields({"uri": "s1", "labels": {"fr": "comptabilité", "en": "bookkeeping"}}))
    ranker = contenders(["current"], Setting(DAY, [skill]))["current"]

    ranker.fit(people)

    assert ranker.order(NEED)[0] == "dee"


def test_an_unknown_name_is_refused_naming_those_that_exist() -> None:
    with pytest.raises(UnknownRanker, match="no ranker 'bm52'; there are: default, bm25, current"):
        contenders(["default", "bm52"], Setting(DAY))


def test_a_library_that_is_not_there_is_missed_only_by_the_ranker_that_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "bm25s", None)

    assert list(contenders(["default", "current"], Setting(DAY))) == ["default", "current"]
    with pytest.raises(MissingLibrary, match="bm25 needs bm25s"):
        contenders(["bm25"], Setting(DAY))
