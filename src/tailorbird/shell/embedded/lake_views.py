"""The lake as SQL: views that any DuckDB can make, over exactly the files that the manifest names."""

from pathlib import Path

from tailorbird.shell.embedded.lake_columns import SQL_OF_KIND
from tailorbird.shell.embedded.lake_manifest import Manifest
from tailorbird.shell.embedded.lake_schema import EVENTS, SPELLING, TABLES, LakeTable

_PEOPLE_EVENTS = """\
CREATE OR REPLACE VIEW people_events AS
SELECT events.*, now.person
FROM events LEFT JOIN (SELECT leaf, arg_max(person, sequence) AS person FROM links GROUP BY leaf) AS now USING (leaf);
"""

_COMMA = ",\n    "


def view_statements(folder: Path, manifest: Manifest) -> list[str]:
    """The statements that make the views `events`, `decisions`, `rejected`, `links` and `people_events`."""
    return [_view(table, folder, manifest) for table in TABLES] + [_PEOPLE_EVENTS]


def _view(table: LakeTable, folder: Path, manifest: Manifest) -> str:
    """The files, below a first part without rows that names every column and its type, also where no file has it."""
    typed: dict[str, str] = {column.name: SPELLING.get(column.type, column.type) for column in table.columns}
    if table.dated_by:
        typed["date"] = "DATE"
    if table is EVENTS:
        typed |= {name: SQL_OF_KIND[place.kind] for name, place in manifest.columns.items()}
    nothing = ", ".join(f'CAST(NULL AS {spelling}) AS "{name}"' for name, spelling in typed.items())
    select = f"CREATE OR REPLACE VIEW {table.name} AS\nSELECT {nothing} WHERE false"
    paths = [quoted(folder / file.path) for file in manifest.of(table.name)]
    if paths:
        options = f"union_by_name = true, hive_partitioning = {str(bool(table.dated_by)).lower()}"
        files = f"read_parquet([\n    {_COMMA.join(paths)}], {options})"
        select += f"\nUNION ALL BY NAME SELECT * FROM {files}"  # noqa: S608  names of our own, and quoted
    return select + ";\n"


def quoted(path: Path) -> str:
    """The path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
