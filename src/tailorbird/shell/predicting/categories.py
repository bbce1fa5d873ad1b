"""What `next_category()` learns from: a row for each person and each category that they may buy from next.

Of everyone their own categories of a year, the most bought first; true where the next order within 30 days has one of
its products. People who did not order again teach nothing about what they would have bought.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS
from tailorbird.know.predict.cuts import Cuts
from tailorbird.know.predict.question import NEXT_ORDER_DAYS
from tailorbird.shell.ports import Lake

Matrix = NDArray[np.float64]
CANDIDATES = 8  # categories of each person
FEATURES = (
    "orders_28d", "orders_90d", "orders_365d", "share_90d", "share_365d", "days_since", "due", "all_orders_90d",
    "all_orders_365d", "days_since_order", "popularity", "place",
)  # fmt: skip
RULE = "share_365d"  # a rule of thumb: what they bought most often

_PAIRS = """
WITH orders AS MATERIALIZED (
    SELECT coalesce(person, leaf) AS person, epoch_ms(least(timestamp, received_at)) AS happened_at, log_offset AS id,
        list_distinct(json_extract_string(CAST(properties_products AS JSON), '$[*].category')) AS categories
    FROM people_events WHERE type = 'track' AND event = 'Order Completed' AND json_valid(properties_products)
        AND substr(hex(coalesce(person, leaf)), 1, 8) <= '{border}'),
cuts AS (SELECT unnest([{cuts}]) AS cut),
lines AS (SELECT * FROM (SELECT person, happened_at, unnest(categories) AS category FROM orders)
    WHERE category IS NOT NULL AND category <> ''),
counted AS (
    SELECT cut, person, category, count(*) AS orders_365d, max(happened_at) AS last_at,
        count(*) FILTER (happened_at >= cut - 28 * {day}) AS orders_28d,
        count(*) FILTER (happened_at >= cut - 90 * {day}) AS orders_90d
    FROM lines JOIN cuts ON happened_at < cut AND happened_at >= cut - 365 * {day} GROUP BY ALL),
totals AS (
    SELECT cut, person, count(*) AS all_orders_365d, max(happened_at) AS last_order,
        count(*) FILTER (happened_at >= cut - 90 * {day}) AS all_orders_90d
    FROM orders JOIN cuts ON happened_at < cut AND happened_at >= cut - 365 * {day} GROUP BY ALL),
everyone AS (SELECT cut, sum(all_orders_365d) AS orders FROM totals GROUP BY cut),
popular AS (SELECT cut, category, sum(orders_365d) AS orders FROM counted GROUP BY ALL),
placed AS (
    SELECT *, row_number() OVER (
        PARTITION BY cut, person ORDER BY orders_365d + orders_90d DESC, last_at DESC, category) AS place
    FROM counted QUALIFY place <= {candidates}),
following AS (
    SELECT cut, person, arg_min(categories, (happened_at, id)) AS categories
    FROM orders JOIN cuts ON happened_at >= cut AND happened_at < cut + {span} * {day} GROUP BY ALL)
SELECT cut, person, category, orders_28d, orders_90d, placed.orders_365d AS orders_365d,
    orders_90d / nullif(all_orders_90d, 0) AS share_90d, placed.orders_365d / all_orders_365d AS share_365d,
    (cut - last_at) / {day} AS days_since, (cut - last_at) / {day} * placed.orders_365d / 365 AS due,
    all_orders_90d, all_orders_365d, (cut - last_order) / {day} AS days_since_order,
    popular.orders / everyone.orders AS popularity, place,
    CASE WHEN following.person IS NOT NULL THEN list_contains(following.categories, category) END AS came
FROM placed JOIN totals USING (cut, person) JOIN everyone USING (cut) JOIN popular USING (cut, category)
LEFT JOIN following USING (cut, person) ORDER BY cut, person, place"""


def pairs_at(lake: Lake, instants: Iterable[int], share: float = 1.0) -> Sequence[Mapping[str, Any]]:
    """Everyone's candidates at each instant (ms) with `FEATURES`, and `came` where an order followed; else NULL."""
    # No order ever came: the column is not there, and SQL would refuse its name.
    if "properties_products" not in lake.columns():
        return []
    return lake.query(
        _PAIRS.format(
            cuts=", ".join(map(str, instants)),
            border=f"{int(share * 0xFFFFFFFF):08X}",
            day=f"{DAY_MS}::BIGINT",
            candidates=CANDIDATES,
            span=NEXT_ORDER_DAYS,
        )
    )


def values_of(rows: Sequence[Mapping[str, Any]]) -> Matrix:
    """The features of pairs, as the trees will read them."""
    found = [[float("nan") if row[name] is None else float(row[name]) for name in FEATURES] for row in rows]
    # Through float32, as the trees will read them: what is learned lies on the same side of each threshold later.
    values: Matrix = np.array(found, np.float64).reshape(len(rows), len(FEATURES)).astype(np.float32).astype(np.float64)
    return values


def groups_of(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.int64]:
    """Where the candidates of one person at one instant begin: rows stand in order."""
    keys = [(row["cut"], bytes(row["person"])) for row in rows]
    return np.array([place for place, key in enumerate(keys) if not place or key != keys[place - 1]], np.int64)


def best_of(starts: NDArray[np.int64], said: Matrix) -> NDArray[np.int64]:
    """The row of each group that is told most; of equal ones the first.

    >>> best_of(np.array([0, 2]), np.array([0.1, 0.3, 0.2, 0.2])).tolist()
    [1, 2]
    """
    ends = [*starts[1:].tolist(), len(said)]
    return np.array([start + int(np.argmax(said[start:end])) for start, end in zip(starts.tolist(), ends, strict=True)])


def instants_of(cuts: Cuts) -> list[int]:
    """The first ms of each cut's day."""
    return [day * DAY_MS for day in cuts.days]
