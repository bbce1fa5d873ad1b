"""The page on SQL: its queries are what the compiler writes, and each engine's grammar reads its views."""

import re
from pathlib import Path

import pytest
import sqlglot
from sql_case import ANN, NOW, did, lake_of

from tailorbird.know.language.program import read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Definition, Program
from tailorbird.know.sql.compiled import compile_sql
from tailorbird.know.sql.dialects import DIALECTS, Dialect

PAGE = Path(__file__).parents[3] / "docs" / "guide" / "language" / "sql.md"
LOYAL = "orders('90 days') >= 3"


def block(dialect: str, what: str) -> str:
    found = re.search(rf"```sql {dialect} {what}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found, f"{PAGE.name} has no '```sql {dialect} {what}'"
    return found[1].strip()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_page_shows_what_is_written_today(dialect: Dialect) -> None:
    program = Program(segments=(Definition("loyal", LOYAL, read(LOYAL, schema_of())),))
    assert block(dialect, "loyal") == compile_sql(program, dialect=dialect)


@pytest.mark.parametrize("dialect", [one for one in DIALECTS if one != "duckdb"])
def test_each_engine_reads_its_view(dialect: Dialect) -> None:
    assert sqlglot.parse_one(block(dialect, "history"), read=dialect).key == "create"


def test_duckdbs_view_holds_what_the_page_says() -> None:
    view = block("duckdb", "history").partition(" AS\n")[2]
    order = did("Order Completed", 1, revenue=5.0, products=[{"category": "Tea"}, {"category": 7}])
    [row] = lake_of(order).query(view)
    assert (row["person"], row["name"], row["properties_revenue__number"]) == (ANN, "Order Completed", 5.0)
    assert row["happened_at"] == NOW - 86_400_000
    assert row["properties_products"] == [{"category__text": "Tea"}, {"category__text": None}]
