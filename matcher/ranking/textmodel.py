"""What was learnt of the words of the volunteers, and how a need's text becomes what is looked up among them.

A need is looked up in each language in which profiles are written: as it is, or translated by the lexicon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking.lexicon import Lexicon
from matcher.ranking.recipe import RECIPE, Recipe
from matcher.ranking.spaces import Bag, Vector
from matcher.ranking.text import Document, known_language, tokens
from matcher.ranking.vectors import CHARACTERS, PAIRS, ProfileVectorizer

PIVOT, COSINE_PIVOT = 0.6, 1.0


@dataclass(frozen=True)
class Query:
    """What is looked up: per language a dense vector of shape (n_terms,), and the words behind the columns."""

    vectors: Mapping[str | None, Vector]
    words: Mapping[str | None, Mapping[int, str]]
    says_nothing: bool = False


@dataclass(frozen=True)
class TextModel:
    """What was learnt of the words: terms and weights, and the lexicon that translates between languages.

    Examples
    --------
    >>> model = TextModel.new()
    >>> _ = model.vectorizer.fit([Document("comptable", "fr")])
    >>> model.query(Document("Une comptable", "fr"), ["fr"]).words["fr"]
    {0: 'comptable'}
    """

    vectorizer: ProfileVectorizer
    lexicon: Lexicon | None
    recipe: Recipe

    @classmethod
    def new(cls, lexicon: Lexicon | None = None, recipe: Recipe = RECIPE) -> "TextModel":
        """Return a model that has learnt nothing yet."""
        vectorizer = ProfileVectorizer(
            stems=recipe.stems,
            sublinear=recipe.sublinear,
            beside=tuple(
                name for name, is_used in ((CHARACTERS, recipe.characters), (PAIRS, recipe.bigrams)) if is_used
            ),
            long_profiles=recipe.long_profiles,
            pivot=PIVOT if recipe.length else COSINE_PIVOT,
        )
        return cls(vectorizer, lexicon if recipe.lexicon else None, recipe)

    def query(self, document: Document, languages: Sequence[str | None]) -> Query:
        """Return what is looked up for a document among profiles in each of the languages."""
        source = known_language(document.language)
        said: dict[str, str] = {}
        for token in tokens(document):
            said.setdefault(token.term, token.word)
        vectors = {tag: self.vectorizer.query(self.bag_in(document, tag)) for tag in languages}
        return Query(vectors, {tag: self._words(said, source, tag) for tag in languages}, not said)

    def bag_in(self, document: Document, language: str | None) -> Bag:
        """Return what a document holds, in another language where the lexicon knows both."""
        bag = self.vectorizer.bag(document)
        source = known_language(document.language)
        if self.lexicon is None or source == language:
            return bag
        return self.lexicon.translated(bag, source, language)

    def _words(self, said: Mapping[str, str], source: str | None, target: str | None) -> dict[int, str]:
        columns = self.vectorizer.spaces_[0].columns
        found: dict[int, str] = {}
        for stem, word in said.items():
            for other in self._others(stem, source, target):
                if other in columns:
                    found.setdefault(columns[other], word)
        return found

    def _others(self, stem: str, source: str | None, target: str | None) -> Sequence[str]:
        if self.lexicon is None or source == target:
            return (stem,)
        return tuple(self.lexicon.translated(Bag(stems={stem: 1}), source, target).stems)
