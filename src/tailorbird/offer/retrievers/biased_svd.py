"""Biased SVD: explicit ratings as means plus the fit of two vectors, learned one rating at a time.

    predicted(u, i) = mu + b_u + b_i + p_u.q_i
    for each rating, e = its value - predicted:   b += rate (e - lam b),   p_u += rate (e q_i - lam p_u),   q_i alike

Koren, Bell and Volinsky (2009), "Matrix factorization techniques for recommender systems", equations 5 and 6; the steps
get smaller from epoch to epoch. Ratings are measured in their own deviations while learning, so that one rate suits
stars and percent. An epoch costs ratings x factors. Who was never seen has bias and vector 0.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numba import njit

from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Ints, Longs
from tailorbird.offer.retrievers.rating import Doubles, RatingJudge, Ratings

STEPS = [each("penalty", 0.1, 0.02), each("factors", 20, 128), each("epochs", 20, 60)]
START_DEVIATION = 0.1


@dataclass(frozen=True)
class BiasedSvd:
    """Fitted; the last row of each array, reached by -1, is who was not there to learn from: 0."""

    mean: float
    deviation: float  # what the learned numbers are measured in
    lowest: float
    highest: float
    user_bias: Floats  # users + 1
    item_bias: Floats  # items + 1
    users: Floats  # users + 1, k
    items: Floats  # items + 1, k
    name: str = "biased-svd"

    def predict(self, user: Ints, item: Ints) -> Doubles:
        """The rating of each pair, within the scale that was seen."""
        fit = np.einsum("mk,mk->m", self.users[user], self.items[item])
        predicted = self.mean + self.deviation * (self.user_bias[user] + self.item_bias[item] + fit).astype(np.float64)
        bounded: Doubles = np.clip(predicted, self.lowest, self.highest)
        return bounded


class BiasedSvdRecipe(msgspec.Struct, frozen=True, tag="biased-svd"):
    """Settings."""

    factors: int = 50
    epochs: int = 30
    rate: float = 0.02  # of the first epoch; it falls to 0 with the last
    penalty: float = 0.05  # lam

    @property
    def name(self) -> str:
        return "biased-svd"

    def fit(self, known: Ratings, seed: int = 0) -> BiasedSvd:
        """`epochs` passes over all ratings, each in an order of its own."""
        given = known.value if len(known.value) else np.zeros(1, np.float32)
        # Where all ratings are alike there is no deviation to measure in.
        mean, deviation = float(given.mean()), float(given.std()) or 1.0
        value, rng = ((known.value - mean) / deviation).astype(np.float32), np.random.default_rng(seed)
        user_bias, item_bias = np.zeros(known.users + 1, np.float32), np.zeros(known.items + 1, np.float32)
        users, items = (self._start(rng, count) for count in (known.users, known.items))
        for epoch in range(self.epochs):
            rate = self.rate * (1 - epoch / self.epochs)
            order = rng.permutation(len(value))
            _epoch(order, known.user, known.item, value, user_bias, item_bias, users, items, rate, self.penalty)
        # Whoever has no rating was never stepped to, and still has the random vector of the start.
        users[np.bincount(known.user, minlength=known.users + 1) == 0] = 0
        items[np.bincount(known.item, minlength=known.items + 1) == 0] = 0
        scale = mean, deviation, float(given.min()), float(given.max())
        return BiasedSvd(*scale, user_bias, item_bias, users, items)

    def tuned(self, known: Ratings, judge: RatingJudge, seed: int = 0) -> "BiasedSvdRecipe":
        """Penalty, then factors, then epochs; each is a fit."""
        return climb(self, STEPS, lambda one: judge(one.fit(known, seed)))

    def _start(self, rng: np.random.Generator, count: int) -> Floats:
        deviation = np.float32(START_DEVIATION / np.sqrt(self.factors))
        return rng.standard_normal((count + 1, self.factors), np.float32) * deviation


@njit(cache=True, fastmath=True)
def _epoch(
    order: Longs, user: Ints, item: Ints, value: Floats, user_bias: Floats, item_bias: Floats, users: Floats,
    items: Floats, rate: float, penalty: float,
) -> None:  # fmt: skip
    """One step down for each rating, in this order, in place."""
    step, weight = np.float32(rate), np.float32(penalty)  # else all would be reckoned in 64 bits
    for t in order:
        u, i = user[t], item[t]
        p, q = users[u], items[i]
        error = value[t] - user_bias[u] - item_bias[i]
        for k in range(len(p)):
            error -= p[k] * q[k]
        user_bias[u] += step * (error - weight * user_bias[u])
        item_bias[i] += step * (error - weight * item_bias[i])
        for k in range(len(p)):
            before = p[k]
            p[k] += step * (error * q[k] - weight * before)
            q[k] += step * (error * before - weight * q[k])
