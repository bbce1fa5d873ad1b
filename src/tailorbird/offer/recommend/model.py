"""A trained model: flat arrays that many processes can map from one file each, and a small manifest.

Rows of the model are its own (`ids[row]`), independent of any catalogue; `join.py` brings the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from tailorbird.errors import Corrupt
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.recommend.circumstances import Circumstances
from tailorbird.offer.recommend.examined import Learned
from tailorbird.offer.recommend.ids import Ids
from tailorbird.offer.recommend.lineage import Lineage
from tailorbird.offer.recommend.measured import Report
from tailorbird.offer.recommend.ranker import Ranker
from tailorbird.offer.recommend.settings import Settings

Rows = NDArray[np.int32]
Values = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]

FORMAT = 1
AGAIN_SHAPE = (5, 8, 8)  # of `again`: see buy_again.py


class Weights(msgspec.Struct, frozen=True):
    """How much each part of the blend counts. Chosen on a validation part, never on the test part."""

    item: float = 1.0  # item-to-item, from the history
    again: float = 1.0  # buy it again
    segment: float = 0.1  # popular where a declared trait is shared
    popular: float = 0.1
    trending: float = 0.05
    half_life_days: float = 30.0  # of a contact's part in the item-to-item sum
    first: float = 1.0  # typical score of a first place: what a click counts now is measured in it
    preference: float = 0.0  # for categories, learned from each contact: see preference.py


class Manifest(msgspec.Struct, frozen=True):
    """What is said about a model beside its arrays."""

    version: str
    trained_at: int = 0  # ms
    name: str = "blend"
    weights: Weights = Weights()
    settings: Settings = Settings()
    segments: list[tuple[str, str]] = []  # (trait, value) of each row of `segment_rows`
    near: float = 1.0  # how near the nearest neighbour typically is; less than that is weakly supported
    long_depth: int = 20  # neighbours that a contact of long ago speaks for; a live one speaks for all of its own
    interactions: int = 0
    people: int = 0
    evaluation: list[dict[str, Any]] = []  # one line for each scorer
    ranker: Verdict = Verdict(False, "")  # whether trees correct the blend, and why or why not
    learned: Learned = Learned()  # what the trees had of what was shown and clicked
    report: Report = Report()
    lineage: Lineage = Lineage()
    promoted: bool = False  # whether it was let serve when it was trained
    verdict: str = ""  # why, or why not
    refit_of: str = ""  # the training whose recipe, evaluation and verdict these tables were made anew with
    seconds: float = 0.0
    format: int = FORMAT


@dataclass(frozen=True)
class Model:
    """All that serving needs. n items, m neighbours in all, s segments of up to k items each."""

    manifest: Manifest
    ids: Sequence[str]  # most popular first
    start: NDArray[np.int64]  # n + 1: where each row's neighbours begin
    neighbours: Rows  # m, nearest first
    nearness: Values  # m, in (0, 1]
    popular: Values  # n, in [0, 1]: decayed count as a share of the highest
    trending: Values  # n, in [0, 1]
    again: Values  # AGAIN_SHAPE: chance that an item is bought again in the next basket
    loyalty: Values  # n: how much more (or less) often this item is bought again than the table says
    segment_rows: Rows  # s x k, -1 where there are fewer
    segment_values: Values  # s x k, in [0, 1]
    ranker: Ranker | None = None  # what corrects the blend, where it was better than the blend alone
    circumstances: Circumstances | None = None  # what is taken more often on a phone, in a country, at night ...
    title: str = field(init=False, default="")
    _segments: dict[tuple[str, str], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in ARRAYS:  # read-only, whether mapped or not: so the kernels are compiled for one kind of array
            view = np.ascontiguousarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)
        _check(self)
        object.__setattr__(self, "title", f"{self.manifest.name} {self.manifest.version}" if self.ids else "")
        self._segments.update({name: row for row, name in enumerate(self.manifest.segments)})

    def segment_row(self, trait: str, value: object) -> int:
        """The row of the segment of all who share this trait's value, -1 if the model has none."""
        return self._segments.get((trait, str(value)), -1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to store: the inverse of `from_arrays`."""
        # Bytes and lengths: an array of Python's texts is neither mapped nor read without unpickling (docs/why/045).
        blob = "".join(self.ids).encode()
        lengths = np.array([len(item_id.encode()) for item_id in self.ids], np.int32)
        named = {name: getattr(self, name) for name in ARRAYS}
        trees = self.ranker.arrays() if self.ranker else {}
        ratios = self.circumstances.arrays() if self.circumstances else {}
        return {**named, **trees, **ratios, "id_bytes": np.frombuffer(blob, np.uint8), "id_lengths": lengths}

    @staticmethod
    def from_arrays(manifest: Manifest, arrays: Arrays) -> "Model":
        """The model of stored arrays, mapped or not; raises Corrupt where they do not fit together."""
        try:
            ids = Ids(arrays["id_bytes"], arrays["id_lengths"])
            named = {name: arrays[name] for name in ARRAYS}
            restored = Circumstances.restored(arrays, len(ids))
            return Model(manifest, ids, **named, ranker=Ranker.restored(arrays), circumstances=restored)
        except (KeyError, ValueError, IndexError) as error:
            raise Corrupt(f"Model {manifest.version}: {error!r}. Train again, or roll back.") from None

    @staticmethod
    def empty() -> "Model":
        """What serves before the first training: knows no item, so the catalogue and the live history speak alone."""
        none, nothing = np.empty(0, np.int32), np.empty(0, np.float32)
        table = np.zeros(AGAIN_SHAPE, np.float32)
        start, no_rows, no_values = np.zeros(1, np.int64), np.empty((0, 1), np.int32), np.empty((0, 1), np.float32)
        return Model(Manifest(""), [], start, none, nothing, nothing, nothing, table, nothing, no_rows, no_values)


ARRAYS = ("start", "neighbours", "nearness", "popular", "trending", "again", "loyalty", "segment_rows",
          "segment_values")  # fmt: skip

NUMBERS = ("nearness", "popular", "trending", "again", "loyalty", "segment_values")
LEAST = {"nearness": 1e-30}  # it is divided by


def _check(model: Model) -> None:
    """Refuse arrays that would make a kernel read outside of them: kernels do not check."""
    n, m = len(model.ids), len(model.neighbours)
    shapes = {
        "start": (n + 1,), "neighbours": (m,), "nearness": (m,), "popular": (n,), "trending": (n,), "loyalty": (n,),
        "again": AGAIN_SHAPE, "segment_rows": model.segment_values.shape,
    }  # fmt: skip
    for name, shape in shapes.items():
        found = getattr(model, name).shape
        if found != shape:
            raise Corrupt(
                f"Model {model.manifest.version}: array {name!r} has shape {found}, needs {shape}. Train again."
            )
    inside = not m or (model.neighbours.min() >= 0 and model.neighbours.max() < n)
    ordered = bool((np.diff(model.start) >= 0).all()) and model.start[0] == 0 and model.start[-1] == m
    rows = model.segment_rows
    if not (inside and ordered and (not rows.size or (rows.min() >= -1 and rows.max() < n))):
        raise Corrupt(f"Model {model.manifest.version}: rows point outside its {n} items. Train again, or roll back.")
    if not model.manifest.near > 0:
        raise Corrupt(
            f"Model {model.manifest.version}: near is {model.manifest.near}, needs a number above 0. Train again."
        )
    if model.manifest.long_depth < 0:
        raise Corrupt(
            f"Model {model.manifest.version}: long_depth is {model.manifest.long_depth}, needs 0 or more. Train again."
        )
    if not all(isfinite(weight) and weight >= 0 for weight in astuple(model.manifest.weights)):
        raise Corrupt(f"Model {model.manifest.version}: {model.manifest.weights} are no weights. Train again.")
    for name in NUMBERS:
        column = getattr(model, name)
        if not (np.isfinite(column).all() and (not column.size or column.min() >= LEAST.get(name, 0.0))):
            raise Corrupt(f"Model {model.manifest.version}: array {name!r} holds what is no weight. Train again.")
