"""The transpiled SQL, executed: PySpark answers over the same histories what DuckDB answers."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from random import Random
from typing import Any

import pytest

from tailorbird.know.language.program import load
from tailorbird.know.language.tree import Program
from tailorbird.know.sql.columns import Column, Needs, list_column, needs
from tailorbird.know.sql.compiled import compile_sql, needed
from tailorbird.shell.history import ask, over
from tailorbird.testing import MemoryLake
from tailorbird.testing.agreement import SCHEMA, same
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import BASELINE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java: apt-get install default-jre-headless"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pip install 'tailorbird[spark]'"),
]

QUIET = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than a handful of rows does
    "spark.sql.session.timeZone": "America/New_York",  # all is UTC, wherever the session is
    "spark.driver.memory": "1g",
}
SPARK_TYPE = {"number": "double", "text": "string", "boolean": "boolean", "time": "bigint"}
FIXED = "person binary, happened_at bigint, name string, log_offset bigint, contact boolean"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for key, value in QUIET.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def typed(columns: dict[str, Column]) -> list[str]:
    return [f"{name} {SPARK_TYPE[column.kind]}" for name, column in columns.items()]


def schema_of(asked: Needs) -> str:
    """The relation's columns, in Spark's words."""
    lists = []
    for name, fields in asked.lists.items():
        inside = ", ".join(one.replace(" ", ":") for one in typed(fields)) or "there:boolean"
        lists.append(f"{list_column(name)} array<struct<{inside}>>")
    return ", ".join([FIXED, *typed(asked.columns), *lists])


def by_spark(session: Any, lake: MemoryLake, program: Program, now: int) -> dict[bytes, dict[str, Any]]:
    asked = needs(needed(program))
    rows = [tuple(row.values()) for row in lake.query(over(lake, "SELECT * FROM history", asked))]
    session.createDataFrame(rows, schema_of(asked)).createOrReplaceTempView("history")
    found = session.sql(compile_sql(program, now=now, baseline=BASELINE, dialect="spark")).collect()
    return {bytes(row.person): row.asDict() for row in found}


def differences(session: Any, drawn: Drawn, lake: MemoryLake, now: int) -> list[Any]:
    program = load({"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA.plain()})
    found = by_spark(session, lake, program, now)
    wanted = {row["person"]: row for row in ask(lake, program, now=now, baseline=BASELINE)}
    assert found.keys() == wanted.keys()
    return [
        (name, value, found[person][name])
        for person, row in wanted.items()
        for name, value in row.items()
        if name != "person" and not same(value, found[person][name])
    ]


@pytest.mark.parametrize("seed", range(6))
def test_drawn_definitions_say_the_same_on_spark(spark: Any, seed: int) -> None:
    draw = Random(seed)
    drawn, lives = draw_definitions(draw, 4), draw_lives(draw, 4)
    events = {(event.source, event.message_id): event for event in reversed(lives.events)}
    lake = MemoryLake()
    lake.seal(list(enumerate(events.values(), 1)), [], len(events))
    assert differences(spark, drawn, lake, lives.probes[-2]) == []
