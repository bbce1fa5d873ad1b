"""Content: items whose words resemble those of the history. The only retriever that knows an item nobody has met.

    a(i)     = tf-idf of the item's words, each row of length 1:  (1 + log count(i, w)) log(items / items with w)
    taste(h) = sum over the history, k steps back from its end, of exp(-(k - 1) / prefix) a(i_k)
    score(j) = taste(h) . a(j)  n_j^popular

n: how often an item was met, plus 1. Words: categories, brands, tags, terms of a description, whatever the catalogue
holds. Words that more than `most_common` of the items share are left out: they say little and cost most. Rocchio's
profile (1971) with the weights of Salton & Buckley (1988, "Term-weighting approaches in automatic text retrieval").
Fitting weighs the words, milliseconds; a score walks over the items of each word of the taste. A new item enters by
`with_items` as soon as it has words, and interests that somebody declares are a taste: `liking`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from tailorbird.offer.retrievers.arrays import locked, locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

STEPS = [each("prefix", 1.0, 5.0, 10.0, 30.0), each("popular", 0.0, 0.3, 0.5), each("most_common", 0.05, 0.5)]


@dataclass(frozen=True)
class Content:
    """Fitted: the words of each item, and the items of each word."""

    words: csr_array  # n x words
    items: csr_array  # words x n
    idf: Floats  # words
    often: Floats  # n: what each item's score is multiplied by
    prefix: float  # steps
    name: str = "content"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's contacts."""
        return self.liking(self.tastes(asked))

    def tastes(self, asked: Histories) -> csr_array:
        """p x words: what each history is made of, its end above all."""
        return csr_array(weighed(asked, decay(steps_back(asked), self.prefix)) @ self.words)

    def liking(self, tastes: csr_array) -> Floats:
        """p x n: the scores of tastes, learned or declared (p x words)."""
        return spread(tastes, self.items) * self.often

    def with_items(self, attributes: csr_array) -> "Content":
        """The same, and new items behind the known ones, described by the same words: each is proposed at once."""
        # By the idf of the fit: what was known stays as it is.
        words = csr_array(vstack([self.words, weighed_words(attributes, self.idf)], "csr"))
        often = np.concatenate([self.often, np.ones(attributes.shape[0], np.float32)])
        return replace(self, words=locked_sparse(words), items=by_word(words), often=locked(often))

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The words as three arrays, their weights, and those of items."""
        return named("words", self.words) | {"idf": self.idf, "often": self.often}


class ContentRecipe(msgspec.Struct, frozen=True, tag="content"):
    """How a taste fades, and how much what everybody likes is preferred among what fits it."""

    prefix: float = 3.0  # steps
    popular: float = 0.2
    most_common: float = 0.2  # share of items

    @property
    def name(self) -> str:
        return "content"

    def fit(self, known: Histories, seed: int = 0) -> Content:
        """Weighs words; there is no chance in it. Without attributes it knows nothing."""
        nothing = csr_array(np.zeros((known.items, 0), np.float32))
        attributes = nothing if known.attributes is None else known.attributes
        holders = np.bincount(attributes.indices[attributes.data > 0], minlength=attributes.shape[1])
        # A word of one item stays in the smallest of catalogues.
        telling = (holders > 0) & (holders <= max(1.0, self.most_common * known.items))
        idf = np.where(telling, np.log(max(1, known.items) / np.maximum(1, holders)), 0).astype(np.float32)
        words = weighed_words(attributes, idf)
        often = (1.0 + np.bincount(known.item, minlength=known.items)) ** self.popular
        locked_words = locked_sparse(words)
        return Content(locked_words, by_word(words), locked(idf), locked(often.astype(np.float32)), self.prefix)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "ContentRecipe":
        """Tries each setting; a fit costs next to nothing."""
        return climb(self, STEPS, lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Content:
        """From its arrays."""
        idf = stored(arrays, "idf", -1)
        words = stored_sparse(arrays, "words", len(idf))
        return Content(words, by_word(words), idf, stored(arrays, "often", words.shape[0]), self.prefix)


def weighed_words(attributes: csr_array, idf: Floats) -> csr_array:
    """Rows of length 1 (empty ones stay empty), in the weights above: n x words.

    >>> counts = csr_array(np.array([[1, 0], [1, 1], [0, 0]], np.float32))
    >>> weighed_words(counts, np.array([3, 4], np.float32)).toarray().astype(float).round(2).tolist()
    [[1.0, 0.0], [0.6, 0.8], [0.0, 0.0]]
    """
    words = csr_array(attributes.astype(np.float32))
    words.data = np.where(words.data > 0, 1 + np.log(np.maximum(words.data, 1)), 0) * idf[words.indices]
    words.eliminate_zeros()
    words.sort_indices()
    row = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    length = np.sqrt(np.bincount(row, words.data.astype(np.float64) ** 2, minlength=words.shape[0]))
    # Only rows that hold a weight are divided, none of them 0: zeros were taken out before.
    words.data = (words.data / length[row]).astype(np.float32)
    return words


def by_word(words: csr_array) -> csr_array:
    """The transpose: words x n."""
    return locked_sparse(csr_array(words.T))
