"""The contract of who predicts explicit ratings, and the plainest one: means of user and item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.histories import Floats, Ints

Doubles: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Ratings:
    """m ratings: user[t] gave value[t] to item[t]. Users and items are rows, -1 for one that is not known."""

    user: Ints
    item: Ints
    value: Floats
    users: int
    items: int


class Rater(Protocol):
    """Fitted."""

    @property
    def name(self) -> str: ...

    def predict(self, user: Ints, item: Ints) -> Doubles:
        """The rating of each pair; -1 stands for a user or item that was not there to learn from. Finite."""
        ...


RatingJudge: TypeAlias = Callable[[Rater], float]  # higher is better: the negative RMSE on held-out ratings


class RatingRecipe(Protocol):
    """Settings that fit ratings."""

    @property
    def name(self) -> str: ...

    def fit(self, known: Ratings, seed: int = 0) -> Rater: ...

    def tuned(self, known: Ratings, judge: RatingJudge, seed: int = 0) -> "RatingRecipe": ...


@dataclass(frozen=True)
class Means:
    """overall + what the item gets above it + what the user gives above that."""

    overall: float
    of_user: Doubles  # users + 1: the last one, reached by -1, is 0
    of_item: Doubles
    name: str = "means"

    def predict(self, user: Ints, item: Ints) -> Doubles:
        predicted: Doubles = self.overall + self.of_user[user] + self.of_item[item]
        return predicted


class MeansRecipe(msgspec.Struct, frozen=True, tag="means"):
    """Deviations from the mean, first of items then of users, each shrunk (Koren, Factorization Meets the Neighborhood,
    2008, section 2.1).
    """

    shrink_item: float = 10.0
    shrink_user: float = 5.0

    @property
    def name(self) -> str:
        return "means"

    def fit(self, known: Ratings, seed: int = 0) -> Means:
        overall = float(known.value.mean()) if len(known.value) else 0.0
        rest = known.value.astype(np.float64) - overall
        of_item = _shrunk(known.item, rest, known.items, self.shrink_item)
        # Of what the items leave over: else who rates only good films would seem to be generous.
        of_user = _shrunk(known.user, rest - of_item[known.item], known.users, self.shrink_user)
        return Means(overall, of_user, of_item)

    def tuned(self, known: Ratings, judge: RatingJudge, seed: int = 0) -> "MeansRecipe":
        return self


def _shrunk(group: Ints, rest: Doubles, groups: int, shrink: float) -> Doubles:
    sums, counts = np.bincount(group, rest, groups), np.bincount(group, minlength=groups)
    return np.append(sums / (counts + shrink), 0.0)
