"""The lake's views over records in memory, for `MemoryLake`."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from tailorbird.events import Record
from tailorbird.shell.embedded.lake_columns import Columns, Place, well_known
from tailorbird.shell.embedded.lake_query import ask
from tailorbird.shell.embedded.lake_rows import record_table
from tailorbird.shell.embedded.lake_schema import EVENTS, LINKS, RECORD_TABLES, TABLES, LakeTable
from tailorbird.shell.embedded.lake_views import PEOPLE_EVENTS, view_over
from tailorbird.shell.ports import LinkChange

_DATED_BY = {table.name: column.name for table in TABLES for column in table.columns if column.field == table.dated_by}


def query_records(
    records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], sql: str, parameters: Sequence[Any]
) -> list[dict[str, Any]]:
    """Rows of a SELECT over the same views as those of the lake on disk."""
    columns = Columns(well_known())
    tables: dict[LakeTable, pa.Table] = {LINKS: record_table(LINKS, list(enumerate(links, 1)), columns)}
    for table in RECORD_TABLES:
        tables[table] = record_table(table, [row for row in records if isinstance(row[1], table.record)], columns)
    with duckdb.connect(":memory:") as database:
        for table, data in tables.items():
            database.register(f"{table.name}_rows", data)
            date = f", CAST({_DATED_BY[table.name]} AS DATE) AS date" if table.dated_by else ""
            rows = f"SELECT *{date} FROM {table.name}_rows"  # noqa: S608  names of our own
            database.execute(view_over(table, columns.place_of, rows))
        database.execute(PEOPLE_EVENTS)
        return ask(database, sql, parameters)


def columns_of(records: Sequence[tuple[int, Record]]) -> Mapping[str, Place]:
    """The columns that `query_records` makes of the same records."""
    columns = Columns(well_known())
    record_table(EVENTS, [row for row in records if isinstance(row[1], EVENTS.record)], columns)
    return columns.place_of
