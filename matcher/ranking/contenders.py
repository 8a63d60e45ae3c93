"""The rankers that can be compared, by name: what a library gives as it comes, ours, and ours with parts left out.

Only orders are compared here: no measure, no file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.ranking.lot import lot
from matcher.ranking.ranker import Ranker
from matcher.ranking.recipe import ABLATIONS, RECIPE, Recipe
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.score import DECIMALS, Floats
from matcher.ranking.types import NeedInput, VolunteerInput


class UnknownRanker(ValueError):
    """A ranker was named that does not exist; the sentence names those that do."""


class MissingLibrary(RuntimeError):
    """A ranker was named whose library is not installed; the sentence says how to get it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every ranker is told before it sees people: the day, and a catalogue for those that can read one."""

    today: date
    catalogue: Sequence[CatalogueSkill] = ()


class Contender(Protocol):
    """A ranker under comparison; it may be fitted again over other people."""

    version: str

    def fit(self, volunteers: Sequence[VolunteerInput]) -> None:
        """Learn the people who are to be put in order."""

    def order(self, need: NeedInput) -> list[str]:
        """Return the ids of the people who may do the need, best first; ties are broken by the same lot for all."""


def need_text(need: NeedInput) -> str:
    """Return all that a need says: title, description and labels of skills."""
    return "\n".join([need.title, need.description, *(skill.label for skill in need.skills)])


def volunteer_text(volunteer: VolunteerInput) -> str:
    """Return all that a profile says: headline, description, experiences and labels of skills."""
    labels = (skill.label for skill in volunteer.skills)
    return "\n".join([volunteer.headline, volunteer.description, *volunteer.experiences, *labels])


class Default:
    """TF-IDF and cosine as scikit-learn gives them, over the joined texts."""

    def __init__(self, _setting: Setting) -> None:
        self.version = f"scikit-learn {version('scikit-learn')}"
        self._vectorizer = TfidfVectorizer()
        self._ids: list[str] = []
        self._rows = csr_array((0, 0))
        self._is_silent = True

    def fit(self, volunteers: Sequence[VolunteerInput]) -> None:
        """Learn the words of the people."""
        self._ids = [person.id for person in volunteers]
        texts = [volunteer_text(person) for person in volunteers]
        self._is_silent = not any(map(self._vectorizer.build_analyzer(), texts))
        if not self._is_silent:
            self._rows = csr_array(self._vectorizer.fit_transform(texts))

    def order(self, need: NeedInput) -> list[str]:
        """Return everybody, by cosine."""
        if self._is_silent:
            return ordered(need.id, self._ids, np.zeros(len(self._ids)))
        query = csr_array(self._vectorizer.transform([need_text(need)]))
        return ordered(need.id, self._ids, (self._rows @ query.T).toarray()[:, 0])


class _Tokenize(Protocol):
    """`bm25s.tokenize`, which has no annotations that tell what comes out."""

    def __call__(self, texts: list[str], *, return_ids: bool, show_progress: bool) -> list[list[str]]:
        """Return the words of each text."""


class _Index(Protocol):
    """`bm25s.BM25`, as far as we use it."""

    def index(self, corpus: list[list[str]], *, show_progress: bool) -> None:
        """Learn the words of all texts, of which one at least has some."""

    def get_scores(self, query_tokens_single: list[str]) -> Floats:
        """Return the score of each text, shape (n_texts,), for some words, at least one."""


class Bm25:
    """BM25 as bm25s gives it, with its own words and its own (English) stop words, over the joined texts."""

    def __init__(self, _setting: Setting) -> None:
        try:
            library = import_module("bm25s")
        except ImportError as error:
            raise MissingLibrary("The ranker bm25 needs bm25s, which python3 dev.py setup installs.") from error
        self.version = f"bm25s {version('bm25s')}"
        self._tokenize: _Tokenize = library.tokenize
        self._new: Callable[[], _Index] = library.BM25
        self._index = self._new()
        self._ids: list[str] = []
        self._is_silent = True

    def fit(self, volunteers: Sequence[VolunteerInput]) -> None:
        """Learn the words of the people."""
        self._ids = [person.id for person in volunteers]
        words = self._tokens([volunteer_text(person) for person in volunteers])
        self._is_silent = not any(words)
        if not self._is_silent:
            self._index = self._new()
            self._index.index(words, show_progress=False)

    def order(self, need: NeedInput) -> list[str]:
        """Return everybody, by BM25."""
        words = self._tokens([need_text(need)])[0]
        if self._is_silent or not words:
            return ordered(need.id, self._ids, np.zeros(len(self._ids)))
        return ordered(need.id, self._ids, self._index.get_scores(words))

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        return self._tokenize(texts, return_ids=False, show_progress=False)


class Current:
    """Our own ranker, whole or with a piece of its recipe left out."""

    def __init__(self, setting: Setting, recipe: Recipe = RECIPE) -> None:
        self._today = setting.today
        self._ranker = Ranker(recipe=recipe, catalogue=setting.catalogue)
        self.version = self._ranker.version

    def fit(self, volunteers: Sequence[VolunteerInput]) -> None:
        """Learn the people."""
        self._ranker.fit(volunteers)

    def order(self, need: NeedInput) -> list[str]:
        """Return those whom no filter leaves out, by score."""
        return self._ranker.order(need, today=self._today)


CONTENDERS: Mapping[str, Callable[[Setting], Contender]] = {
    "default": Default,
    "bm25": Bm25,
    "current": Current,
    **{name: partial(Current, recipe=recipe) for name, recipe in ABLATIONS.items()},
}


def contenders(names: Iterable[str], setting: Setting) -> dict[str, Contender]:
    """Return the rankers of some names, not yet fitted; raise UnknownRanker or MissingLibrary."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in CONTENDERS:
            raise UnknownRanker(f"There is no ranker {name!r}; there are: {', '.join(CONTENDERS)}.")
    return {name: CONTENDERS[name](setting) for name in wanted}


def ordered(need_id: str, ids: Sequence[str], scores: Floats) -> list[str]:
    """Return the ids by their scores, of shape (n_ids,), best first; equal ones by lot.

    Examples
    --------
    >>> ordered("n1", ["ana", "bo", "cy"], np.array([0.1, 0.3, 0.2]))
    ['bo', 'cy', 'ana']
    """
    rounded: list[float] = np.round(scores.astype(np.float64), DECIMALS).tolist()
    places = sorted((-score, lot(need_id, one), one) for score, one in zip(rounded, ids, strict=True))
    return [one for _, _, one in places]
