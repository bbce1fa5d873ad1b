"""The lake's twin in memory: a list of records, and the same views over it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tailorbird.errors import BadRequest
from tailorbird.events import Record
from tailorbird.shell.ports import LinkChange

if TYPE_CHECKING:
    from tailorbird.shell.embedded.lake_columns import Place


class MemoryLake:
    """`tailorbird.shell.ports.Lake` for tests and doctests; DuckDB is loaded by the first query.

    >>> from tailorbird.testing import shop
    >>> lake = MemoryLake()
    >>> lake.seal(list(enumerate(shop.events(), 1)), [], through=7)
    >>> lake.query("SELECT sum(properties_revenue) AS revenue FROM events")
    [{'revenue': 57.0}]
    """

    def __init__(self) -> None:
        self._sealed = 0
        self._records: list[tuple[int, Record]] = []
        self._links: list[LinkChange] = []

    def sealed(self) -> int:
        return self._sealed

    def seal(self, records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], through: int) -> None:
        offsets = [offset for offset, _ in records]
        if through < self._sealed or (offsets and not self._sealed < min(offsets) <= max(offsets) <= through):
            raise BadRequest(f"The lake is sealed up to offset {self._sealed}; go on from there.")
        self._records += records
        self._links += links
        self._sealed = through

    def compact(self) -> int:
        return 0

    def read(self, after: int = 0) -> Iterator[list[tuple[int, Record]]]:
        if rows := [row for row in self._records if row[0] > after]:
            yield rows

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> Sequence[Mapping[str, Any]]:
        from tailorbird.testing.memory_views import query_records

        return query_records(self._records, self._links, sql, parameters)

    def columns(self) -> Mapping[str, "Place"]:
        from tailorbird.testing.memory_views import columns_of

        return columns_of(self._records)

    def close(self) -> None:
        """Nothing to let go."""
