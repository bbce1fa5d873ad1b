"""The SQL over the lake and the plain Python of `prove` are two tellings of the same rules."""

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, HOUR_MS, Decided, Event, Identifier
from tailorbird.prove.exposure import join, signal_of
from tailorbird.prove.kpi import Kpi, kpis
from tailorbird.prove.outcome import credit, first_of_each_order, lines_of
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.measure import currency, kpi, shop_days
from tailorbird.shell.ports import LinkChange

NOON = 20_000 * DAY_MS + 12 * HOUR_MS
ANN, ANN_PHONE, BOB = (bytes([n]) * 16 for n in (1, 2, 3))
PEOPLE = {ANN: b"person-of-ann-16", ANN_PHONE: b"person-of-ann-16", BOB: BOB}  # Bob has no link yet
ITEMS = ["a", "b", "7"]

moments = st.sampled_from([0, 1, 60_000, HOUR_MS, DAY_MS, DAY_MS + 1, 7 * DAY_MS, 7 * DAY_MS + 60_000]).flatmap(
    lambda base: st.integers(-2, 2).map(lambda shift: NOON + base + shift * 30_000)
)
numbers = st.one_of(st.integers(0, 5), st.sampled_from([0.5, 2.25, "3", "1.50", "1,5", "", None, True, "nan"]))
products = st.one_of(
    st.none(),
    st.lists(
        st.one_of(
            st.sampled_from([None, 3, "text", {}]),
            st.fixed_dictionaries(
                {"product_id": st.sampled_from([*ITEMS, 7, None, "", True, 1.5])},
                optional={"price": numbers, "quantity": numbers},
            ),
        ),
        max_size=3,
    ),
)
decision_ids = st.sampled_from(["d1", "d2", "d3", "d9"])
properties = {
    "Recommendation Viewed": st.fixed_dictionaries({"decision_id": decision_ids}),
    "Recommendation Clicked": st.fixed_dictionaries(
        {"decision_id": decision_ids}, optional={"product_id": st.sampled_from([*ITEMS, "z", ""])}
    ),
    "Product Added": st.fixed_dictionaries({}, optional={"product_id": st.sampled_from(ITEMS)}),
    "Order Completed": st.fixed_dictionaries(
        {},
        optional={
            "order_id": st.sampled_from(["o1", "o2", ""]),
            "products": products,
            "revenue": st.sampled_from([0.0, 9.5]),
            "total": st.sampled_from([4.25]),
        },
    ),
}


@st.composite
def happenings(draw) -> tuple[list[Decided], list[Event]]:
    offered = [
        Decided(name, draw(moments), ANN, draw(st.sampled_from(["home", "cart"])), items, [], [], "popular", 1.0, "")
        for name in ("d1", "d2", "d3")
        for items in [draw(st.lists(st.sampled_from(ITEMS), unique=True, max_size=3))]
    ]
    names = draw(st.lists(st.sampled_from(list(properties)), max_size=14))
    return offered, [_event(draw, at, name) for at, name in enumerate(names)]


def _event(draw, at: int, name: str) -> Event:
    leaf, when = draw(st.sampled_from(list(PEOPLE))), draw(moments)
    told = {key: value for key, value in draw(properties[name]).items() if value is not None}
    return Event("web", f"m{at}", "track", name, leaf, [Identifier("userId", leaf)], when, when, told, {}, {}, {}, b"")


def by_python(offered: list[Decided], events: list[Event], start: int, end: int) -> list[Kpi]:
    signals = [signal_of(event, PEOPLE[event.leaf], at) for at, event in enumerate(events)]
    shown = join(offered, [signal for signal in signals if signal]).shown
    lines = first_of_each_order(lines_of(event, PEOPLE[event.leaf]) for event in events)
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
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(happenings())
def test_sql_over_the_lake_says_what_plain_python_says(happened):
    start, end = NOON - 10 * DAY_MS, NOON + 20 * DAY_MS
    with tempfile.TemporaryDirectory() as folder:
        lake = sealed(Path(folder), *happened)
        measured = as_dicts(kpi(lake, start, end))
        lake.close()
    assert measured == [pytest.approx(row) for row in as_dicts(by_python(*happened, start, end))]


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
