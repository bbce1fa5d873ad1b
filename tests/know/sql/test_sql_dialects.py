"""The same query as other engines spell it: read again by their own grammar, and nothing of ours left in it."""

import re
from importlib.resources import files

import pytest
import sqlglot
import yaml
from sql_case import NOW, SCHEMA

from tailorbird.collect.plan import TrackingPlan
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Definition, Program
from tailorbird.know.sql.compiled import compile_sql
from tailorbird.know.sql.dialects import DIALECTS, Dialect
from tailorbird.shell.demo.plan import DEMO_PLAN

OTHERS = [one for one in DIALECTS if one != "duckdb"]


def demo() -> Program:
    """All that the demo site defines."""
    site = files("tailorbird") / "shell/demo/site"
    traits, segments = (yaml.safe_load((site / f"{name}.yaml").read_text()) for name in ("traits", "segments"))
    return check(traits, segments, schema_of(TrackingPlan.load(DEMO_PLAN)))


def spelled(text: str, dialect: Dialect) -> str:
    return compile_sql(Program((Definition("it", text, read(text, SCHEMA)),)), now=NOW, dialect=dialect)


@pytest.mark.parametrize("dialect", OTHERS)
def test_the_whole_demo_site_is_read_again(dialect: Dialect) -> None:
    text = compile_sql(demo(), dialect=dialect)
    found = sqlglot.parse_one(text, read=dialect)
    names = [one.alias_or_name for one in found.selects]  # type: ignore[attr-defined]
    assert "tb_" not in text.lower()
    assert names[0] == "person"
    assert len(names) == 1 + len(demo().traits) + len(demo().segments)


FUNCTIONS = (
    "first('Quiz Done', topic)", "last('Quiz Done', score)", "most_frequent('Quiz Done', topic)", "year(now())",
    "weekday(now())", "hour(last_at('A'))", "trim(tier)", "starts_with(tier, 'a')", "ends_with(tier, 'a')",
    "contains(tier, 'a')", "random_bucket('x')", "consent('messaging')", "distance(1, 2, 3, 4)", "round(visits, 2)",
    "sum('Quiz Done', points, each => 'answers')", "count('session')", "affinity('brand', 'x')",
    "sequence('A', 'B', within => '1 day')", "absent('A', then => 'B', within => '1 day')",
    "restarted('A', after => '2 days', within => '1 day')", "held(count('A') > 1, for => '3 days')",
    "periods('A', of => 3, every => '7 days')", "regular('A', 2, of => 3, every => '7 days')", "visits % 3",
)  # fmt: skip


@pytest.mark.parametrize("dialect", OTHERS)
@pytest.mark.parametrize("text", FUNCTIONS)
def test_every_function_has_its_spelling(text: str, dialect: Dialect) -> None:
    found = spelled(text, dialect)
    sqlglot.parse_one(found, read=dialect)
    assert not re.search(r"\btb_|\b_[0-9]\b", found.lower())


def test_a_backslash_means_itself_everywhere() -> None:
    pattern = r"tier like 'a\b%'"
    assert r"LIKE 'a\b%'" in spelled(pattern, "duckdb")
    assert r"LIKE 'a\\\\b%'" in spelled(pattern, "spark")  # once for the text, once for the pattern
    assert r"LIKE 'a\\b%'" in spelled(pattern, "snowflake")


def test_duckdb_needs_no_reading_and_keeps_what_is_quoted() -> None:
    assert "'tb_date(1)'" in spelled("tier = 'tb_date(1)'", "duckdb")
    assert "'tb_date(1)'" in spelled("tier = 'tb_date(1)'", "spark")
