"""The ranker: trees that correct the blend, each candidate by a factor.

    score(j) = total(j) * exp((trees(x_j) - shift) / SHARPNESS)

The trees are boosted from the blend: LambdaMART starts at SHARPNESS * log(total), and every tree is a correction of
that. So without trees it is the blend; scores keep their unit; and a click of a moment ago, whose total no training
moment ever had, still comes first, because the total has no end and the trees have.

Evidence, whatever a history's contacts feed, may only raise: trees are monotone in it. Taking a contact away can
therefore raise no item's score, and a reason that names one is true (docs/why/113).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import Corrupt
from tailorbird.offer.recommend.said import PREDICTION, SEGMENT

if TYPE_CHECKING:  # it brings numba, which most commands need not wait for
    from tailorbird.offer.forest.forest import Forest

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

POOL = 50  # candidates that go through the trees
SHARPNESS = 1.0  # how sure the trees are told that the blend is of its order; above it they correct too little
LEAST = 1e-9  # a total below it counts as this
EVIDENCE = ("total", "item", "again", "category", "segment", "times bought", "contacts", "contacts in category")
FREE = ("base", "popular", "trending", "loyalty", "orders", "order gap", "since the last order", "hour", "weekday")
FEATURES = EVIDENCE + FREE
_PREFIX = "ranker_"


@dataclass(frozen=True)
class Ranker:
    """Trees over FEATURES, and what they say on average: a factor of 1."""

    forest: "Forest"
    shift: float

    def __post_init__(self) -> None:
        # Trees read their features by place: so these names, in this order.
        known = self.forest.features[: len(FEATURES)] == FEATURES and all(map(_is_said, self.names))
        if not known or not np.isfinite(self.shift):
            raise Corrupt("The ranker's trees know other features than this version has. Train again, or roll back.")

    @property
    def names(self) -> tuple[str, ...]:
        """The features of said.py that stand behind FEATURES."""
        return self.forest.features[len(FEATURES) :]

    def factors(self, matrix: Floats) -> Doubles:
        """What each candidate's total is multiplied by: m numbers above 0, for m x f features."""
        found: Doubles = np.exp((self.forest.scores(matrix) - self.shift) / SHARPNESS)
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to store in the model's folder; `restored` is the inverse."""
        own = {f"{_PREFIX}{name}": array for name, array in self.forest.arrays().items()}
        return own | {f"{_PREFIX}shift": np.array([self.shift])}

    @staticmethod
    def restored(arrays: Mapping[str, NDArray[Any]]) -> "Ranker | None":
        """From a model's arrays; None where it has no trees. Raises Corrupt for what are none."""
        own = {name.removeprefix(_PREFIX): array for name, array in arrays.items() if name.startswith(_PREFIX)}
        if not own:
            return None
        shift = own.pop("shift", None)
        if shift is None or shift.shape != (1,):
            raise Corrupt("The ranker lacks its shift. Train again, or roll back.")
        from tailorbird.offer.forest.forest import Forest

        return Ranker(Forest.restored(own), float(shift[0]))


def lean(forest: "Forest") -> "Forest":
    """The same trees without the features of said.py that no split asks for: a request need not make them."""
    asked = set(forest.feature.tolist())
    used = [place for place in range(len(forest.features)) if place < len(FEATURES) or place in asked]
    number = np.zeros(len(forest.features), np.int32)
    number[used] = np.arange(len(used))
    feature = number[forest.feature]
    # Locked as all arrays of a forest are: the compiled walk is for one kind of array.
    feature.flags.writeable = False
    return replace(forest, features=tuple(forest.features[place] for place in used), feature=feature)


def _is_said(name: str) -> bool:
    return name.startswith((PREDICTION, SEGMENT))


def prior(totals: Floats) -> Doubles:
    """Where the trees start from: the blend, in the unit of the trees."""
    # LambdaMART adds, so the blend enters as a logarithm and the trees leave as a factor.
    return SHARPNESS * np.log(np.maximum(totals.astype(np.float64), LEAST))
