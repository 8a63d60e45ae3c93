"""The texts of the volunteers as rows, and how near a need's text comes to each; knows words only.

The part is the square root of a cosine: cosines of short texts are small, and the root spreads them over 0 to 1 without
changing their order. The best five passages of a long profile count beside the whole of it, so that one experience that
fits is not lost in a long career.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.ranking.lexicon import Lexicon
from matcher.ranking.recipe import RECIPE, Recipe
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.spaces import Bag, Counts, Vector, scaled
from matcher.ranking.text import Document, known_language
from matcher.ranking.textmodel import Query, TextModel

BEST_PASSAGES = 5
LONG_PASSAGES = 0.4


@dataclass(frozen=True, slots=True)
class Profile:
    """One volunteer's words and their language: a text, and beside it the passages that may also count on their own."""

    text: str
    language: str | None = None
    passages: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """All that she says."""
        return "\n".join([self.text, *self.passages])


@dataclass(frozen=True)
class TextIndex:
    """Profiles as rows of shape (n_profiles, n_terms), in order, and their passages; never changed in place.

    Examples
    --------
    >>> index = TextIndex.fit([Profile("comptable", "fr"), Profile("jardinier", "fr")])
    >>> index.nearness(index.query(Document("Une comptable ?", "fr"))).round(2)
    array([1., 0.])
    """

    model: TextModel
    rows: csr_array
    passages: csr_array
    owners: NDArray[np.intp]
    languages: tuple[str | None, ...]

    @classmethod
    def fit(cls, profiles: Sequence[Profile], lexicon: Lexicon | None = None, recipe: Recipe = RECIPE) -> "TextIndex":
        """Learn the terms and their weights from the profiles, and index them."""
        model = TextModel.new(lexicon, recipe)
        read = [_Read.of(profile, model) for profile in profiles]
        return cls._of(model, read, model.vectorizer.fit_bags([each.bag for each in read]))

    def moved(self, kept: Sequence[int], profiles: Sequence[Profile], order: Sequence[int]) -> "TextIndex":
        """Return an index of the kept rows followed by new profiles, put in order; the weights stay as learnt."""
        read = [_Read.of(profile, self.model) for profile in profiles]
        new = self._of(self.model, read, self.model.vectorizer.rows([each.bag for each in read]))
        n_rows = len(self.languages)
        places = np.full(n_rows + len(profiles), -1, dtype=np.intp)
        places[[*kept, *range(n_rows, len(places))]] = np.argsort(np.asarray(order, dtype=np.intp))
        owners = places[np.concatenate([self.owners, new.owners + n_rows])]
        by_owner = np.argsort(owners, kind="stable")
        stays = by_owner[owners[by_owner] >= 0]
        languages = [*(self.languages[row] for row in kept), *new.languages]
        return TextIndex(
            self.model,
            csr_array(vstack([self.rows[list(kept)], new.rows], format="csr")[list(order)]),
            csr_array(vstack([self.passages, new.passages], format="csr")[stays]),
            owners[stays],
            tuple(languages[row] for row in order),
        )

    def query(self, document: Document) -> Query:
        """Return what is looked up for one document."""
        return self.model.query(document, sorted(set(self.languages), key=str))

    def nearness(self, query: Query) -> Floats:
        """Return how near each profile comes to the query, shape (n_profiles,); neutral where there is no word."""
        if query.says_nothing:
            return np.full(len(self.languages), NEUTRAL.text)
        found = np.zeros(len(self.languages))
        for language in self.writing_in:
            found += self.likeness_in(language, query.vectors[language])
        return np.where(self.is_silent, NEUTRAL.text, np.sqrt(found))

    @cached_property
    def writing_in(self) -> Mapping[str | None, NDArray[np.bool_]]:
        """Which profiles are written in each language, shape (n_profiles,)."""
        return {tag: np.array([each == tag for each in self.languages], dtype=bool) for tag in set(self.languages)}

    def likeness(self, vector: Vector) -> Floats:
        """Return how like each profile is to a vector of unit spaces, shape (n_profiles,), before the root."""
        return _Stretch(self.rows, self.passages, self.owners).likeness(vector)

    def likeness_in(self, language: str | None, vector: Vector) -> Floats:
        """Return the same for the profiles in one language, 0 for others; the rows of others are not read."""
        found = np.zeros(len(self.languages))
        found[self.writing_in[language]] = self._stretches[language].likeness(vector)
        return found

    @cached_property
    def _stretches(self) -> Mapping[str | None, "_Stretch"]:
        """The rows of each language; made once, since to choose rows costs more than to compare them."""
        if len(self.writing_in) == 1:
            return {tag: _Stretch(self.rows, self.passages, self.owners) for tag in self.writing_in}
        return {tag: _Stretch.of(self, np.flatnonzero(mine)) for tag, mine in self.writing_in.items()}

    @cached_property
    def is_silent(self) -> NDArray[np.bool_]:
        """Which profiles hold no word, shape (n_profiles,)."""
        return np.asarray(np.diff(self.rows.indptr) == 0)

    @classmethod
    def _of(cls, model: TextModel, read: Sequence["_Read"], rows: csr_array) -> "TextIndex":
        long = 1 - model.vectorizer.shortness_of([each.bag for each in read])
        counts = np.where(long > 0, [len(each.passages) for each in read], 0).astype(np.intp)
        told = [stems for each, count in zip(read, counts, strict=True) for stems in each.passages[:count]]
        share = np.where(counts > 0, LONG_PASSAGES * long, 0.0)
        owners = np.repeat(np.arange(len(read)), counts)
        each_counts = np.minimum(counts, BEST_PASSAGES)[owners]
        return cls(
            model,
            scaled(rows, 1 - share),
            scaled(model.vectorizer.stems_only(told), share[owners] / np.maximum(each_counts, 1)),
            owners,
            tuple(each.language for each in read),
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A profile as read: what it holds, and the stems of its passages where there are several."""

    bag: Bag
    passages: tuple[Counts, ...]
    language: str | None

    @classmethod
    def of(cls, profile: Profile, model: TextModel) -> "_Read":
        """Read each piece of a profile once."""
        pieces = [
            model.vectorizer.tokens(Document(text, profile.language)) for text in (profile.text, *profile.passages)
        ]
        told = pieces[1:] if model.recipe.passages and len(profile.passages) > 1 else []
        stems = tuple(Counter([token.term for token in piece]) for piece in told)
        return cls(Bag.of(*pieces), stems, known_language(profile.language))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some of the profiles, in order, with their passages in the order of their owners."""

    rows: csr_array
    passages: csr_array
    owners: NDArray[np.intp]

    @classmethod
    def of(cls, index: TextIndex, rows: NDArray[np.intp]) -> "_Stretch":
        """Choose rows of an index."""
        places = np.full(len(index.languages), -1, dtype=np.intp)
        places[rows] = np.arange(len(rows))
        owners = places[index.owners]
        stays = np.flatnonzero(owners >= 0)
        return cls(csr_array(index.rows[rows]), csr_array(index.passages[stays]), owners[stays])

    def likeness(self, vector: Vector) -> Floats:
        """Return how like each is to a vector of unit spaces, before the root."""
        whole = np.asarray(self.rows @ vector, dtype=float)
        if len(self.owners):
            parts = np.asarray(self.passages @ vector[: self.passages.shape[1]], dtype=float)
            whole += _best_of_each(parts, self.owners, len(whole))
        found: Floats = np.clip(whole, 0.0, 1.0)
        return found


def _best_of_each(values: Floats, owners: NDArray[np.intp], n_owners: int) -> Floats:
    """Return the sum of the best five values of each owner, shape (n_owners,); the owners are in order."""
    counts = np.bincount(owners, minlength=n_owners)
    starts = np.cumsum(counts) - counts
    found: Floats = np.zeros(n_owners)
    for count in np.unique(counts[counts > 0]).tolist():
        alike = np.flatnonzero(counts == count)
        told = values[starts[alike, np.newaxis] + np.arange(count)]
        if count > BEST_PASSAGES:
            told = np.partition(told, count - BEST_PASSAGES, axis=1)[:, -BEST_PASSAGES:]
        found[alike] = told.sum(axis=1)
    return found
