"""Reorder: how likely each item of a history is to be in the next basket, by what the history says of it.

    P(i in the next basket) = 1 / (1 + exp(-w . x(u, i)))        logistic regression, x: `FACTS` below

Learned from the people themselves: for each one, the latest `lessons` baskets are asked for in turn from what came
before them. Newton's method on the ridge-penalised likelihood (Hastie, Tibshirani, Friedman, The Elements of
Statistical Learning, 4.4.1), halving steps that do not help. That how often, how lately, how regularly and what kind of
thing says more together than counts do is what it bets on. Fitting costs some passes over people x their items; a
score one look at each contact: well within a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.baskets import baskets_back
from tailorbird.offer.retrievers.histories import Floats, Histories, Longs
from tailorbird.offer.retrievers.retriever import Judge

Doubles = NDArray[np.float64]
FACTS = (
    "log count", "log share of baskets", "log share since the first", "log baskets since", "log age",
    "log count of 5 baskets", "log count of 20 baskets", "log count by root",
    "log age over own gap", "distance from own gap", "came again",
    "log how often its buyers come again", "log buyers", "rise of late", "1",
)  # fmt: skip
RIDGE = 5.0
MOST_STEPS = 20
SOON = 0.003  # share of the log: a day of a year
LATE = 0.02  # share of the log: a week of a year
MOST_ROWS = 500_000  # of lessons; one is taken whole


@dataclass(frozen=True)
class Reorder:
    """Fitted: one weight for each fact, three facts of each item."""

    weights: Doubles
    facts: Doubles  # 3 x n
    name: str = "reorder"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a probability, 0 outside of the history."""
        row, item, told = facts_of(asked, self.facts)
        out = np.zeros((len(asked), asked.items), np.float32)
        out[row, item] = 1 / (1 + np.exp(-told @ self.weights))
        return out

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Weights, and facts of items."""
        return {"weights": self.weights, "facts": self.facts}


class ReorderRecipe(msgspec.Struct, frozen=True, tag="reorder"):
    """How many baskets of each person are learned from."""

    lessons: int = 3

    @property
    def name(self) -> str:
        return "reorder"

    def fit(self, known: Histories, seed: int = 0) -> Reorder:
        """One regression; there is no chance in it."""
        back = baskets_back(known)
        told, taken = [np.zeros((0, len(FACTS)))], [np.zeros(0)]
        for lesson in range(1, self.lessons + 1):
            before = known.chosen(back > lesson)
            if sum(map(len, told)) > MOST_ROWS or not len(before.item):
                break
            # The facts of items, too, are of the time before: counted on all of it, a lesson would know its answers.
            row, item, facts = facts_of(before, facts_of_items(before))
            told.append(facts)
            bought = known.rows() * known.items + known.item
            taken.append(np.isin(row * known.items + item, bought[back == lesson]).astype(np.float64))
        weights = regression(np.concatenate(told), np.concatenate(taken))
        return Reorder(locked(weights), locked(facts_of_items(known)))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "ReorderRecipe":
        """Nothing to choose."""
        return self

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Reorder:
        """From its arrays."""
        return Reorder(stored(arrays, "weights", len(FACTS)), stored(arrays, "facts", 3, -1))


def facts_of_items(known: Histories) -> Doubles:
    """3 x n: log of how often buyers come again, log of buyers, and how much more it was met of late than before."""
    pairs, counts = np.unique(known.rows() * known.items + known.item, return_counts=True)
    item = pairs % max(1, known.items)
    buyers = np.bincount(item, minlength=known.items)
    again = np.bincount(item, counts - 1, minlength=known.items)
    late = np.zeros(len(known.item), np.bool_) if known.at is None else known.at > known.at.max(initial=0) - LATE
    # What an item would have had of late if it sold as all else did; 1 more on both sides, for what hardly sells.
    expected = np.bincount(known.item, minlength=known.items) * late.mean() if len(late) else np.zeros(known.items)
    rise = (np.bincount(known.item, late, minlength=known.items) + 1) / (expected + 1)
    facts: Doubles = np.stack([np.log((again + 1) / (buyers + 2)), np.log(buyers + 1), np.log(rise)])
    return facts


def facts_of(asked: Histories, of_items: Doubles) -> tuple[Longs, Longs, Doubles]:
    """(row, item, FACTS) of each item of each history, in their order."""
    back, rows = baskets_back(asked), asked.rows()
    at = np.zeros(len(rows)) if asked.at is None else asked.at.astype(np.float64)
    pairs, where = np.unique(rows * asked.items + asked.item, return_inverse=True)
    row, item = np.divmod(pairs, max(1, asked.items))
    baskets, end = np.ones(len(asked)), np.zeros(len(asked))
    np.maximum.at(baskets, rows, back)
    np.maximum.at(end, rows, at)
    last, first, first_at, last_at = (np.full(len(pairs), edge) for edge in (np.inf, 0, np.inf, -np.inf))
    np.minimum.at(last, where, back)
    np.maximum.at(first, where, back)
    np.minimum.at(first_at, where, at)
    np.maximum.at(last_at, where, at)

    def summed(weight: NDArray[Any]) -> NDArray[Any]:
        return np.bincount(where, weight, minlength=len(pairs))

    count, age = summed(np.ones(len(where))), end[row] - last_at
    again = count > 1
    gap = (last_at - first_at) / np.maximum(1, count - 1)
    rhythm = np.where(again, np.log((age + SOON) / (gap + SOON)), 0)
    told = [
        np.log(count), np.log(count / baskets[row]), np.log(count / first), np.log(last), np.log(age + SOON),
        np.log(summed(np.exp(-(back - 1) / 5)) + 0.01), np.log(summed(np.exp(-(back - 1) / 20)) + 0.01),
        np.log(summed(back**-0.5)), rhythm, np.abs(rhythm), again.astype(np.float64), *of_items[:, item],
        np.ones(len(pairs)),
    ]  # fmt: skip
    return row, item, np.stack(told, axis=1)


def regression(told: Doubles, taken: Doubles) -> Doubles:
    """The weights of the likeliest logistic model under a ridge on all but the last, the constant.

    >>> told = np.array([[0.0, 1], [1, 1], [0, 1], [1, 1]] * 50)
    >>> bool(regression(told, told[:, 0])[0] > 2)
    True
    """
    # The constant carries how rare a repurchase is and is hardly held back. With 0, a fit without a single lesson
    # would have a singular system to solve.
    weights, penalty = np.zeros(told.shape[1]), np.full(told.shape[1], RIDGE)
    penalty[-1] = 1e-3

    def loss(some: Doubles) -> float:
        line = told @ some
        # -log likelihood; logaddexp, since exp of a long line overflows.
        return float((np.logaddexp(0, line) - taken * line).sum() + (penalty * some**2).sum() / 2)

    now = loss(weights)
    for _ in range(MOST_STEPS):
        chance = 1 / (1 + np.exp(-told @ weights))
        slope = told.T @ (taken - chance) - penalty * weights
        bend = (told * (chance * (1 - chance))[:, None]).T @ told + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        # Newton's whole step may lead uphill far from the optimum; half of it often enough never does.
        while (new := loss(weights + step)) > now and np.abs(step).max() > 1e-9:
            step /= 2
        if now - new <= 1e-7 * abs(now):
            break
        weights, now = weights + step, new
    return weights
