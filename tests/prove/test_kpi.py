"""What each figure counts."""

from tailorbird.events import DAY_MS
from tailorbird.prove.exposure import Shown
from tailorbird.prove.kpi import Kpi, kpis
from tailorbird.prove.outcome import Line, credit

HOME = Shown("d1", "home", b"P", 5, ("a",), {"a": 6})
CART = Shown("d2", "cart", b"P", 7, ("b",))
LATER = Shown("d3", "home", b"Q", DAY_MS + 5, ("a", "b"))
LINES = [
    Line("bought", b"P", "o1", "a", 10, 3.0, 20.0),
    Line("bought", b"P", "o1", "b", 10, 4.0, 20.0),
    Line("added", b"Q", "m9", "b", DAY_MS + 9, 0.0, 0.0),
]


def by_key(shown: list[Shown]) -> dict[tuple, Kpi]:
    return {(k.placement, k.day): k for k in kpis(shown, credit(shown, LINES))}


def test_a_day_belongs_to_the_impression():
    assert [(k.placement, k.day) for k in by_key([HOME, LATER]).values()] == [
        ("home", 0),
        ("home", 1),
        ("home", None),
        (None, 0),
        (None, 1),
        (None, None),
    ]


def test_a_person_who_saw_two_placements_is_one_visitor_in_all():
    rows = by_key([HOME, CART])
    assert (rows["home", None].visitors, rows["cart", None].visitors, rows[None, None].visitors) == (1, 1, 1)


def test_an_order_of_two_placements_is_one_order_in_all():
    rows = by_key([HOME, CART])
    assert (rows["home", None].orders, rows["cart", None].orders, rows[None, None].orders) == (1, 1, 1)
    assert (rows["home", None].revenue, rows["cart", None].revenue, rows[None, None].revenue) == (3.0, 4.0, 7.0)
    assert rows[None, None].aov.value == 20.0


def test_a_cart_addition_is_no_conversion():
    later = by_key([LATER])["home", None]
    assert (later.additions, later.conversions, later.revenue) == (1, 0, 0.0)


def test_revenue_per_visitor_counts_those_who_bought_nothing():
    assert by_key([HOME, LATER])["home", None].revenue_per_visitor.value == 1.5


def test_ctr_counts_an_impression_with_two_clicks_once():
    twice = Shown("d4", "home", b"P", 5, ("a", "b"), {"a": 6, "b": 7})
    assert by_key([twice])["home", None].ctr.value == 1.0


def test_nothing_shown_gives_no_rows():
    assert kpis([], []) == []
