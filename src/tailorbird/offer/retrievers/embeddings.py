"""Embeddings: items whose vectors point where those of the history point. Any encoder's vectors will do.

    v(j)     = the item's vector, less the mean of all, of length 1; nothing for an item that has none
    score(j) = sum over the history, k steps back from its end, of exp(-(k - 1) / prefix) v(i_k) . v(j)  n_j^popular

Vectors come from outside, as a file: a sentence encoder over names and texts, an image model, a word model. So the
heavy library stays with whoever runs it, and an item that nobody has met is known like all others. n: how often an item
was met, plus 1. What all vectors share says nothing, and in sentence encoders it is most of them: so the mean goes (Mu
and Viswanath 2018, "All-but-the-top"). A score is a sum over the history.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

STEPS = [each("prefix", 1.0, 10.0, 30.0), each("popular", 0.0, 0.3, 0.5)]


@dataclass(frozen=True)
class Embeddings:
    """Fitted: the items' directions."""

    directions: Floats  # n x d
    often: Floats  # n: what each item's score is multiplied by
    prefix: float  # steps
    name: str = "embeddings"

    def scores(self, asked: Histories) -> Floats:
        """p x n."""
        # d numbers stand between: the likeness of all items to all others is never formed.
        tastes = np.asarray(weighed(asked, decay(steps_back(asked), self.prefix)) @ self.directions)
        found: Floats = (tastes @ self.directions.T) * self.often
        return found

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Two arrays."""
        return {"directions": self.directions, "often": self.often}


class EmbeddingsRecipe(msgspec.Struct, frozen=True, tag="embeddings"):
    """How a taste fades, and how much what everybody likes is preferred among what fits it."""

    prefix: float = 3.0  # steps
    popular: float = 0.2

    @property
    def name(self) -> str:
        return "embeddings"

    def fit(self, known: Histories, seed: int = 0) -> Embeddings:
        """Turns vectors into directions. Without vectors it knows nothing."""
        given = np.zeros((known.items, 1), np.float32) if known.vectors is None else known.vectors
        often = (1.0 + np.bincount(known.item, minlength=known.items)) ** self.popular
        return Embeddings(locked(directions(given)), locked(often.astype(np.float32)), self.prefix)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "EmbeddingsRecipe":
        """Tries each setting; a fit costs next to nothing."""
        return climb(self, STEPS, lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Embeddings:
        """From its arrays."""
        found = stored(arrays, "directions", -1, -1)
        return Embeddings(found, stored(arrays, "often", len(found)), self.prefix)


def directions(vectors: Floats) -> Floats:
    """Of length 1 around the mean of those that are there; a row of zeros stays one.

    >>> directions(np.array([[3, 1], [1, 1], [0, 0]], np.float32)).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]
    """
    # A row of zeros is an item that the encoder did not know: it must not draw the mean towards nothing.
    there: NDArray[np.bool_] = (vectors != 0).max(axis=1, initial=False)
    centred = np.where(there[:, None], vectors - vectors[there].mean(0) if there.any() else vectors, 0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    found: Floats = (centred / np.where(length > 0, length, 1)).astype(np.float32)
    return found
