"""The SQL over the lake and the plain Python of `prove` are two tellings of the same rules."""

import dataclasses
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, HOUR_MS, Decided, Event, Identifier
from tailorbird.prove.exposure import join, signal_of
from tailorbird.prove.kpi import Kpi, kpis
from tailorbird.prove.outcome import basket_of, credit, first_of_each_order
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.measure import currency, kpi, pages_seen, shop_days
from tailorbird.shell.ports import LinkChange

NOON = 20_000 * DAY_MS + 12 * HOUR_MS
ANN, ANN_PHONE, BOB = (bytes([n]) * 16 for n in (1, 2, 3))
PEOPLE = {ANN: b"person-of-ann-16", ANN_PHONE: b"person-of-ann-16", BOB: BOB}  # Bob has no link yet
ITEMS = ["a", "b", "7"]

GAPS = [*[60_000, HOUR_MS] * 6, 0, 1, DAY_MS - 1, DAY_MS, DAY_MS + 1, 7 * DAY_MS, 7 * DAY_MS + 60_000]
PRODUCT_IDS = [*ITEMS, *ITEMS, 7, None, "", True, 1.5]
NUMBERS = [0, 1, 2, 2.25, "3", "1.50", "1,5", "", None, True, "nan"]


def happenings(seed: int) -> tuple[list[Decided], list[Event]]:
    """Decisions and what people did about them: mostly sensible, at the edges of the windows, sometimes malformed."""
    chance = random.Random(seed)
    offered = [
        Decided(
            f"d{at}",
            moment(chance),
            ANN,
            placement,
            chance.sample(ITEMS, chance.choice([0, 2, 3, 3])),
            [],
            [],
            "",
            1.0,
            "",
        )
        for at, placement in enumerate(["home", "home", "cart", "cart", "home"])
    ]
    return offered, [happening(chance, at) for at in range(chance.randint(0, 80))]


def happening(chance: random.Random, at: int) -> Event:
    name, when = chance.choice(["Recommendation Viewed", *TELLS]), moment(chance)
    leaf = chance.choice([ANN, ANN, ANN_PHONE, BOB])
    told = {"decision_id": f"d{chance.randint(0, 6)}", "product_id": chance.choice([*ITEMS, "z", ""])}
    told |= {"products": [product(chance) for _ in range(chance.randint(0, 3))]} | TELLS.get(name, lambda _: {})(chance)
    told = {key: value for key, value in told.items() if value is not None}
    return Event("web", f"m{at}", "track", name, leaf, [Identifier("userId", leaf)], when, when, told, {}, {}, {}, b"")


TELLS = {
    "Recommendation Clicked": lambda chance: {"product_id": chance.choice([*ITEMS, "z", "", None])},
    "Product Added": lambda chance: {"product_id": chance.choice([*ITEMS, None])},
    "Order Completed": lambda chance: {
        "order_id": chance.choice([None, "", "o1", "o2", "o3", "o4"]),
        "revenue": chance.choice([None, None, 0.0, 9.5]),
        "total": chance.choice([None, 4.25]),
    },
}


def product(chance: random.Random) -> Any:
    if chance.random() < 0.1:
        return chance.choice([None, 3, "text", {}])
    return {
        "product_id": chance.choice(PRODUCT_IDS),
        "price": chance.choice(NUMBERS),
        "quantity": chance.choice(NUMBERS),
    }


def moment(chance: random.Random) -> int:
    return NOON + chance.choice(GAPS) + 30_000 * chance.randint(-2, 2)


def by_python(offered: list[Decided], events: list[Event], start: int, end: int) -> list[Kpi]:
    signals = [signal_of(event, PEOPLE[event.leaf], at) for at, event in enumerate(events)]
    shown = join(offered, [signal for signal in signals if signal]).shown
    lines = first_of_each_order(basket_of(event, PEOPLE[event.leaf]) for event in events)
    return kpis([one for one in shown if start <= one.at < end], credit(shown, list(lines)))


def sealed(folder: Path, offered: list[Decided], events: list[Event]) -> ParquetLake:
    lake = ParquetLake(folder)
    records = [*offered, *events]
    links = [LinkChange(leaf, PEOPLE[leaf], 1, NOON) for leaf in (ANN, ANN_PHONE)]
    lake.seal([(10 * at + 10, record) for at, record in enumerate(records)], links, 10 * len(records) + 10)
    return lake


def as_dicts(rows: list[Kpi]) -> list[dict]:
    return [dataclasses.asdict(row) for row in rows]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_sql_over_the_lake_says_what_plain_python_says(seed):
    start, end = NOON - 10 * DAY_MS, NOON + 20 * DAY_MS
    with tempfile.TemporaryDirectory() as folder:
        lake = sealed(Path(folder), *happenings(seed))
        measured = as_dicts(kpi(lake, start, end))
        lake.close()
    assert measured == [pytest.approx(row) for row in as_dicts(by_python(*happenings(seed), start, end))]


def test_the_comparison_covers_clicks_orders_and_additions():
    totals = [rows[-1] for seed in range(60) if (rows := by_python(*happenings(seed), 0, 2 * NOON))]
    assert sum(one.clicks for one in totals) > 50 and sum(one.additions for one in totals) > 30
    assert sum(one.conversions for one in totals) > 30 and sum(one.revenue for one in totals) > 100


def bought(order: str, item: str, at: int, revenue: float) -> Event:
    told = {"order_id": order, "revenue": revenue, "currency": "EUR", "products": [{"product_id": item, "price": 2}]}
    return Event("web", order, "track", "Order Completed", ANN, [], at, at, told, {}, {}, {}, b"")


def viewed(decision: str, at: int) -> Event:
    told = {"decision_id": decision}
    return Event("web", f"v{decision}", "track", "Recommendation Viewed", ANN, [], at, at, told, {}, {}, {}, b"")


def test_an_impression_before_the_range_still_keeps_its_order(tmp_path):
    before, inside = (
        Decided(f"d{at}", at, ANN, "home", ["a"], [], [], "popular", 1.0, "") for at in (NOON, NOON + 9000)
    )
    clicked = {"decision_id": before.id, "product_id": "a"}
    click = Event("web", "c", "track", "Recommendation Clicked", ANN, [], NOON, NOON, clicked, {}, {}, {}, b"")
    lake = sealed(
        tmp_path, [before, inside], [click, viewed(inside.id, NOON + 9000), bought("o1", "a", NOON + 9999, 5)]
    )
    assert [(row.impressions, row.conversions) for row in kpi(lake, NOON + 1, NOON + DAY_MS)][-1] == (1, 0)


def test_the_whole_shop_is_counted_whether_shown_anything_or_not(tmp_path):
    lake = sealed(tmp_path, [], [bought("o1", "a", NOON, 5.0), bought("o2", "b", NOON + 1, 7.0)])
    assert [tuple(day) for day in shop_days(lake, NOON, NOON + DAY_MS)] == [(20_000, 1, 2, 12.0)]
    assert currency(lake, NOON) == "EUR"


def test_an_empty_lake_has_no_figures(tmp_path):
    assert kpi(ParquetLake(tmp_path), 0, NOON) == []
    assert shop_days(ParquetLake(tmp_path), 0, NOON) == []


def pages_by_python(offered: list[Decided], events: list[Event]) -> list[tuple]:
    signals = [signal_of(event, PEOPLE[event.leaf], at) for at, event in enumerate(events)]
    shown = join(offered, [signal for signal in signals if signal]).shown
    lines = first_of_each_order(basket_of(event, PEOPLE[event.leaf]) for event in events)
    bought = {(one.decision, one.line.item) for one in credit(shown, list(lines)) if one.line.kind == "bought"}
    label = {(True, False): 1, (True, True): 2, (False, True): -1, (False, False): 0}
    at = {one.id: one.at for one in offered}
    return sorted(
        (one.person, at[one.decision], one.items,
         tuple(label[item in one.clicked, (one.decision, item) in bought] for item in one.items))
        for one in shown
    )  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_pages_that_were_seen_say_what_plain_python_says(seed):
    with tempfile.TemporaryDirectory() as folder:
        lake = sealed(Path(folder), *happenings(seed))
        rows = list(pages_seen(lake, NOON - 10 * DAY_MS, NOON + 20 * DAY_MS))
        lake.close()
    found = [(bytes(r["person"]), r["decided_at"], tuple(r["items"]), tuple(r["taken"])) for r in rows]
    assert sorted(found) == pages_by_python(*happenings(seed))


def test_pages_tell_propensities_where_they_were_logged(tmp_path):
    offers = [Decided(f"d{p}", NOON, ANN, "home", ["a", "b"], [], [2.0, 1.0], "popular", p, "", chances)
              for p, chances in ((1.0, []), (0.5, []), (0.2, [0.8, 0.1]))]  # fmt: skip
    lake = sealed(tmp_path, offers, [viewed(offer.id, NOON + 1) for offer in offers])
    rows = {row["propensities"] and tuple(row["propensities"]) for row in pages_seen(lake, NOON, NOON + 1)}
    assert rows == {(1.0, 1.0), None, (0.8, 0.1)}
    lake.close()
