"""The page's Spark views over the lake's own files: what a warehouse sees is what DuckDB sees."""

from pathlib import Path
from typing import Any

import pytest
from test_spark_agrees import pytestmark as needs_spark
from test_spark_agrees import spark as spark_session

from tailorbird.events import DAY_MS, Event
from tailorbird.know.language.program import read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Definition, Program
from tailorbird.know.sql.compiled import compile_sql
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.history import ask
from tailorbird.shell.ports import LinkChange

pytestmark = needs_spark
spark = spark_session
NOW = 20_000 * DAY_MS
PAGE = Path(__file__).parents[2] / "docs" / "guide" / "language" / "sql.md"
TEXTS = {
    "loyal": "orders('90 days') >= 2",
    "tea": "count('Order Completed', '90 days', each => 'products', where => category = 'Tea') = 1",
}


def order(number: int, leaf: bytes, *categories: Any) -> Event:
    at = NOW - number * DAY_MS
    products = [{"category": category} for category in categories]
    said = {"revenue": 5.0, "products": [*products, 7]}
    return Event("web", f"m{number}", "track", "Order Completed", leaf, [], at, at + 5, said, {}, {}, {}, b"")


def test_the_view_of_the_page_gives_the_same_people(spark: Any, tmp_path: Path) -> None:
    one, other, person = b"l" * 16, b"m" * 16, b"p" * 16
    lake = ParquetLake(tmp_path)
    events = [order(1, one, "Tea", 5), order(2, other), order(3, b"n" * 16, "Tea", "Tea")]
    lake.seal(list(enumerate(events, 1)), [LinkChange(leaf, person, 1, 1) for leaf in (one, other)], 3)
    for table in ("events", "links"):
        spark.read.option("mergeSchema", True).parquet(str(tmp_path / table)).createOrReplaceTempView(table)
    view = PAGE.read_text().partition("```sql spark history\n")[2].partition("```")[0]
    spark.sql(view)
    program = Program(segments=tuple(Definition(name, text, read(text, schema_of())) for name, text in TEXTS.items()))
    rows = spark.sql(compile_sql(program, now=NOW, dialect="spark")).collect()
    found = {bytes(row.person): row.asDict() | {"person": bytes(row.person)} for row in rows}
    assert found == {row["person"]: row for row in ask(lake, program, now=NOW)}
    assert found[person] == {"person": person, "segment_loyal": True, "segment_tea": True}
    lake.close()


@pytest.fixture(autouse=True)
def nothing_left(spark: Any) -> Any:
    """Other tests make views of the same names."""
    yield
    for view in ("events", "links", "history"):
        spark.catalog.dropTempView(view)
