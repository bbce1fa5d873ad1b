"""The lake as SQL: views that any DuckDB can make, over exactly the files that the manifest names."""

from collections.abc import Mapping
from pathlib import Path

from tailorbird.shell.embedded.lake_columns import SQL_OF_KIND, Place
from tailorbird.shell.embedded.lake_manifest import Manifest
from tailorbird.shell.embedded.lake_schema import EVENTS, SPELLING, TABLES, LakeTable

PEOPLE_EVENTS = """\
CREATE OR REPLACE VIEW people_events AS
SELECT events.*, now.person
FROM events LEFT JOIN (SELECT leaf, arg_max(person, sequence) AS person FROM links GROUP BY leaf) AS now USING (leaf);
"""


def view_statements(folder: Path, manifest: Manifest) -> list[str]:
    """The statements that make the views `events`, `decisions`, `rejected`, `signals`, `links` and `people_events`."""
    views = [view_over(table, manifest.columns, _files(table, folder, manifest)) for table in TABLES]
    return [*views, PEOPLE_EVENTS]


def view_over(table: LakeTable, columns: Mapping[str, Place], rows: str) -> str:
    """A view of the rows, below a part without rows that names every column and its type, also where no row has it."""
    typed: dict[str, str] = {column.name: SPELLING.get(column.type, column.type) for column in table.columns}
    if table.dated_by:
        typed["date"] = "DATE"
    if table is EVENTS:
        typed |= {name: SQL_OF_KIND[place.kind] for name, place in columns.items()}
    # So that a query may name a column that nobody has filled yet, and finds it of its one type.
    nothing = ", ".join(f'CAST(NULL AS {spelling}) AS "{name}"' for name, spelling in typed.items())
    union = f"\nUNION ALL BY NAME {rows}" if rows else ""
    return f"CREATE OR REPLACE VIEW {table.name} AS\nSELECT {nothing} WHERE false{union};\n"


def _files(table: LakeTable, folder: Path, manifest: Manifest) -> str:
    paths = [quoted(folder / file.path) for file in manifest.of(table.name)]
    if not paths:
        return ""
    # By name: a file has only the columns that it fills, in no fixed order.
    options = f"union_by_name = true, hive_partitioning = {str(bool(table.dated_by)).lower()}"
    listed = ",\n    ".join(paths)
    return f"SELECT * FROM read_parquet([\n    {listed}], {options})"  # noqa: S608  names of our own, and quoted


def quoted(path: Path) -> str:
    """The path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
