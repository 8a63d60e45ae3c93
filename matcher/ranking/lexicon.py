"""Which words of one language stand for which of another, learnt from the labels of a bilingual catalogue.

The model is the first of Brown, Della Pietra, Della Pietra and Mercer (1993): every word of a label may stand for every
word of its translation, and expectation-maximisation finds which do. Knows stems and words, neither needs nor people.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils import Tags

from matcher.ranking.records import CatalogueSkill
from matcher.ranking.spaces import Bag
from matcher.ranking.text import Document, Token, fold, known_language, tokens

Translations = Mapping[str, tuple[tuple[str, float], ...]]
_NOTHING = ""
_MOST_LABELS = 4


class Lexicon(BaseEstimator):
    """Translates bags of stems between the languages of a catalogue.

    Parameters
    ----------
    iterations : int
        Steps of expectation-maximisation.
    least : float
        The least probability of a translation that is kept.
    most : int
        How many translations of a stem are kept.

    Attributes
    ----------
    translations_ : dict of (source, target) to dict of stem to ((stem, probability), ...)
    words_ : dict of language to dict of stem to its commonest word, folded
    names_ : dict of (source, target) to dict of folded label or alternative to the names of that skill in the target

    Examples
    --------
    >>> skills = [CatalogueSkill("1", {"fr": "fiche de paie", "en": "payslip"}, {})]
    >>> lexicon = Lexicon().fit(skills)
    >>> dict(lexicon.translated(Bag(stems={"pai": 1}), "fr", "en").stems)
    {'payslip': 1.0}
    >>> lexicon.names_in("Fiche de paie", "fr", "en")
    ('payslip',)
    """

    def __init__(self, *, iterations: int = 8, least: float = 0.05, most: int = 5) -> None:
        self.iterations = iterations
        self.least = least
        self.most = most

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that this reads texts, not tables."""
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string, tags.no_validation = False, True, True
        return tags

    def fit(self, catalogue: Iterable[CatalogueSkill], _targets: object = None) -> Self:
        """Learn from every skill that has labels in two languages or more."""
        catalogue = tuple(catalogue)
        skills = [_labels(skill) for skill in catalogue]
        languages = sorted({language for skill in skills for language in skill})
        self.names_ = {pair: _names(catalogue, *pair) for pair in permutations(languages, 2)}
        self.words_ = {language: _words(skills, language) for language in languages}
        self.translations_: dict[tuple[str, str], Translations] = {}
        for source, target in permutations(languages, 2):
            pairs = [(skill[source], skill[target]) for skill in skills if source in skill and target in skill]
            self.translations_[source, target] = self._learnt(pairs)
        return self

    def names_in(self, label: str, source: str | None, target: str | None) -> tuple[str, ...]:
        """Return what a catalogue calls a skill in another language, the label first; nothing where none holds it."""
        return self.names_.get((source or "", target or ""), {}).get(fold(label), ())

    def translated(self, bag: Bag, source: str | None, target: str | None) -> Bag:
        """Return a bag in another language; what has no translation stays as it is, as names and acronyms do.

        The likely translations of a stem share its whole count: what the unlikely ones would have had is not lost.
        """
        if not hasattr(self, "translations_"):  # check_is_fitted would cost more than the look-up
            raise NotFittedError("this Lexicon is not fitted yet")
        table = self.translations_.get((source or "", target or ""))
        if table is None:
            return bag
        words = self.words_[target or ""]
        stems: dict[str, float] = defaultdict(float)
        surface: dict[str, float] = defaultdict(float)
        for stem, count in bag.stems.items():
            likely = table.get(stem, ((stem, 1.0),))
            total = sum(chance for _, chance in likely)
            for other, chance in likely:
                share = chance / total
                stems[other] += share * (1 + math.log(count))
                surface[words.get(other, other)] += share * count
        return Bag(stems, surface)

    def _learnt(self, pairs: Sequence[tuple[list[list[Token]], list[list[Token]]]]) -> Translations:
        links = _Links()
        for sources, targets in pairs:
            weight = 1 / (len(sources) * len(targets))
            for source in sources:
                for target in targets:
                    links.add([token.term for token in source], [token.term for token in target], weight)
        return links.probable(self.iterations, least=self.least, most=self.most)


class _Links:
    """Every word of a label beside every word of its translation: the sentence pairs of the model."""

    def __init__(self) -> None:
        self.sources: dict[str, int] = {}
        self.targets: dict[str, int] = {}
        self._rows, self._columns, self._places = array("q"), array("q"), array("q")
        self._weights = array("d")
        self._n_places = 0

    def add(self, source: Sequence[str], target: Sequence[str], weight: float) -> None:
        """Add one label and its translation, as stems."""
        rows = [self.sources.setdefault(stem, len(self.sources)) for stem in (*dict.fromkeys(source), _NOTHING)]
        for stem in dict.fromkeys(target):
            column = self.targets.setdefault(stem, len(self.targets))
            self._rows.extend(rows)
            self._columns.extend([column] * len(rows))
            self._places.extend([self._n_places] * len(rows))
            self._weights.extend([weight] * len(rows))
            self._n_places += 1

    def probable(self, iterations: int, *, least: float, most: int) -> Translations:
        """Return the likely translations of each stem, the likeliest first, after so many iterations."""
        if not self._rows:
            return {}
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        sources, targets = list(self.sources), list(self.targets)
        rows, columns, chances = self._fitted(iterations)
        for index in np.lexsort((columns, -chances)).tolist():
            stem, chance = sources[rows[index]], float(chances[index])
            if chance >= least and stem != _NOTHING and len(found[stem]) < most:
                found[stem].append((targets[columns[index]], chance))
        return {stem: tuple(pairs) for stem, pairs in found.items() if pairs}

    def _fitted(self, iterations: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        rows, columns, places = (np.frombuffer(each, np.int64) for each in (self._rows, self._columns, self._places))
        weights = np.frombuffer(self._weights)
        keys, inverse = np.unique(rows * len(self.targets) + columns, return_inverse=True)
        owners = (keys // len(self.targets)).astype(np.intp)
        chances = np.ones(len(keys))
        for _ in range(iterations):
            given = chances[inverse]
            shares = given / np.bincount(places, given, minlength=self._n_places)[places] * weights
            counts = np.bincount(inverse, shares, minlength=len(keys))
            chances = counts / np.maximum(np.bincount(owners, counts, minlength=len(self.sources))[owners], 1e-12)
        return owners, (keys % len(self.targets)).astype(np.intp), chances


def _labels(skill: CatalogueSkill) -> dict[str, list[list[Token]]]:
    """Return the tokens of each label by language, the label first."""
    found: dict[str, list[list[Token]]] = {}
    for language, label in skill.labels.items():
        if known_language(language):
            texts = [label, *skill.alternatives.get(language, ())][:_MOST_LABELS]
            found[language] = [said for text in texts if (said := list(tokens(Document(text, language))))]
    return {language: labels for language, labels in found.items() if labels}


def _names(catalogue: Sequence[CatalogueSkill], source: str, target: str) -> dict[str, tuple[str, ...]]:
    """Return each name of a language beside the names of its skill in another; what is a label is no alternative."""
    both = [skill for skill in catalogue if skill.labels.get(source) and skill.labels.get(target)]
    said = [(skill.labels[target], *skill.alternatives.get(target, ()))[:_MOST_LABELS] for skill in both]
    found: dict[str, tuple[str, ...]] = {}
    for skill, names in zip(both, said, strict=True):
        found.setdefault(fold(skill.labels[source]), names)
    for skill, names in zip(both, said, strict=True):
        for alternative in skill.alternatives.get(source, ()):
            found.setdefault(fold(alternative), names)
    return found


def _words(skills: Sequence[Mapping[str, list[list[Token]]]], language: str) -> dict[str, str]:
    """Return the commonest word behind each stem of a language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for skill in skills:
        for label in skill.get(language, []):
            for token in label:
                counts[token.term][token.folded] += 1
    return {stem: min(words, key=lambda word: (-words[word], word)) for stem, words in counts.items()}
