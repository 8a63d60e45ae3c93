"""Documents as rows that hold, side by side, what stems, character n-grams and pairs of stems say of them.

Stems and character n-grams count half each. The length of a short row is pulled towards the mean, that of a long one
is not, and pairs count beside it; this turns smoothly with the number of stems (`shortness`), row by row. Knows neither
needs nor volunteers.

Sources: TF-IDF with damped counts as in scikit-learn; pivoted length after Singhal, Buckley and Mitra, SIGIR 1996;
character n-grams within words after McNamee and Mayfield, 2004. What each is worth: the table of docs/ranking.md.
"""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from matcher.ranking.spaces import (
    Bag,
    Counts,
    Floats,
    Space,
    Vector,
    character_counts,
    gram_counter,
    inverse,
    lengths,
    scaled,
    term_counts,
)
from matcher.ranking.text import Document, Token, tokens

Dense = NDArray[np.float32]

CHARACTERS, PAIRS = "characters", "pairs"
HALF_LENGTH = 150
LONG_PAIRS = 0.08
STEMS = 0.5
_LEAST_SHARE = 0.05
_FEWEST_HOLDERS_OF_A_PAIR = 2


def shortness(sizes: Floats) -> Floats:
    """Return how far texts of so many stems count as short: 1 for a few, near 1/2 at 150, 0 for several pages.

    Examples
    --------
    >>> shortness(np.array([10.0, 150.0, 1000.0])).round(2)
    array([1.  , 0.47, 0.  ])
    """
    share = 1 / (1 + (sizes / HALF_LENGTH) ** 3)
    clipped: Floats = np.clip((share - _LEAST_SHARE) / (1 - _LEAST_SHARE), 0, 1)
    return clipped


class ProfileVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF rows over three spaces side by side: stems, character n-grams, pairs of stems.

    Parameters
    ----------
    stems, sublinear : bool
        Whether words are stemmed, and counts damped by 1 + log.
    beside : tuple of str
        The spaces used beside the stems: `characters` (n-grams within words) and `pairs` (of neighbouring stems).
    long_profiles : bool
        Whether long texts are weighed otherwise than short ones.
    pivot : float
        The power of a short row's length by which it is divided: 1 gives the cosine, less lets a profile that says
        more score more.

    Attributes
    ----------
    spaces_ : list of Space
        What was learnt, in the order of the columns.
    mean_lengths_ : list of float
        The mean length of the rows in each space, around which lengths turn.

    Examples
    --------
    >>> rows = ProfileVectorizer().fit_transform([Document("comptable", "fr"), Document("jardinier", "fr")])
    >>> float((rows @ rows.T).toarray()[0, 1])
    0.0
    """

    def __init__(
        self,
        *,
        stems: bool = True,
        sublinear: bool = True,
        beside: tuple[str, ...] = (CHARACTERS, PAIRS),
        long_profiles: bool = True,
        pivot: float = 0.6,
    ) -> None:
        self.stems = stems
        self.sublinear = sublinear
        self.beside = beside
        self.long_profiles = long_profiles
        self.pivot = pivot

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that this reads texts, not tables."""
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string, tags.no_validation = False, True, True
        return tags

    def fit(self, documents: Iterable[Document], _targets: object = None) -> Self:
        """Learn the terms of the documents and what each weighs."""
        self.fit_transform(documents)
        return self

    def fit_transform(self, documents: Iterable[Document], _targets: object = None, **_unused: object) -> csr_array:
        """Learn from the documents and return their rows, shape (n_documents, n_terms)."""
        return self.fit_bags([self.bag(document) for document in documents])

    def transform(self, documents: Iterable[Document]) -> csr_array:
        """Return rows for documents in the terms learnt, shape (n_documents, n_terms)."""
        return self.rows([self.bag(document) for document in documents])

    def tokens(self, document: Document) -> list[Token]:
        """Return the terms of a document, in order."""
        found = tokens(document)
        return found if self.stems else [Token(token.folded, token.word, token.folded) for token in found]

    def bag(self, document: Document) -> Bag:
        """Return what a document holds."""
        return Bag.of(self.tokens(document))

    def fit_bags(self, bags: Sequence[Bag]) -> csr_array:
        """Learn from bags and return their rows, shape (n_bags, n_terms)."""
        short = self.shortness_of(bags)
        words = [bag.words for bag in bags] if CHARACTERS in self.beside else []
        longer = [bag.pairs if share < 1 - _LEAST_SHARE else {} for bag, share in zip(bags, short, strict=True)]
        self.spaces_ = [
            Space.of([bag.stems for bag in bags]),
            Space.of_characters(words),
            Space.of(longer if PAIRS in self.beside else [], fewest=_FEWEST_HOLDERS_OF_A_PAIR),
        ]
        weighed = self._weighed(bags)
        self.mean_lengths_ = [float(_mean(lengths(rows))) for rows in weighed]
        return self._joined(weighed, short)

    def rows(self, bags: Sequence[Bag]) -> csr_array:
        """Return rows for bags in the terms learnt, shape (n_bags, n_terms): what queries are compared with."""
        check_is_fitted(self)
        return self._joined(self._weighed(bags), self.shortness_of(bags))

    def query(self, bag: Bag) -> Vector:
        """Return a vector of which each space has length 1, shape (n_terms,): what is compared with rows."""
        return np.concatenate(self._units(bag))

    def balanced(self, bags: Sequence[Bag]) -> Dense:
        """Return vectors whose products are the mean of the cosines of stems and of characters, (n_bags, n_terms)."""
        check_is_fitted(self)
        share = STEMS if CHARACTERS in self.beside else 1.0
        found = np.zeros((len(bags), sum(self.widths)), dtype=np.float32)
        for row, bag in enumerate(bags):
            stems, grams, pairs = self._units(bag)
            found[row] = np.concatenate([share**0.5 * stems, (1 - share) ** 0.5 * grams, 0 * pairs])
        return found

    def balanced_rows(self, bags: Sequence[Bag]) -> csr_array:
        """Return the same as `balanced`, sparse, for many bags."""
        check_is_fitted(self)
        stems, grams, pairs = self._weighed(bags)
        share = STEMS if CHARACTERS in self.beside else 1.0
        factors = (share**0.5 * inverse(lengths(stems)), (1 - share) ** 0.5 * inverse(lengths(grams)))
        return _side_by_side([scaled(stems, factors[0]), scaled(grams, factors[1]), scaled(pairs, np.zeros(len(bags)))])

    def stems_only(self, stems: Sequence[Counts]) -> csr_array:
        """Return rows of length 1 over the stems alone, which are given with how often, shape (n_texts, n_stems)."""
        check_is_fitted(self)
        space = self.spaces_[0]
        rows = space.weighed(term_counts(stems, space.columns), is_damped=self.sublinear)
        return scaled(rows, inverse(lengths(rows)))

    def shortness_of(self, bags: Sequence[Bag]) -> Floats:
        """Return how far each text counts as short, shape (n_bags,)."""
        sizes = np.array([sum(bag.stems.values()) for bag in bags], dtype=float)
        return shortness(sizes) if self.long_profiles else np.ones(len(bags))

    @property
    def widths(self) -> list[int]:
        """The number of columns of each space."""
        return [len(space.idf) for space in self.spaces_]

    def _units(self, bag: Bag) -> list[Vector]:
        counters = (bag.stems, gram_counter(bag.words), bag.pairs)
        return [
            space.of_one(counter, is_damped=self.sublinear)
            for space, counter in zip(self.spaces_, counters, strict=True)
        ]

    def _weighed(self, bags: Sequence[Bag]) -> list[csr_array]:
        stems, grams, pairs = self.spaces_
        counts = (
            term_counts([bag.stems for bag in bags], stems.columns),
            character_counts([bag.words for bag in bags], grams.columns),
            term_counts([bag.pairs for bag in bags], pairs.columns),
        )
        return [space.weighed(each, is_damped=self.sublinear) for each, space in zip(counts, self.spaces_, strict=True)]

    def _joined(self, weighed: Sequence[csr_array], short: Floats) -> csr_array:
        """Give each space its share of each row, over the length of the row, and put the spaces side by side."""
        sizes = [lengths(rows) for rows in weighed]
        of_stems = STEMS if CHARACTERS in self.beside else 1.0
        long = 1 - short
        shares = (
            of_stems * (short * self._pivoted(sizes[0], 0) + long * inverse(sizes[0])),
            (1 - of_stems) * (short * self._pivoted(sizes[1], 1) + long * inverse(sizes[1])),
            long * LONG_PAIRS * inverse(sizes[2]),
        )
        return _side_by_side([scaled(rows, share) for rows, share in zip(weighed, shares, strict=True)])

    def _pivoted(self, sizes: Floats, space: int) -> Floats:
        mean = self.mean_lengths_[space] or 1.0
        found: Floats = inverse(sizes) ** self.pivot / mean ** (1 - self.pivot)
        return found


def _mean(values: Floats) -> float:
    said = values[values > 0]
    return float(said.mean()) if len(said) else 1.0


def _side_by_side(spaces: Sequence[csr_array]) -> csr_array:
    return csr_array(hstack(spaces, format="csr"))
