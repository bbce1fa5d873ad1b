"""Circumstances of a visit: what may be known of somebody of whom nothing is known.

A circumstance is a name and a value: ("device", "mobile"), ("source", "google.com"), ("hour", "3"). A model knows how
much more often each item is taken in one than everywhere, its *ratio* (ratios.py); here.py makes base scores of them.

    device, country     as the visit says; a region is its country and its own name: "DE/BY"
    source              where the visit came from: its utm_source, else the host of the page before
    hour, weekday       the quarter of the day, "0" to "3"; "0" for Monday to "6"; both in UTC
    visitor             "new" for who has never ordered
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, HOUR_MS

Circumstance = tuple[str, str]  # name, value

DEVICE, COUNTRY, REGION, SOURCE, HOUR, WEEKDAY, VISITOR = (
    "device", "country", "region", "source", "hour", "weekday", "visitor",
)  # fmt: skip
SAID = (DEVICE, COUNTRY, REGION, SOURCE)  # by the visit itself; the others follow from the time and the person
NEW = "new"
BAND_MS = 6 * HOUR_MS
MONDAY_MS = 3 * DAY_MS  # 1970-01-01 was a Thursday
_PREFIX = "circumstance_"


def hour_of(now: int) -> str:
    """The quarter of the day in UTC, "0" to "3"."""
    return str(now % DAY_MS // BAND_MS)


def weekday_of(now: int) -> str:
    """The day of the week in UTC.

    >>> weekday_of(0)
    '3'
    """
    return str((now + MONDAY_MS) // DAY_MS % 7)


def visit_of(device: str, country: str, region: str, source: str) -> tuple[Circumstance, ...]:
    """What a visit says of itself, spelled as the model spells it; "" is left out.

    >>> visit_of("Mobile", "de", "by", "www.Example.com")
    (('device', 'mobile'), ('country', 'DE'), ('region', 'DE/BY'), ('source', 'example.com'))
    """
    country, region = country.strip().upper(), region.strip().upper()
    said = (
        (DEVICE, device.strip().lower()),
        (COUNTRY, country),
        (REGION, f"{country}/{region}" if country and region else ""),
        (SOURCE, source.strip().lower().removeprefix("www.")),
    )
    return tuple((name, value) for name, value in said if value)


def parent_of(one: Circumstance) -> Circumstance | None:
    """What it is a part of: a region of its country; None for everywhere.

    >>> parent_of(("region", "DE/BY"))
    ('country', 'DE')
    """
    return (COUNTRY, one[1].partition("/")[0]) if one[0] == REGION else None


@dataclass(frozen=True)
class Circumstances:
    """What a model has learned of s circumstances: the k most popular items of each, and their ratios."""

    names: list[Circumstance]
    rows: NDArray[np.int32]  # s x k, of the model
    ratios: NDArray[np.float32]  # s x k, above 0
    row_of: dict[Circumstance, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.row_of.update({name: row for row, name in enumerate(self.names)})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to store beside the model's other arrays; `restored` is the inverse."""
        names = np.frombuffer(msgspec.json.encode(self.names), np.uint8)
        return {f"{_PREFIX}names": names, f"{_PREFIX}rows": self.rows, f"{_PREFIX}ratios": self.ratios}

    @staticmethod
    def restored(arrays: Mapping[str, NDArray[Any]], items: int) -> "Circumstances | None":
        """From a model's arrays; None where it has none. Raises Corrupt for what does not fit together."""
        if f"{_PREFIX}names" not in arrays:
            return None
        stored, rows, ratios = (arrays[f"{_PREFIX}{name}"] for name in ("names", "rows", "ratios"))
        names = msgspec.json.decode(stored.tobytes(), type=list[Circumstance])
        if rows.shape != ratios.shape or rows.shape[:1] != (len(names),):
            raise Corrupt(f"The circumstances have shapes {rows.shape} and {ratios.shape}. Train again, or roll back.")
        inside = not rows.size or (rows.min() >= 0 and rows.max() < items)
        if not (inside and np.isfinite(ratios).all() and (ratios > 0).all()):
            raise Corrupt("The circumstances point outside of the model, or hold what is no ratio. Train again.")
        return Circumstances(names, rows, ratios)
