"""KPI from the lake, in one SQL statement: the rules of `tailorbird.prove`, for any number of events.

`prove` is the oracle in plain Python; a test holds the two against each other. The steps have the same names there:
offered, signals, heard, first, clicks, touches, valued (the lines), credits, impressions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from tailorbird.events import DAY_MS
from tailorbird.prove.exposure import CLICKED, VIEWED, Windows
from tailorbird.prove.kpi import Kpi
from tailorbird.prove.outcome import ADDED, ORDER
from tailorbird.shell.ports import Lake

# What the rules read of an event; a lake in which no event had one yet has no such column.
_COLUMNS = {
    "properties_decision_id": "VARCHAR",
    "properties_product_id": "VARCHAR",
    "properties_order_id": "VARCHAR",
    "properties_currency": "VARCHAR",
    "properties_products": "VARCHAR",
    "properties_revenue": "DOUBLE",
    "properties_total": "DOUBLE",
}


class ShopDay(NamedTuple):
    """The whole shop on one day, whether anything was recommended or not."""

    day: int
    visitors: int
    orders: int
    revenue: float


def kpi(lake: Lake, start: int, end: int, windows: Windows | None = None) -> list[Kpi]:
    """One `Kpi` a placement and day, a placement, a day, and for everything, of impressions in [start, end) (ms).

    Orders are credited with all touches in mind, those before `start` too.
    """
    windows = windows or Windows()
    numbers = {
        "start": start,
        "end": end,
        "early": windows.early_ms,
        "seen": windows.seen_ms,
        "click": windows.click_ms,
        "outcome": windows.outcome_ms,
        "day": DAY_MS,
        "since": start - windows.outcome_ms - windows.seen_ms - windows.early_ms,
        "until": end + windows.outcome_ms + windows.click_ms,
    }
    return [_kpi(row) for row in lake.query(_KPI.format(source=_source(lake), parsed=_ALL_SHOWN, **_NAMES, **numbers))]


def pages_seen(lake: Lake, start: int, end: int, windows: Windows | None = None) -> Iterator[dict[str, Any]]:
    """Every page that was seen and decided in [start, end) (ms), by person and time of the decision:

    person, decided_at (ms), placement, model, and lists by place: items, scores, propensities (NULL: not logged),
    taken (0 nothing, 1 clicked, 2 clicked and then bought, -1 bought without a click).
    """
    windows = windows or Windows()
    numbers = {
        "end": end,
        "early": windows.early_ms,
        "seen": windows.seen_ms,
        "click": windows.click_ms,
        "outcome": windows.outcome_ms,
        "start": start,
        "since": start - windows.early_ms,
        "until": end + windows.seen_ms + windows.click_ms + windows.outcome_ms,
    }
    yield from lake.query(_PAGES.format(source=_source(lake), parsed=_ALL_SHOWN, **_NAMES, **numbers))


def shop_days(lake: Lake, start: int, end: int) -> list[ShopDay]:
    """Visitors, orders and revenue of the whole shop by day, [start, end) (ms)."""
    sql = _SHOP.format(source=_source(lake), parsed="stated IS NULL", since=start, until=end - 1, day=DAY_MS, **_NAMES)
    return [ShopDay(**row) for row in lake.query(sql)]


def currency(lake: Lake, since: int) -> str:
    """The currency of most orders since then (ms), "" where none names one."""
    sql = _CURRENCY.format(source=_source(lake), since=since, until=since + 4000 * DAY_MS, **_NAMES)
    rows = lake.query(sql)
    return str(rows[0]["currency"]) if rows else ""


def _source(lake: Lake) -> str:
    """The columns that the rules need, NULL where the lake has none."""
    known = {row["column_name"] for row in lake.query("DESCRIBE people_events")}
    return ", ".join(name if name in known else f"CAST(NULL AS {type}) AS {name}" for name, type in _COLUMNS.items())


def _kpi(row: Mapping[str, Any]) -> Kpi:
    return Kpi(**{field.name: row[field.name] for field in fields(Kpi)})


# An order of somebody who was shown nothing, or before the first impression, can be credited to nobody.
_ALL_SHOWN = "moment >= (SELECT min(shown_at) FROM first) AND person IN (SELECT person FROM first)"
_NAMES = {"viewed": VIEWED, "clicked": CLICKED, "ordered": ORDER, "added": ADDED}

_EVENTS = """
events_of AS (
    SELECT event, message_id, log_offset, epoch_ms(timestamp) AS moment, coalesce(person, leaf) AS person, {source}
    FROM people_events
    WHERE type = 'track' AND event IN ('{viewed}', '{clicked}', '{ordered}', '{added}')
      AND timestamp BETWEEN make_timestamp({since} * 1000) AND make_timestamp({until} * 1000)
)"""

# An order is what its first event says. Only those orders are taken apart of which a line is wanted: `{parsed}`.
# JSON is read by hand, not by a schema, so that a product of the wrong shape is left out and harms no other.
_LINES = r"""
orders_of AS (
    SELECT *, coalesce(nullif(properties_order_id, ''), message_id) AS order_id,
           coalesce(properties_revenue, properties_total) AS stated
    FROM events_of WHERE event = '{ordered}'
    QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY moment, log_offset) = 1
),
products AS (
    SELECT *, unnest(CASE WHEN json_valid(properties_products) AND json_type(properties_products) = 'ARRAY'
                          THEN json_extract(properties_products, '$[*]') END) AS product
    FROM orders_of WHERE {parsed}
),
priced AS (
    SELECT *, product ->> '$.product_id' AS item,
           CASE WHEN regexp_full_match(product ->> '$.price', '-?\d+(\.\d+)?([eE][-+]?\d+)?')
                THEN try_cast(product ->> '$.price' AS DOUBLE) END AS price,
           CASE WHEN regexp_full_match(product ->> '$.quantity', '-?\d+(\.\d+)?([eE][-+]?\d+)?')
                THEN try_cast(product ->> '$.quantity' AS DOUBLE) END AS quantity
    FROM products
    WHERE json_type(product) = 'OBJECT' AND json_type(product, '$.product_id') IN ('VARCHAR', 'BIGINT', 'UBIGINT')
),
bought AS (
    SELECT 'bought' AS kind, person, order_id, item, moment, log_offset,
           sum(coalesce(price, 0) * coalesce(quantity, 1)) AS revenue, any_value(stated) AS stated
    FROM priced WHERE item <> '' GROUP BY person, order_id, item, moment, log_offset
),
valued AS (
    SELECT * EXCLUDE (stated), coalesce(stated, sum(revenue) OVER (PARTITION BY order_id)) AS order_value FROM bought
)"""

# What prove/exposure.py says, step by step: the first of each decision, signals that fit one, the first of those.
_SEEN = """
offered AS (
    SELECT id, epoch_ms(decided_at) AS moment, placement, items FROM decisions
    WHERE decided_at BETWEEN make_timestamp({since} * 1000) AND make_timestamp(({end} + {early}) * 1000)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY moment, log_offset) = 1
),
signals AS (
    SELECT properties_decision_id AS decision, person, moment, log_offset,
           CASE WHEN event = '{clicked}' THEN properties_product_id ELSE '' END AS item
    FROM events_of
    WHERE event = '{viewed}' OR event = '{clicked}' AND properties_product_id <> ''
),
heard AS (
    SELECT signals.*, offered.moment AS offered_at, placement, items
    FROM signals JOIN offered ON decision = id
    WHERE len(items) > 0 AND (item = '' OR list_contains(items, item))
),
first AS (
    SELECT decision, placement, person, moment AS shown_at, items FROM heard
    WHERE moment BETWEEN offered_at - {early} AND offered_at + {seen}
    QUALIFY row_number() OVER (PARTITION BY decision ORDER BY moment, log_offset) = 1
),
clicks AS (
    SELECT decision, item, min(heard.moment) AS moment FROM heard JOIN first USING (decision)
    WHERE item <> '' AND heard.moment BETWEEN shown_at AND shown_at + {click} GROUP BY decision, item
),
touches AS (
    SELECT person, unnest(list_distinct(items)) AS item, decision, shown_at AS moment, false AS by_click FROM first
    UNION ALL
    SELECT person, item, decision, moment, true FROM clicks JOIN first USING (decision)
)"""

# Each line to one decision: prove/outcome.py's rule is the order of the last window.
_CREDITS = """
carted AS (
    SELECT 'added' AS kind, person, message_id AS order_id, properties_product_id AS item, moment, log_offset,
           0.0 AS revenue, 0.0 AS order_value
    FROM (FROM events_of WHERE event = '{added}'
          QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY moment, log_offset) = 1)
    WHERE properties_product_id <> ''
),
credits AS (
    SELECT lines.*, decision FROM (FROM valued UNION ALL FROM carted) AS lines
    JOIN touches ON lines.person = touches.person AND lines.item = touches.item
                AND touches.moment BETWEEN lines.moment - {outcome} AND lines.moment
    QUALIFY row_number() OVER (
        PARTITION BY kind, order_id, lines.item ORDER BY by_click DESC, touches.moment DESC, decision DESC) = 1
)"""

# Sums by person first: intervals need their squares (docs/why/082).
_SUMS = """
earned AS (
    SELECT decision, count(*) FILTER (kind = 'added') > 0 AS added, count(*) FILTER (kind = 'bought') > 0 AS bought,
           coalesce(sum(revenue) FILTER (kind = 'bought'), 0) AS revenue
    FROM credits GROUP BY decision
),
impressions AS (
    SELECT decision, placement, shown_at // {day} AS day, person, decision IN (SELECT decision FROM clicks) AS clicked,
           coalesce(added, false) AS added, coalesce(bought, false) AS bought, coalesce(revenue, 0) AS revenue
    FROM first LEFT JOIN earned USING (decision) WHERE shown_at >= {start} AND shown_at < {end}
),
per_person AS (
    SELECT placement, day, grouping(placement, day) AS level, count(*) AS n, sum(clicked::INT) AS c,
           sum(added::INT) AS a, sum(bought::INT) AS b, sum(revenue) AS r
    FROM impressions
    GROUP BY GROUPING SETS ((placement, day, person), (placement, person), (day, person), (person))
),
per_order AS (
    SELECT placement, day, grouping(placement, day) AS level, any_value(order_value) AS value
    FROM credits JOIN impressions USING (decision) WHERE kind = 'bought'
    GROUP BY GROUPING SETS ((placement, day, order_id), (placement, order_id), (day, order_id), (order_id))
),
order_sums AS (
    SELECT placement, day, level, count(*) AS orders, sum(value) AS value, sum(value * value) AS squared
    FROM per_order GROUP BY placement, day, level
),
sums AS (
    SELECT placement, day, level, sum(n)::BIGINT AS impressions, count(*) AS visitors, sum(c)::BIGINT AS clicks,
           sum(a)::BIGINT AS additions, sum(b)::BIGINT AS conversions, sum(r) AS revenue, sum(r * r) AS revenue_squared,
           sum(n * n)::BIGINT AS impressions_squared, sum(c * c)::BIGINT AS clicks_squared,
           sum(n * c)::BIGINT AS clicks_product, sum(b * b)::BIGINT AS conversions_squared,
           sum(n * b)::BIGINT AS conversions_product
    FROM per_person GROUP BY placement, day, level
)"""

# Names and whole numbers of our own are all that is ever put in; nothing here comes from outside.
_KPI = f"""
WITH {_EVENTS}, {_SEEN}, {_LINES}, {_CREDITS}, {_SUMS}
SELECT sums.*, coalesce(orders, 0) AS orders, coalesce(value, 0) AS order_value,
       coalesce(squared, 0) AS order_value_squared
FROM sums LEFT JOIN order_sums ON sums.level = order_sums.level
     AND sums.placement IS NOT DISTINCT FROM order_sums.placement AND sums.day IS NOT DISTINCT FROM order_sums.day
ORDER BY sums.placement NULLS LAST, sums.day NULLS LAST
"""  # noqa: S608

_PAGES = f"""
WITH {_EVENTS}, {_SEEN}, {_LINES}, {_CREDITS},
clicked_items AS (SELECT decision, list(item) AS clicked FROM clicks GROUP BY decision),
bought_items AS (SELECT decision, list(item) AS bought FROM credits WHERE kind = 'bought' GROUP BY decision)
SELECT first.person, epoch_ms(decided_at) AS decided_at, decisions.placement, model, decisions.items, scores,
       CASE WHEN probability = 1 THEN list_transform(decisions.items, lambda item: 1.0)
            WHEN len(propensities) = len(decisions.items) THEN propensities END AS propensities,
       list_transform(decisions.items, lambda item:
           list_contains(coalesce(clicked, []), item)::INT * (1 + list_contains(coalesce(bought, []), item)::INT)
           - (list_contains(coalesce(bought, []), item) AND NOT list_contains(coalesce(clicked, []), item))::INT
       ) AS taken
FROM first JOIN decisions ON decisions.id = first.decision
     LEFT JOIN clicked_items USING (decision) LEFT JOIN bought_items USING (decision)
WHERE epoch_ms(decided_at) >= {{start}} AND epoch_ms(decided_at) < {{end}}
QUALIFY row_number() OVER (PARTITION BY decisions.id ORDER BY decided_at, decisions.log_offset) = 1
ORDER BY first.person, decided_at, decisions.id
"""  # noqa: S608

_SHOP = f"""
WITH {_EVENTS}, {_LINES},
summed AS (SELECT order_id, any_value(order_value) AS value FROM valued GROUP BY 1),
per_day AS (
    SELECT moment // {{day}} AS day, count(*) AS orders, sum(coalesce(stated, value, 0)) AS revenue
    FROM orders_of LEFT JOIN summed USING (order_id) GROUP BY 1
)
SELECT epoch_ms(date_trunc('day', timestamp)) // {{day}} AS day, count(DISTINCT coalesce(person, leaf)) AS visitors,
       coalesce(any_value(orders), 0) AS orders, coalesce(any_value(per_day.revenue), 0.0) AS revenue
FROM people_events LEFT JOIN per_day ON per_day.day = epoch_ms(date_trunc('day', timestamp)) // {{day}}
WHERE timestamp BETWEEN make_timestamp({{since}} * 1000) AND make_timestamp({{until}} * 1000)
GROUP BY 1 ORDER BY 1
"""  # noqa: S608

_CURRENCY = f"""
WITH {_EVENTS} SELECT properties_currency AS currency FROM events_of
WHERE event = '{{ordered}}' AND properties_currency <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""  # noqa: S608
