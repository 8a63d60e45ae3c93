"""One kind of terms each: which there are, how often texts hold them, and what each weighs. Knows words only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise, repeat

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.text import Token

Floats = NDArray[np.float64]
Vector = NDArray[np.float32]
Counts = Mapping[str, float]
GRAM = 5


@dataclass(frozen=True, slots=True)
class Bag:
    """What a text holds, with how often (a translation gives fractions): stems, words, and pairs of stems."""

    stems: Counts = field(default_factory=dict)
    words: Counts = field(default_factory=dict)
    pairs: Counts = field(default_factory=dict)

    @classmethod
    def of(cls, *pieces: Sequence[Token]) -> "Bag":
        """Gather the tokens of the pieces of a text; a pair stands within one piece.

        Examples
        --------
        >>> Bag.of([Token("ten", "tenir", "tenir"), Token("compt", "comptes", "comptes")]).pairs
        Counter({'ten compt': 1})
        """
        stems = [[token.term for token in piece] for piece in pieces]
        return cls(
            Counter(chain.from_iterable(stems)),
            Counter([token.folded for piece in pieces for token in piece]),
            Counter([f"{first} {second}" for piece in stems for first, second in pairwise(piece)]),
        )


@dataclass(frozen=True, slots=True)
class Space:
    """Learnt terms: the column of each and its weight, the inverse document frequency, shape (n_terms,)."""

    columns: dict[str, int]
    idf: Floats

    @classmethod
    def of(cls, counters: Sequence[Counts], *, fewest: int = 1) -> "Space":
        """Learn the terms that as many texts hold at least.

        Examples
        --------
        >>> Space.of([Counter("ab"), Counter("a")]).idf.round(2)
        array([1.  , 1.41])
        """
        holders = Counter(name for counter in counters for name in counter)
        kept = {name: held for name, held in holders.items() if held >= fewest}
        columns = {name: column for column, name in enumerate(kept)}
        return cls(columns, _idf(np.fromiter(kept.values(), dtype=float, count=len(kept)), len(counters)))

    @classmethod
    def of_characters(cls, counters: Sequence[Counts]) -> "Space":
        """Learn the character n-grams within the words of texts."""
        words = dict.fromkeys(chain.from_iterable(counters))
        grams = dict.fromkeys(chain.from_iterable(map(ngrams, words)))
        columns = {gram: column for column, gram in enumerate(grams)}
        counts = character_counts(counters, columns)
        held = np.bincount(counts.indices, minlength=len(columns)).astype(float)
        return cls(columns, _idf(held, len(counters)))

    def weighed(self, counts: csr_array, *, is_damped: bool) -> csr_array:
        """Return counts, damped by 1 + log where they are 1 or more, times the weights of their terms."""
        data = damped(counts.data) if is_damped else counts.data
        rows = (data * self.idf[counts.indices]).astype(np.float32)
        return csr_array((rows, counts.indices, counts.indptr), shape=counts.shape)

    def of_one(self, counter: Counts, *, is_damped: bool) -> Vector:
        """Return the weights of one text as a vector of length 1 (or 0), shape (n_terms,)."""
        vector: Vector = np.zeros(len(self.idf), dtype=np.float32)
        known = {column: count for name, count in counter.items() if (column := self.columns.get(name)) is not None}
        if not known:
            return vector
        columns = np.fromiter(known, dtype=np.intp, count=len(known))
        counts = np.fromiter(known.values(), dtype=float, count=len(known))
        weights = (damped(counts) if is_damped else counts) * self.idf[columns]
        vector[columns] = weights / np.sqrt((weights**2).sum())
        return vector


def damped(counts: Floats) -> Floats:
    """Return counts that grow by their logarithm from 1 on.

    Examples
    --------
    >>> damped(np.array([0.5, 1.0, 2.0])).round(2)
    array([0.5 , 1.  , 1.69])
    """
    more = counts > 1
    found = counts.copy()
    found[more] = 1 + np.log(counts[more])
    return found


def term_counts(counters: Sequence[Counts], columns: dict[str, int]) -> csr_array:
    """Return how often each text holds each term, shape (n_texts, n_terms); terms that are not known are left out."""
    sizes = np.array([len(counter) for counter in counters], dtype=np.int64)
    total = int(sizes.sum())
    names = chain.from_iterable(counters)
    found = np.fromiter(map(columns.get, names, repeat(-1)), dtype=np.int32, count=total)
    counts = chain.from_iterable(counter.values() for counter in counters)
    data = np.fromiter(counts, dtype=np.float64, count=total)
    known = found >= 0
    so_far = np.concatenate([[0], np.cumsum(known)])
    starts = so_far[np.concatenate([[0], np.cumsum(sizes)])].astype(np.int32)
    return csr_array((data[known], found[known], starts), shape=(len(counters), len(columns)))


def character_counts(counters: Sequence[Counts], columns: dict[str, int]) -> csr_array:
    """Return how often each text holds each character n-gram: texts × words times words × n-grams."""
    words = list(dict.fromkeys(word for counter in counters for word in counter))
    of_texts = term_counts(counters, {word: row for row, word in enumerate(words)})
    of_words = term_counts([Counter(ngrams(word)) for word in words], columns)
    return csr_array(of_texts @ of_words)


def gram_counter(words: Counts) -> Counts:
    """Return how often a text of such words holds each character n-gram."""
    found: dict[str, float] = {}
    for word, count in words.items():
        for gram in ngrams(word):
            found[gram] = found.get(gram, 0.0) + count
    return found


@lru_cache(maxsize=200_000)
def ngrams(word: str) -> tuple[str, ...]:
    """Return the runs of 5 characters of a word, its two ends marked by a space.

    Examples
    --------
    >>> ngrams("paie"), ngrams("un")
    ((' paie', 'paie '), ())
    """
    padded = f" {word} "
    return tuple([padded[i : i + GRAM] for i in range(len(padded) - GRAM + 1)])


def lengths(rows: csr_array) -> Floats:
    """Return the Euclidean length of each row, shape (n_rows,)."""
    found: Floats = np.zeros(len(rows.indptr) - 1)
    said = np.flatnonzero(np.diff(rows.indptr))
    if len(said):
        found[said] = np.sqrt(np.add.reduceat(np.square(rows.data, dtype=np.float64), rows.indptr[said]))
    return found


def inverse(values: Floats) -> Floats:
    """Return 1 over each value, 0 where it is 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def scaled(rows: csr_array, factors: Floats) -> csr_array:
    """Return the rows, each times its factor; entries that become 0 are dropped."""
    data = rows.data * np.repeat(factors.astype(np.float32), np.diff(rows.indptr))
    found = csr_array((data, rows.indices.copy(), rows.indptr.copy()), shape=rows.shape)
    if not factors.all():
        found.eliminate_zeros()
    return found


def _idf(held: Floats, n_texts: int) -> Floats:
    weights: Floats = np.log((1 + n_texts) / (1 + held)) + 1
    return weights
