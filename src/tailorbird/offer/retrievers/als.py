"""Implicit-feedback ALS: a vector for each person and item, each side solved in turn while the other stands still.

    loss = sum_(u,i) (1 - x_u.y_i)^2  +  alpha sum_u sum_i (x_u.y_i)^2  +  lam (sum_u w_u |x_u|^2 + sum_i w_i |y_i|^2)
    w_u = n_u + alpha n_items         w_i = n_i + alpha n_people

Hu, Koren and Volinsky (2008), with the regularisation of Rendle et al. (2022, "Revisiting the performance of iALS on
item recommendation benchmarks", equation 8, nu = 1), who show how much depends on it. One row given the other side:

    (alpha Y'Y + Y_u'Y_u + lam w_u I) x = Y_u' 1        score(i) = x.y_i n_i^-discount

While fitting, three steps of conjugate gradients from where the last epoch stood (Takacs et al., 2011), for a block of
rows at a time, so that the dense half of the work is one matrix product; the sparse half is compiled and runs on all
threads. An answer is exact: items are turned so that Y'Y is diagonal, after which a person, new or not, is folded in by
a system as large as the history or the number of factors, whichever is less. An epoch costs contacts x k and
(p + n) k^2, a fold-in min(|u|, k)^2 k, a score n k. More factors are mostly better, and the best alpha and
lam are much the same for few and for many: so these are searched with few.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import each, fitted_climb
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.three_hop import degrees

ONE, NONE = np.float32(1), np.float32(0)
BLOCK = 2048  # rows solved together: at 512 factors 4 MB for each of their vectors
START_DEVIATION = 0.1
TINY = np.finfo(np.float32).tiny
# 512 cost three times what 256 cost, and only alpha and penalty are searched with these (docs/why/120).
SEARCHED_WITH = 128  # factors
STEPS = [each("alpha", 0.01, 0.03, 0.001), each("penalty", 0.03, 0.003), each("alpha", 0.006, 0.0015)]
FEWER = (256,)  # factors that are tried instead


@dataclass(frozen=True)
class Als:
    """Fitted: items on the axes of Y'Y, and what the sum over all of them asks of each axis."""

    items: Floats  # n x k: Y
    unseen: Floats  # k: the diagonal of alpha Y'Y
    penalty: Floats  # lam, and lam alpha n_items: 2 numbers
    item_weight: Floats  # n: n_i^-discount
    name: str = "als"

    def scores(self, asked: Histories) -> Floats:
        """p x n."""
        return np.asarray(self.folded_in(asked) @ self.items.T) * self.item_weight

    def folded_in(self, asked: Histories) -> Floats:
        """The vectors of histories, p x k: exactly what solving their rows gives."""
        rows, vectors = asked.matrix(), np.zeros((len(asked), self.items.shape[1]), np.float32)
        for row, (begin, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
            if end > begin:
                vectors[row] = self._solved(self.items[rows.indices[begin:end]])
        return vectors

    def _solved(self, own: Floats) -> Floats:
        """x for the items `own` (h x k): (D + own'own) x = own'1, by Woodbury on the smaller side."""
        diagonal = self.unseen + self.penalty[0] * len(own) + self.penalty[1]
        scaled = own / diagonal
        if len(own) <= own.shape[1]:
            square = scaled @ own.T
            square.flat[:: len(own) + 1] += 1
            return np.asarray(np.linalg.solve(square, np.ones(len(own), np.float32)) @ scaled)
        return np.asarray(np.linalg.solve(np.diag(diagonal) + own.T @ own, own.sum(axis=0)))

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Four dense arrays."""
        own = {"unseen": self.unseen, "penalty": self.penalty, "item_weight": self.item_weight}
        return {"items": self.items} | own


class AlsRecipe(msgspec.Struct, frozen=True, tag="als"):
    """Settings; far outside of these alpha and penalty it collapses."""

    factors: int = 512
    epochs: int = 8
    alpha: float = 0.003  # what a pair that was not seen weighs beside one that was
    penalty: float = 0.01  # lam
    steps: int = 3  # of conjugate gradients in an epoch
    discount: float = 0.0  # how much popular items are held back

    @property
    def name(self) -> str:
        return "als"

    def fit(self, known: Histories, seed: int = 0) -> Als:
        """Alternates between people and items, `epochs` times."""
        by_person = known.matrix()
        by_item = csr_array(by_person.T)
        # Divided by sqrt(k): a vector begins with the same length however many factors it has.
        rng, deviation = np.random.default_rng(seed), START_DEVIATION / np.sqrt(self.factors)
        people, items = (
            rng.standard_normal((count, self.factors), np.float32) * np.float32(deviation) for count in by_person.shape
        )
        for _ in range(self.epochs):
            self._solve(by_person, people, items)
            self._solve(by_item, items, people)
        # x.y stays the same when both are turned, so the items are turned once, to where Y'Y is diagonal: a fold-in
        # then divides by k numbers where it would solve k x k. Rounding may push the least square below 0.
        squares, axes = np.linalg.eigh((items.T @ items).astype(np.float64))
        unseen = (self.alpha * np.maximum(squares, 0)).astype(np.float32)
        # Never 0: without a penalty, an axis that no item has would be divided by it.
        penalty = np.array([self.penalty, max(self.penalty * self.alpha * known.items, 1e-9)], np.float32)
        weight = degrees(by_person) ** -self.discount
        return Als(locked(items @ axes.astype(np.float32)), locked(unseen), locked(penalty), locked(weight))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "AlsRecipe":
        """Alpha and penalty with few factors, each a fit; then the discount with all, and fewer of them."""
        return self.tuned_and_fitted(known, judge, seed)[0]

    def tuned_and_fitted(self, known: Histories, judge: Judge, seed: int = 0) -> tuple["AlsRecipe", Als]:
        """The same, with what the best of them was fitted to."""
        degree, last = degrees(known.matrix()), dict[AlsRecipe, Als]()

        def fit(one: AlsRecipe) -> Als:
            # The discount is a factor on the answers: settings that differ in nothing else share a fit.
            plain = msgspec.structs.replace(one, discount=0.0)
            if plain not in last:
                last.clear()  # one at a time: hundreds of numbers for each item
                last[plain] = plain.fit(known, seed)
            return replace(last[plain], item_weight=locked(degree**-one.discount))

        few = msgspec.structs.replace(self, factors=min(self.factors, SEARCHED_WITH))
        best, _ = fitted_climb(few, STEPS, fit, judge)
        steps = [each("discount", 0.1), each("factors", *(k for k in FEWER if k < self.factors))]
        return fitted_climb(msgspec.structs.replace(best, factors=self.factors), steps, fit, judge)

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Als:
        """From its arrays."""
        items = stored(arrays, "items", -1, -1)
        unseen, penalty = stored(arrays, "unseen", items.shape[1]), stored(arrays, "penalty", 2)
        return Als(items, unseen, penalty, stored(arrays, "item_weight", len(items)))

    def _solve(self, contacts: csr_array, own: Floats, other: Floats) -> None:
        """Improve the vectors `own` of the rows of `contacts`, in place, by a few steps."""
        start, column = contacts.indptr.astype(np.int64), contacts.indices.astype(np.int32)
        unseen = np.float32(self.alpha) * (other.T @ other)
        weight = np.float32(self.penalty) * (np.diff(start) + self.alpha * len(other)).astype(np.float32)
        # Starts stay those of the whole matrix, so a block needs no copy of its columns.
        for begin in range(0, len(own), BLOCK):
            part = slice(begin, begin + BLOCK)
            rows = start[begin : begin + BLOCK + 1]
            _descend(own[part], other, unseen, weight[part, None], rows, column, self.steps)


def _descend(
    own: Floats, other: Floats, unseen: Floats, weight: Floats, start: Longs, column: Ints, steps: int
) -> None:
    """Conjugate gradients for all rows of a block at once; a row without a residual stands still."""
    # b - A x without forming A of any row: the dense half here, then over the contacts (1 - y.x) y, which is b's share
    # and A's in one walk.
    residual = -(own @ unseen + weight * own)
    _add_seen(start, column, own, other, ONE, -ONE, residual)
    direction, squared = residual.copy(), _dots(residual, residual)
    for _ in range(steps):
        product = direction @ unseen
        product += weight * direction
        _add_seen(start, column, direction, other, NONE, ONE, product)
        # A row that is solved, or that holds nothing, has 0 / 0 here: with TINY it takes a step of 0.
        length = squared / np.maximum(_dots(direction, product), TINY)
        own += length * direction
        residual -= length * product
        before, squared = squared, _dots(residual, residual)
        direction *= squared / np.maximum(before, TINY)
        direction += residual


def _dots(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("rk,rk->r", left, right)[:, None])


@njit(cache=True, parallel=True, fastmath=True)
def _add_seen(
    start: Longs, column: Ints, vectors: Floats, other: Floats, constant: np.float32, factor: np.float32, out: Floats
) -> None:
    """out_r += sum over r's contacts i of (constant + factor y_i.v_r) y_i"""
    for row in prange(len(start) - 1):
        vector, total = vectors[row], out[row]
        for at in range(start[row], start[row + 1]):
            y = other[column[at]]
            dot = np.float32(0)
            # `fastmath` above: a sum of floats that has to keep its order cannot be done several at a time.
            for k in range(len(y)):
                dot += y[k] * vector[k]
            share = constant + factor * dot
            for k in range(len(y)):
                total[k] += share * y[k]
