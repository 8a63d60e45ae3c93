"""The estimators of the ranking keep scikit-learn's contract: its own checks, and the same for input that is text."""

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks as checks
from sklearn.utils import get_tags

from matcher.ranking.lexicon import Lexicon
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.spaces import Bag
from matcher.ranking.text import Document
from matcher.ranking.vectors import ProfileVectorizer

# Those of scikit-learn's checks that need no data. All others fit tables of numbers, which a text is not: what they
# look for is asked below of documents and of a catalogue.
OF_THE_CLASS = [
    checks.check_do_not_raise_errors_in_init_or_set_params,
    checks.check_estimator_cloneable,
    checks.check_estimator_repr,
    checks.check_estimator_tags_renamed,
    checks.check_get_params_invariance,
    checks.check_mixin_order,
    checks.check_no_attributes_set_in_init,
    checks.check_parameters_default_constructible,
    checks.check_set_params,
    checks.check_valid_tag_types,
]
DOCUMENTS = [
    Document("Comptable, bilan et paie d’une association", "fr"),
    Document("Jardinière et paysagiste", "fr"),
    Document("Payroll and accounts of a charity", "en"),
    Document("", "fr"),
]
SKILLS = [
    CatalogueSkill("1", {"fr": "paie", "en": "payroll"}, {}),
    CatalogueSkill("2", {"fr": "droit du travail", "en": "labour law"}, {"en": ("employment law",)}),
]


def rows(vectorizer: ProfileVectorizer) -> np.ndarray:
    return vectorizer.transform(DOCUMENTS).toarray()


def translations(lexicon: Lexicon) -> dict[str, object]:
    return vars(lexicon)


@pytest.fixture(
    params=[(ProfileVectorizer(), DOCUMENTS, rows), (Lexicon(), SKILLS, translations)], ids=["rows", "words"]
)
def case(request: pytest.FixtureRequest) -> tuple[BaseEstimator, list[object], Callable[[BaseEstimator], object]]:
    estimator, data, outcome = request.param
    return clone(estimator), data, outcome


def same(one: object, other: object) -> bool:
    return pickle.dumps(one) == pickle.dumps(other)


@pytest.mark.parametrize("estimator", [ProfileVectorizer(), Lexicon()], ids=repr)
@pytest.mark.parametrize("check", OF_THE_CLASS, ids=lambda check: check.__name__)
def test_scikit_learn_finds_nothing_wrong(
    check: Callable[[str, BaseEstimator], None], estimator: BaseEstimator
) -> None:
    check(type(estimator).__name__, estimator)


def test_they_say_that_they_read_texts(case) -> None:
    tags = get_tags(case[0])

    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.no_validation) == (True, False, True)


def test_fit_returns_itself_and_sets_what_ends_in_an_underscore(case) -> None:
    estimator, data, _ = case
    before = estimator.get_params()

    assert estimator.fit(data) is estimator
    assert estimator.get_params() == before
    assert all(name in before or name.endswith("_") for name in vars(estimator))


def test_fitting_twice_is_fitting_once(case) -> None:
    estimator, data, outcome = case
    once = pickle.dumps(outcome(estimator.fit(data)))

    assert pickle.dumps(outcome(estimator.fit(data))) == once


def test_a_clone_is_not_fitted_and_learns_the_same(case) -> None:
    estimator, data, outcome = case
    twin = clone(estimator.fit(data))

    assert not [name for name in vars(twin) if name.endswith("_")]
    assert same(outcome(twin.fit(data)), outcome(estimator))


def test_what_was_learnt_survives_pickling(case) -> None:
    estimator, data, outcome = case

    assert same(outcome(pickle.loads(pickle.dumps(estimator.fit(data)))), outcome(estimator))


def test_nothing_comes_out_before_the_fit() -> None:
    with pytest.raises(NotFittedError):
        ProfileVectorizer().transform(DOCUMENTS)
    with pytest.raises(NotFittedError):
        Lexicon().translated(Bag(), "fr", "en")


def test_rows_depend_neither_on_each_other_nor_on_their_order() -> None:
    vectorizer = ProfileVectorizer().fit(DOCUMENTS)
    whole = rows(vectorizer)

    assert np.array_equal(vectorizer.transform(DOCUMENTS[::-1]).toarray(), whole[::-1])
    assert np.array_equal(np.vstack([vectorizer.transform([each]).toarray() for each in DOCUMENTS]), whole)


def test_fit_and_transform_in_one_give_the_same_rows() -> None:
    vectorizer = ProfileVectorizer()

    assert np.allclose(vectorizer.fit_transform(DOCUMENTS).toarray(), rows(vectorizer))


def test_transforming_changes_nothing_that_was_learnt() -> None:
    vectorizer = ProfileVectorizer().fit(DOCUMENTS)
    before = pickle.dumps(vectorizer)

    vectorizer.transform([Document("autre chose", "fr")])

    assert pickle.dumps(vectorizer) == before


@pytest.mark.parametrize("documents", [[], [Document("")], [Document("de la", "fr")]])
def test_texts_without_a_word_give_rows_without_an_entry(documents: list[Document]) -> None:
    assert ProfileVectorizer().fit_transform(documents).nnz == 0


def test_a_catalogue_without_a_pair_translates_nothing() -> None:
    bag = Bag({"pai": 1})

    for catalogue in ([], [CatalogueSkill("1", {"fr": "paie"}, {})]):
        assert Lexicon().fit(catalogue).translated(bag, "fr", "en") is bag
