"""Lesson: what a ranker learns from, candidates with features and labels by person; and the door to who teaches it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.forest.forest import Forest

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """m candidates of p people: those of person r are the rows [start[r], start[r + 1])."""

    names: tuple[str, ...]  # of the f features
    matrix: Floats  # m x f, see features.py
    start: Longs  # p + 1
    label: Ints  # m: 1 for what the person took, 0 for the rest; more is better
    wanted: Ints  # p: how many items the person took in all, also such that are no candidates
    position: Ints | None = None  # m: the place, from 0, in which it was shown; None where nothing was shown
    prior: Doubles | None = None  # m: what the trees correct, and add to; None: nothing
    rising: tuple[bool, ...] = ()  # f: whether more of a feature may only raise a score; empty: no feature
    weight: Doubles | None = None  # p: how much each person counts; None: all alike
    who: Longs | None = None  # p: whose question it is, where one person may have several; None: each somebody else's

    def __len__(self) -> int:
        return len(self.start) - 1

    def of(self, people: NDArray[np.bool_]) -> "Lesson":
        """The lesson of some people: where `people` (p) is true."""
        count = np.diff(self.start)
        keep = np.repeat(people, count)
        start = np.concatenate([[0], np.cumsum(count[people])]).astype(np.int64)
        position = None if self.position is None else self.position[keep]
        prior = None if self.prior is None else self.prior[keep]
        weight = None if self.weight is None else self.weight[people]
        who = None if self.who is None else self.who[people]
        return replace(
            self, matrix=self.matrix[keep], start=start, label=self.label[keep], wanted=self.wanted[people],
            position=position, prior=prior, weight=weight, who=who,
        )  # fmt: skip

    def scores(self, forest: Forest) -> Doubles:
        """What these trees make of the candidates: m numbers."""
        own = forest.scores(self.matrix)
        return own if self.prior is None else own + self.prior


# (what to learn from, where to stop, seed) -> trees. `shell/learning/lambdamart.py` has the one that asks lightgbm.
Teacher: TypeAlias = Callable[[Lesson, Lesson, int], Forest]
