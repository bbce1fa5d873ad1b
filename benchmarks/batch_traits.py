"""All traits of the demo site over 20 M events: the compiled query beside one written by hand, on the same Parquet.

The hand's query is what an analyst would write for the same numbers in DuckDB: one pass over the events, one over the
products of orders, one for the favourites of each kind.
"""

import tempfile
import time
from dataclasses import replace
from importlib.resources import files
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import yaml

from benchmarks.table import Row, row, side_by_side
from tailorbird.collect.plan import TrackingPlan
from tailorbird.events import DAY_MS
from tailorbird.know.language.prediction import model_of
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Program
from tailorbird.know.sql.compiled import compile_sql
from tailorbird.shell.demo.plan import DEMO_PLAN

EVENTS, PEOPLE, ROUNDS = 20_000_000, 200_000, 2
NOW = 1_790_000_000_000
BUDGET = 1.5


def run() -> list[Row]:
    program = demo_traits()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        database.execute(f"SET threads = 2; SET memory_limit = '4GB'; SET temp_directory = '{folder}/spill'")
        generate(database, Path(folder) / "history.parquet")
        database.execute(f"CREATE VIEW history AS FROM '{folder}/history.parquet'")
        queries = {"ours": compile_sql(program, now=NOW), "theirs": BY_HAND}
        took: dict[str, list[float]] = {name: [] for name in queries}
        for _ in range(ROUNDS):
            for name, sql in queries.items():
                took[name].append(seconds(database, name, sql))
        assert_same(database, program)
    figure, baseline = side_by_side(took["ours"], took["theirs"])
    promise = f"all {len(program.traits)} demo traits over 20 M events, beside SQL written by hand"
    return [row(promise, figure, "s", f"<= {BUDGET} x", figure <= BUDGET * baseline, baseline)]


def demo_traits() -> Program:
    """The traits that `tailorbird demo` comes with, but for those that only read what a model said."""
    text = (files("tailorbird") / "shell/demo/site/traits.yaml").read_text()
    program = check(yaml.safe_load(text), {}, schema_of(TrackingPlan.load(DEMO_PLAN)))
    return replace(program, traits=tuple(one for one in program.traits if not model_of(one.expression)))


def generate(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """So many events of a year: every tenth an order of three products."""
    database.execute(f"COPY ({_EVENTS.format(events=EVENTS, people=PEOPLE, start=NOW - 365 * DAY_MS)}) TO '{path}'")


# `i * a % b` for chance: quick, and the same in every run.
_EVENTS = """
SELECT ('person ' || lpad((i * 7919 % {people})::VARCHAR, 9, '0'))::BLOB AS person,
    {start} + i * 1577 % 31536000000 AS happened_at,
    ['Product Viewed', 'Product Viewed', 'Product Viewed', 'Product Viewed', 'Product Added', 'Product Added',
     'page', 'Campaign Received', 'Coupon Redeemed', 'Order Completed'][1 + kind] AS name,
    CASE WHEN kind = 9 THEN (i // 10 * 31 % 9000) / 100e0 END AS properties_revenue__number,
    CASE WHEN kind = 9 THEN (i // 10 * 17 % 500) / 100e0 END AS properties_discount__number,
    CASE WHEN kind = 9 THEN 'store ' || (i // 10 * 13 % 40) END AS properties_affiliation__text,
    CASE WHEN kind >= 7 THEN {start} - 283996800000 + i * 1577 % 31536000000 END
        AS properties_original_timestamp__time,
    CASE WHEN kind = 9 THEN [
        {{'brand__text': brands[1 + i // 10 % 4], 'category__text': 'category ' || (i // 10 * 37 % 200)}},
        {{'brand__text': brands[1 + i // 30 % 4], 'category__text': aisles[1 + i // 10 % 6]}},
        {{'brand__text': brands[1 + i // 70 % 4], 'category__text': 'category ' || (i // 10 * 11 % 200)}}
    ] END AS properties_products
FROM (SELECT i, (i * 7919 // {people} + i) % 10 AS kind, ['Homeward', 'National', 'Oak', 'Elm'] AS brands,
    ['Apples', 'Milk', 'Berries', 'Bread', 'Herbs', 'Soap'] AS aisles FROM range({events}) AS numbers(i))
"""


def seconds(database: duckdb.DuckDBPyConnection, table: str, sql: str) -> float:
    started = time.perf_counter()
    database.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")
    return time.perf_counter() - started


def assert_same(database: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Both must tell the same, or one of them did less work."""
    columns = ", ".join(f"trait_{one.name}" for one in program.traits)
    some = "WHERE person IN (SELECT person FROM ours ORDER BY person LIMIT 500) ORDER BY person"
    ours, theirs = (
        database.execute(f"SELECT {columns} FROM {table} {some}").fetchall() for table in ("ours", "theirs")
    )
    assert len(ours) == len(theirs) == 500
    for mine, other in zip(ours, theirs, strict=True):
        assert all(map(near, mine, other)), (mine, other)


def near(one: Any, other: Any) -> bool:
    return isclose(one, other, rel_tol=1e-9) if isinstance(one, float) and other is not None else bool(one == other)


_DAY = NOW // DAY_MS * DAY_MS
_WEEK = NOW // (7 * DAY_MS)
_FRESH = """'Tropical Fruit', 'Apples', 'Grapes', 'Citrus', 'Berries', 'Melons', 'Stone Fruit', 'Pears', 'Cut Fruit',
    'Potatoes', 'Onions', 'Tomatoes', 'Carrots', 'Peppers', 'Mushrooms', 'Squash', 'Corn', 'Herbs',
    'Broccoli & Cauliflower', 'Fresh Vegetables', 'Salad Mix', 'Lettuce & Salad Greens', 'Cut Vegetables',
    'Organic Produce'"""

BY_HAND = f"""
WITH events AS (
    SELECT *, name = 'Order Completed' AS bought, happened_at >= {_DAY - 29 * DAY_MS} AS d30,
        happened_at >= {_DAY - 89 * DAY_MS} AS d90, happened_at >= {_DAY - 179 * DAY_MS} AS d180,
        happened_at >= {_DAY - 364 * DAY_MS} AS d365, happened_at // {7 * DAY_MS} AS week
    FROM history WHERE happened_at <= {NOW}
),
people AS (
    SELECT person,
        count(*) FILTER (bought AND d90)::DOUBLE AS orders_90d,
        coalesce(sum(properties_revenue__number) FILTER (bought AND d30), 0) AS spend_30d,
        coalesce(sum(properties_revenue__number) FILTER (bought AND d90), 0) AS spend_90d,
        coalesce(sum(properties_revenue__number) FILTER (bought AND d365), 0) AS spend_365d,
        avg(properties_revenue__number) FILTER (bought AND d180) AS average_basket,
        count(DISTINCT CASE WHEN bought AND week > {_WEEK - 12} THEN week END) AS active_weeks,
        floor(({NOW} - max(happened_at) FILTER (bought)) / {DAY_MS}) AS days_since_order,
        sum(properties_discount__number) FILTER (bought AND d90) AS saved,
        count(*) FILTER (bought AND d180) AS orders_180d,
        count(*) FILTER (bought AND d180 AND isodow(make_timestamp(properties_original_timestamp__time * 1000)) >= 6)
            AS weekend,
        count(*) FILTER (name = 'Coupon Redeemed' AND d180)::DOUBLE AS coupons_180d,
        count(*) FILTER (name = 'Campaign Received' AND d180)::DOUBLE AS mailings_180d
    FROM events GROUP BY person
),
lines AS (SELECT person, unnest(properties_products) AS line FROM events WHERE bought AND d90),
baskets AS (
    SELECT person, count(*) AS lines, count(*) FILTER (line.brand__text = 'Homeward') AS own,
        count(*) FILTER (line.category__text IN ({_FRESH})) AS fresh, count(DISTINCT line.category__text) AS aisles
    FROM lines GROUP BY person
),
aisles AS (
    SELECT person, arg_min(aisle, (-times, aisle)) AS favourite
    FROM (SELECT person, line.category__text AS aisle, count(*) AS times FROM lines GROUP BY ALL) GROUP BY person
),
stores AS (
    SELECT person, arg_min(store, (-times, store)) AS favourite
    FROM (SELECT person, properties_affiliation__text AS store, count(*) AS times FROM events
          WHERE bought AND d180 GROUP BY ALL) GROUP BY person
)
SELECT person, orders_90d AS trait_orders_90d, spend_90d AS trait_spend_90d, spend_365d AS trait_spend_365d,
    average_basket AS trait_average_basket, active_weeks AS trait_active_weeks,
    days_since_order AS trait_days_since_order, 3 * spend_30d / nullif(spend_90d, 0) AS trait_spend_trend,
    coalesce(lines, 0) AS trait_lines_90d, own / nullif(lines, 0) AS trait_own_brand_share,
    fresh / nullif(lines, 0) AS trait_fresh_share, saved / nullif(spend_90d + saved, 0) AS trait_saved_share,
    coalesce(baskets.aisles, 0) AS trait_aisles_90d, aisles.favourite AS trait_favourite_aisle,
    stores.favourite AS trait_favourite_store, weekend / nullif(orders_180d, 0) AS trait_weekend_share,
    coupons_180d AS trait_coupons_180d, mailings_180d AS trait_mailings_180d,
    0.5 * active_weeks / 12 + coalesce(0.3 * least(spend_90d / 1200, 1), 0)
        + 0.2 * coalesce(power(0.5, days_since_order / 14), 0) AS trait_loyalty
FROM people LEFT JOIN baskets USING (person) LEFT JOIN aisles USING (person) LEFT JOIN stores USING (person)
"""
