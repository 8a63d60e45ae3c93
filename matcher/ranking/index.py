"""The texts of the volunteers as TF-IDF rows, and how near a need's text comes to each; knows words only.

The part is the square root of the cosine: cosines of short texts are small, and the root spreads them over 0 to 1
without changing their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.text import Document, analyze, tokens


@dataclass(frozen=True)
class Query:
    """One document in the terms of an index: weights of shape (n_terms,), and the words behind its columns."""

    weights: Floats
    words: Mapping[int, str]
    says_nothing: bool


@dataclass(frozen=True)
class TextIndex:
    """TF-IDF rows of shape (n_documents, n_terms), normalised, in the order of the documents; never changed in place.

    Examples
    --------
    >>> index = TextIndex.fit([Document("comptable"), Document("jardinier")])
    >>> index.nearness(index.query(Document("Une comptable ?"))).round(2)
    array([1., 0.])
    """

    vectorizer: TfidfVectorizer | None
    rows: csr_array

    @classmethod
    def fit(cls, documents: Sequence[Document]) -> "TextIndex":
        """Learn the terms and their weights from the documents."""
        vectorizer = TfidfVectorizer(analyzer=analyze, sublinear_tf=True)
        if not any(analyze(document) for document in documents):
            return cls(None, csr_array((len(documents), 0)))
        return cls(vectorizer, csr_array(vectorizer.fit_transform(documents)))

    def transform(self, documents: Sequence[Document]) -> csr_array:
        """Return rows for other documents in the same terms, weighted as learnt."""
        if self.vectorizer is None or not documents:
            return csr_array((len(documents), self.rows.shape[1]))
        return csr_array(self.vectorizer.transform(documents))

    def moved(self, kept: Sequence[int], documents: Sequence[Document], order: Sequence[int]) -> "TextIndex":
        """Return an index of the kept rows followed by new documents, put in order; the weights stay as learnt."""
        stacked = csr_array(vstack([self.rows[list(kept)], self.transform(documents)], format="csr"))
        return TextIndex(self.vectorizer, csr_array(stacked[list(order)]))

    def query(self, document: Document) -> Query:
        """Return what is looked up for one document."""
        words: dict[str, str] = {}
        for token in tokens(document):
            words.setdefault(token.term, token.word)
        vocabulary: dict[str, int] = {} if self.vectorizer is None else self.vectorizer.vocabulary_
        columns = {vocabulary[term]: word for term, word in words.items() if term in vocabulary}
        return Query(self.transform([document]).toarray()[0], columns, says_nothing=not words)

    def nearness(self, query: Query) -> Floats:
        """Return how near each row comes to the query, shape (n_documents,); neutral where there is no word."""
        if query.says_nothing:
            return np.full(self.rows.shape[0], NEUTRAL.text)
        cosines: Floats = np.clip(self.rows @ query.weights, 0.0, 1.0)
        return np.where(np.diff(self.rows.indptr) == 0, NEUTRAL.text, np.sqrt(cosines))

    def shared_words(self, query: Query, row: int, top: int) -> list[str]:
        """Return the words of the query that bring it nearest to a row, the strongest first."""
        stretch = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
        columns = self.rows.indices[stretch].tolist()
        products = (query.weights[columns] * self.rows.data[stretch]).tolist()
        shared = sorted((-product, query.words[c]) for c, product in zip(columns, products, strict=True) if product > 0)
        return [word for _, word in shared[:top]]
