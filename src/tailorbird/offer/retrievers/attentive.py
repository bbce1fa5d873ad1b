"""A small self-attentive sequence model, as it answers: one block over the last 64 contacts, in plain numpy.

    x = sqrt(d) vectors of the history      y = x_last + attend(norm(x))
    z = y + W2 relu(W1 norm(y))             score(j) = norm(z) . vector_j

SASRec (Kang & McAuley, ICDM 2018) with one block, a learned bias for each distance instead of positions (Shaw et al.,
2018), and root-mean-square norms. `shell/learning/attentive.py` trains it, with JAX; nothing of that is needed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints
from tailorbird.offer.retrievers.retriever import zeros

WINDOW = 64  # contacts that are looked at
AT_ONCE = 64  # histories
SMALL = 1e-6  # keeps norms of nothing finite
NAME = "attentive"


@dataclass(frozen=True)
class Attentive:
    """Fitted: vectors of n items in d dimensions, and one block."""

    vectors: Floats  # n x d, what the words of an item say included
    attend: Floats  # d x 3d: query, key, value
    mix: Floats  # d x d: what was attended to
    bias: Floats  # heads x WINDOW: by how many contacts ago
    widen: Floats  # d x wide
    narrow: Floats  # wide x d
    gains: Floats  # 3 x d: of the norms
    name: str = NAME

    def scores(self, asked: Histories) -> Floats:
        """p x n: above the item that fits least; 0 for an empty history."""
        scores = zeros(asked)
        for begin in range(0, len(asked), AT_ONCE):
            part = asked.part(begin, min(begin + AT_ONCE, len(asked)))
            said = np.flatnonzero(part.lengths() > 0)
            if len(said):
                fits = self.state(*lately(part, said)) @ self.vectors.T
                # A dot product has no zero of its own, and 0 has to say "nothing speaks for it" (retriever.py).
                scores[begin + said] = fits - fits.min(axis=1, keepdims=True)
        return scores

    def state(self, items: Ints, ago: Ints) -> Floats:
        """What is expected next, p x d: from the last items (p x w), and how long `ago` each is, -1 for none."""
        x = self.vectors[items] * np.float32(np.sqrt(self.vectors.shape[1]))
        y = normed(x, self.gains[0])
        p, _, d = x.shape
        heads = len(self.bias)
        # Only the newest place asks: training has a question at each place, an answer has one.
        last, key, value = (
            (part @ self.attend[:, k * d : (k + 1) * d]).reshape(p, -1, heads, d // heads)
            for k, part in enumerate((y[:, -1:], y, y))
        )
        weight = (last * key).sum(axis=3) / np.float32(np.sqrt(d / heads)) + self.bias.T[ago]
        # Empty places have ago -1, which has just read the bias of the oldest place: it is taken out here.
        weight = np.where(ago[:, :, None] >= 0, weight, -np.inf)
        # Less the largest, so that no exponential overflows.
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        z = x[:, -1] + (weight[:, :, :, None] * value).sum(axis=1).reshape(p, d) @ self.mix
        z = z + np.maximum(normed(z, self.gains[1]) @ self.widen, 0) @ self.narrow
        return normed(z, self.gains[2])

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """All of it."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = ("vectors", "attend", "mix", "bias", "widen", "narrow", "gains")


def restored(arrays: Mapping[str, NDArray[Any]]) -> Attentive:
    """From its arrays; raises Corrupt where they do not fit together."""
    vectors = stored(arrays, "vectors", -1, -1)
    d = vectors.shape[1]
    widen = stored(arrays, "widen", d, -1)
    return Attentive(
        vectors,
        stored(arrays, "attend", d, 3 * d),
        stored(arrays, "mix", d, d),
        stored(arrays, "bias", -1, WINDOW),
        widen,
        stored(arrays, "narrow", widen.shape[1], d),
        stored(arrays, "gains", 3, d),
    )


def assembled(parts: Mapping[str, NDArray[Any]]) -> Attentive:
    """From what training gave, in float32 and locked."""
    own = {name: locked(np.asarray(parts[name], np.float32)) for name in NAMES}
    return restored(own)


def normed(x: Floats, gain: Floats) -> Floats:
    """Each vector at a root mean square of 1, times the gain (Zhang & Sennrich, 2019)."""
    scaled: Floats = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(SMALL)) * gain
    return scaled


def lately(asked: Histories, rows: NDArray[np.int64]) -> tuple[Ints, Ints]:
    """The last items of some histories, p x WINDOW, the newest at the end, and how many contacts ago: -1 for none."""
    ago = np.arange(WINDOW - 1, -1, -1, dtype=np.int32)
    there = ago < asked.lengths()[rows][:, None]
    places = np.where(there, asked.start[rows + 1][:, None] - 1 - ago, 0)
    return np.where(there, asked.item[places], 0), np.where(there, ago, -1)
