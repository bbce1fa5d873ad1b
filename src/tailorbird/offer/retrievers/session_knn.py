"""Session neighbours: those that share the asked session's items, above all its last ones, and what they hold.

    w(i)      = exp(-(k - 1) / prefix)                            i last met k steps back in the asked history
    near(s)   = sum over items i of both of w(i) idf(i)^2 / |s|^length
    score(j)  = sum over the nearest s of near(s) idf(j)^lift

idf(i) = log(1 + sessions / sessions with i). Vector session kNN (VSKNN: Ludewig & Jannach, 2018, "Evaluation of
session-based recommendation algorithms", section 3.2); `stan.py` adds when and how near, by the two settings that are
None here. Fitting makes an inverted index. A score walks over the latest `sample` sessions of each item of the
history: some ten thousand steps at most, still within a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.following import recent
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.steps_back import decay, steps_back

LONGEST = 200  # contacts of a history that are compared, the latest ones
STEPS = [
    each("prefix", 1.0, 5.0, 10.0, 30.0),
    each("neighbours", 1500, 300),
    each("length", 0.25, 0.75),
    each("lift", 0.6, 0.0),
]


@dataclass(frozen=True)
class Sessions:
    """Sessions, oldest first, and for each item those that hold it."""

    start: Longs
    item: Ints
    worth: Floats  # by age
    index: Longs  # n + 1: the sessions with item i are holder[index[i]:index[i + 1]], oldest first
    holder: Ints
    idf: Floats  # n


@dataclass(frozen=True)
class SessionKnn:
    """Fitted: the sessions, and how they are compared."""

    sessions: Sessions
    settings: "SessionKnnRecipe"
    name: str = "session-knn"

    def scores(self, asked: Histories) -> Floats:
        """p x n: 0 for what no neighbour holds."""
        own, of = self.settings, self.sessions
        out = np.zeros((len(asked), asked.items), np.float32)
        weight, lift = decay(steps_back(asked), own.prefix), of.idf**own.lift
        # Without a closeness it fades never: vector session kNN and STAN are one kernel.
        fading = decay(np.arange(1, 1 + int(np.diff(of.start).max(initial=1))), own.closeness or np.inf)
        length = np.maximum(1, np.diff(of.start)) ** -np.float32(own.length) * of.worth
        index = (of.index, of.holder, of.idf**2, own.sample, own.neighbours)
        _score((asked.start, asked.item, weight), (of.start, of.item, length), index, lift, fading, out)
        return out

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Sessions and index."""
        return {name: getattr(self.sessions, name) for name in Sessions.__dataclass_fields__}


class SessionKnnRecipe(msgspec.Struct, frozen=True, tag="session-knn"):
    """How sessions are compared, and what their items count."""

    neighbours: int = 700
    sample: int = 3000  # the latest sessions of each item
    prefix: float = 2.0  # steps
    length: float = 0.5
    lift: float = 0.3
    closeness: float | None = None  # steps; None: wherever in the neighbour
    recency: float | None = None  # share of the log; None: whenever

    @property
    def name(self) -> str:
        return "session-knn"

    def fit(self, known: Histories, seed: int = 0) -> SessionKnn:
        """Indexes; there is no chance in it."""
        return SessionKnn(indexed(known, self.recency), self, self.name)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "SessionKnnRecipe":
        """Tries what one index can answer."""
        sessions = indexed(known, self.recency)
        return climb(self, STEPS, lambda one: judge(SessionKnn(sessions, one)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> SessionKnn:
        """From its arrays."""
        items, sessions = len(stored(arrays, "idf", -1)), len(stored(arrays, "worth", -1))
        shapes = {"start": sessions + 1, "item": -1, "worth": sessions, "index": items + 1, "holder": -1, "idf": items}
        known = Sessions(**{name: stored(arrays, name, size) for name, size in shapes.items()})
        return SessionKnn(known, self, self.name)


def indexed(known: Histories, recency: float | None = None) -> Sessions:
    """The histories that hold anything, oldest first by their last contact, with their index."""
    lengths = known.lengths()
    last = known.start[1:] - 1
    filled = np.flatnonzero(lengths > 0)
    # By age, so that the latest `sample` sessions of an item are the end of its list.
    order = filled if known.at is None else filled[np.argsort(known.at[last[filled]], kind="stable")]
    start = np.concatenate([[0], np.cumsum(lengths[order])]).astype(np.int64)
    row = np.repeat(np.arange(len(order)), lengths[order])
    # All contacts in the new order of sessions, in one step: each session's are moved as far as its start moved.
    item = known.item[np.arange(len(row)) + (known.start[order] - start[:-1])[row]]
    # (item, session) as one number: one sort drops what a session holds twice, and leaves each item's sessions by age.
    pairs = np.unique(item.astype(np.int64) * max(1, len(order)) + row)
    holders = np.bincount(pairs // max(1, len(order)), minlength=known.items)
    age = recent(known, recency)
    parts: dict[str, NDArray[Any]] = {
        "start": start,
        "item": item,
        "worth": np.ones(len(order), np.float32) if age is None else age[last[order]],
        "index": np.concatenate([[0], np.cumsum(holders)]).astype(np.int64),
        "holder": (pairs % max(1, len(order))).astype(np.int32),
        "idf": np.log1p(len(order) / np.maximum(1, holders)).astype(np.float32),
    }
    return Sessions(**{name: locked(part) for name, part in parts.items()})


@njit(cache=True)
def _score(asked, sessions, index, lift, fading, out):  # type: ignore[no-untyped-def]
    start, item, weight = asked
    # Made once for all questions and cleared only where touched, below: there are more sessions than a question meets.
    near = np.zeros(len(sessions[2]), np.float32)
    anchor, met = np.full(len(near), -1, np.int32), np.empty(len(near), np.int32)
    for row in range(len(start) - 1):
        first = max(start[row], start[row + 1] - LONGEST)
        count = _meet(item[first : start[row + 1]], weight[first : start[row + 1]], index, near, anchor, met)
        for place in range(count):
            near[met[place]] *= sessions[2][met[place]]
        for session in _nearest(met[:count], near, index[4]):
            _tell(session, anchor[session], near[session], sessions, lift, fading, out[row])
        near[met[:count]], anchor[met[:count]] = 0, -1


@njit(cache=True)
def _meet(item, weight, index, near, anchor, met):  # type: ignore[no-untyped-def]
    """Adds up `near` of all sessions with an item of the history, newest item first: it is their anchor. How many."""
    begin, holder, square, sample = index[0], index[1], index[2], index[3]
    count = 0
    for place in range(len(item) - 1, -1, -1):
        i = item[place]
        # Met nearer to the end already: an item counts once, by its last place.
        if i in item[place + 1 :]:
            continue
        for at in range(max(begin[i], begin[i + 1] - sample), begin[i + 1]):
            session = holder[at]
            if anchor[session] < 0:
                met[count], anchor[session] = session, i
                count += 1
            near[session] += weight[place] * square[i]
    return count


@njit(cache=True)
def _nearest(met, near, most):  # type: ignore[no-untyped-def]
    """The `most` nearest, the newer of equals, in their own order: sums must not hang on how they were found."""
    found = np.sort(met)
    if len(found) <= most:
        return found
    floor = np.partition(near[found], len(found) - most)[len(found) - most]
    ties = most - (near[found] > floor).sum()
    kept = np.empty(most, np.int32)
    count = most
    for place in range(len(found) - 1, -1, -1):
        value = near[found[place]]
        if value > floor or (value == floor and ties > 0):
            ties -= value == floor
            count -= 1
            kept[count] = found[place]
    return kept


@njit(cache=True)
def _tell(session, anchor, nearness, sessions, lift, fading, out):  # type: ignore[no-untyped-def]
    """Adds what one neighbour holds, by its distance from the last place of the anchor."""
    begin, end, item = sessions[0][session], sessions[0][session + 1], sessions[1]
    middle = end - 1
    # It stands there: this session was met through it.
    while item[middle] != anchor:
        middle -= 1
    for place in range(begin, end):
        out[item[place]] += nearness * lift[item[place]] * fading[max(1, abs(place - middle)) - 1]
