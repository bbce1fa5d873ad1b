"""The page about the lake says what the schema says."""

from pathlib import Path

import pytest

from tailorbird.shell.embedded.lake_schema import TABLES

PAGE = Path(__file__).parents[3] / "docs" / "guide" / "lake.md"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_its_line(table):
    part = PAGE.read_text().split(f"## {table.name.capitalize()}\n")[1].split("\n## ")[0]
    for column in table.columns:
        type_ = "STRUCT(type, hash)[]" if column.type == "IDENTIFIERS" else column.type
        assert f"| `{column.name}` | {type_} | {column.meaning} |" in part
