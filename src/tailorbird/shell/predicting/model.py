"""A trained model: what it says of rows of features, what is told about it, and its arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.know.predict.baseline import Rule
from tailorbird.know.predict.calibration import Calibration
from tailorbird.know.predict.quality import Bin
from tailorbird.offer.forest.forest import Forest

Array = NDArray[np.float64]
FORMAT = 1
LEAST_AMOUNT = 0.01
Serves = Literal["trees", "rule", "everyone"]


class Measures(msgspec.Struct, frozen=True):
    """How good something was on the test: people after the last cut, of whom it had seen nothing."""

    loss: float  # Brier score of a chance, mean squared error of an amount, share of misses of a category
    auc: float = 0.5  # of a chance; of an amount: whether they order at all
    lift: float = 1.0  # among the tenth told most
    off: float = 0.0  # how far said and come lie apart, in the mean
    total: float = 1.0  # of all that was said, as a part of all that came


class Manifest(msgspec.Struct, frozen=True):
    """What is told about a version."""

    version: str
    model: str
    trained_at: int
    data_until: int  # the last instant whose events it could learn from, ms
    code: str  # the release that trained it
    definitions: int  # the version of the store
    seed: int
    cuts: list[int]  # instants, ms; the last is the test, the one before calibrates
    features: list[str]
    texts: dict[str, str]  # of features, what is asked
    site: list[str]  # those of them that are the site's own traits
    rows: int  # people and instants that it learned from
    people: int
    left_out: int  # people whose consent does not allow it
    rate: float  # the mean outcome on the test
    serves: Serves
    because: str
    rule: str  # the feature of the rule of thumb
    measures: dict[str, Measures]  # by `Serves`
    gain: float  # of the trees over the best baseline, in loss a person
    gain_half: float  # of its 95 % interval
    curve: list[Bin]
    importance: dict[str, float]  # of features, shares of the splits; the most first
    edges: list[list[float]]  # for drift
    shares: list[list[float]]
    usual: float = 0.0  # the mean of what it says, which its steps are measured by
    format: int = FORMAT


class Amount(NamedTuple):
    """What they spend if they do: a rule of thumb, which trees correct by a factor."""

    level: Rule
    forest: Forest  # of the logarithm of the factor
    scale: float = 1.0  # so that amounts add up

    def __call__(self, column: Array, values: Array) -> Array:
        # Bounded to a factor of 150: one odd leaf must not promise a fortune.
        factor = np.exp(np.clip(scores_of(self.forest, values), -5, 5))
        found: Array = self.scale * np.maximum(self.level(column), LEAST_AMOUNT) * factor
        return found


@dataclass(frozen=True)
class Model:
    """A version, ready to say something."""

    manifest: Manifest
    chance: Forest
    calibration: Calibration
    rule: Rule  # a rule of thumb over one feature
    column: int  # of that feature
    amount: "Amount | None" = None

    def says(self, values: Array) -> Array:
        """What serves, for each row of features: a chance, or an amount."""
        return self.trees(values) if self.manifest.serves == "trees" else self.plain(values)

    def trees(self, values: Array) -> Array:
        """What the trees say."""
        chance = self.calibration(scores_of(self.chance, values))
        return chance if self.amount is None else chance * self.amount(values[:, self.column], values)

    def plain(self, values: Array) -> Array:
        """What the baseline says: by one feature, or the same of all."""
        if self.manifest.serves == "everyone":
            if "popularity" in self.manifest.features:
                return values[:, self.manifest.features.index("popularity")]
            return np.full(len(values), self.manifest.usual)
        return self.rule(values[:, self.column])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers of it, by name."""
        found: dict[str, NDArray[Any]] = {f"chance_{name}": one for name, one in self.chance.arrays().items()}
        if self.amount is not None:
            found |= {f"amount_{name}": one for name, one in self.amount.forest.arrays().items()}
            found |= {f"level_{name}": one for name, one in _of_rule(self.amount.level).items()}
            found["scale"] = np.array([self.amount.scale])
        found |= {"calibration_x": self.calibration.x, "calibration_y": self.calibration.y}
        found["calibration_isotonic"] = np.array([self.calibration.kind == "isotonic"])
        found |= {f"rule_{name}": one for name, one in _of_rule(self.rule).items()}
        return found | {"column": np.array([self.column])}

    @classmethod
    def of_arrays(cls, manifest: Manifest, arrays: Mapping[str, Any]) -> "Model":
        """Back from `arrays()`."""
        kind: Literal["sigmoid", "isotonic"] = "isotonic" if arrays["calibration_isotonic"][0] else "sigmoid"
        amount = None
        if "scale" in arrays:
            amount = Amount(_rule(arrays, "level"), _forest(arrays, "amount"), float(arrays["scale"][0]))
        return cls(
            manifest,
            _forest(arrays, "chance"),
            Calibration(kind, arrays["calibration_x"], arrays["calibration_y"]),
            _rule(arrays, "rule"),
            int(arrays["column"][0]),
            amount,
        )


def _of_rule(rule: Rule) -> dict[str, Array]:
    return {"x": rule.curve.x, "y": rule.curve.y, "signs": np.array([rule.sign, rule.unknown])}


def _rule(arrays: Mapping[str, Any], name: str) -> Rule:
    curve = Calibration("isotonic", arrays[f"{name}_x"], arrays[f"{name}_y"])
    return Rule(curve, *arrays[f"{name}_signs"].tolist())


def _forest(arrays: Mapping[str, Any], name: str) -> Forest:
    own = {key.removeprefix(f"{name}_"): array for key, array in arrays.items() if key.startswith(f"{name}_")}
    return Forest.restored(own)


def scores_of(forest: Forest, values: Array) -> Array:
    """What the trees sum up to for each row of features."""
    return forest.scores(np.asarray(values, np.float32, order="F"))
