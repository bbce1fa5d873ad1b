"""The oracle, held against what anyone can count by hand."""

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.language import tree as t
from tailorbird.testing.histories import START, event
from tailorbird.testing.slow_segments import View, evaluate, members, view_of

ANNA = [("userId", "anna")]
PERSON = b"p" * 16
VIEWED, ORDERED = t.Events("Product Viewed"), t.Events("Order Completed")
TRUE, FALSE, NULL = (t.Constant(value, "boolean") for value in (True, False, None))
PRICE = t.Property("properties", ("price",), "number")


def seen(*what, name="Product Viewed"):
    """Events `hours` after START, each with its properties."""
    return [
        event(n, ANNA, name, at=START + int(hours * HOUR_MS), properties=said) for n, (hours, said) in enumerate(what)
    ]


def value(node, events=(), hours=0.0, **more):
    now = START + int(hours * HOUR_MS)
    return evaluate(node, View(PERSON, list(events), now, **more).at(now))


def aggregate(function, events=VIEWED, price=PRICE, window=None):
    return t.Aggregate(function, events, price, window, "number")


def test_three_valued_logic_is_that_of_sql():
    assert [value(t.And((NULL, x))) for x in (TRUE, FALSE, NULL)] == [None, False, None]
    assert [value(t.Or((NULL, x))) for x in (TRUE, FALSE, NULL)] == [True, None, None]
    assert [value(t.Not(x)) for x in (TRUE, FALSE, NULL)] == [False, True, None]


def test_miss_among_options_with_null_is_unknown():
    one, two = t.Constant(1.0, "number"), t.Constant(2.0, "number")
    none = t.Constant(None, "number")
    assert value(t.In(one, (two, one, none))) is True
    assert value(t.In(one, (two, none))) is None
    assert value(t.In(none, (one,))) is None


def test_windows_end_at_the_edges_of_granules():
    day = t.Window(2 * DAY_MS, DAY_MS)
    count = t.Aggregate("count", VIEWED, None, day, "number")
    assert value(count, seen((0, {})), 47) == 1
    assert value(count, seen((0, {})), 48) == 0


def test_aggregates_leave_out_what_has_no_value():
    events = seen((0, {"price": 2.0}), (1, {}), (2, {"price": "dear"}), (3, {"price": 5}))
    names = ("count", "sum", "avg", "min", "max", "first", "last", "distinct")
    assert [value(aggregate(name), events, 9) for name in names] == [2, 7.0, 3.5, 2.0, 5.0, 2.0, 5.0, 2]


def test_aggregates_over_nothing_are_null_but_counts():
    names = ("sum", "avg", "min", "max", "first", "last", "most_frequent", "first_at", "last_at")
    assert [value(aggregate(name)) for name in names] == [None] * 9
    assert [value(aggregate(name)) for name in ("count", "distinct")] == [0, 0]


def test_of_one_time_the_smallest_is_first_and_the_largest_last():
    events = seen((1, {"price": 4.0}), (1, {"price": 3.0}), (1, {"price": 5.0}))
    assert [value(aggregate(name), events, 2) for name in ("first", "last")] == [3.0, 5.0]


def test_most_frequent_takes_the_smaller_of_equals():
    events = seen(*((hour, {"price": price}) for hour, price in enumerate([4.0, 3.0, 3.0, 4.0, 9.0])))
    assert value(aggregate("most_frequent"), events, 9) == 3.0


def test_nothing_happened_after_it_was_heard_of():
    early = [event(1, ANNA, at=START + 9 * HOUR_MS, received_at=START)]
    assert value(aggregate("last_at", price=None), early) == START


def test_elements_count_each_where_the_array_has_objects():
    orders = seen(
        (0, {"products": [{"price": 1.0}, "?", {"price": 2.0}]}), (1, {"products": "none"}), name="Order Completed"
    )
    assert value(aggregate("sum", t.Events("Order Completed", each="products")), orders, 2) == 3.0
    assert value(aggregate("count", t.Events("Order Completed", each="products"), None), orders, 2) == 2


def test_session_starts_after_more_than_half_an_hour():
    events = seen((0, {}), (0.5, {}), (1.0, {}), (1.51, {}))
    assert value(aggregate("count", t.Events("session"), None), events, 9) == 2


def test_sequence_needs_strictly_later_steps_within_reach():
    steps = t.Sequence((VIEWED, ORDERED), HOUR_MS, None, None)
    ordered = seen((1, {}), name="Order Completed")
    assert [value(steps, [*seen((hour, {})), *ordered], 9) for hour in (-0.1, 0, 0.9, 1)] == [0, 1, 1, 0]


def test_absence_matures_at_its_instant_and_ends_at_until():
    absent = t.Absence(VIEWED, ORDERED, HOUR_MS, None, 3 * HOUR_MS)
    assert [value(absent, seen((0, {})), hours) for hours in (0.9, 1, 2.9, 3)] == [False, True, True, False]
    assert value(absent, [*seen((0, {})), *seen((0, {}), name="Order Completed")], 2) is False


def test_restart_lasts_less_than_within():
    restart = t.Restart(VIEWED, 5 * HOUR_MS, HOUR_MS)
    assert [value(restart, seen((0, {}), (5, {})), hours) for hours in (4, 5, 5.9, 6)] == [False, True, True, False]


def test_periods_count_the_present_one():
    periods = t.Periods(VIEWED, 2, DAY_MS)
    assert [value(periods, seen((0, {}), (25, {})), hours) for hours in (1, 26, 49, 72)] == [1, 2, 1, 0]


def test_held_asks_at_every_edge_and_now():
    seen_once = t.Compare(">=", aggregate("count", price=None), t.Constant(1, "number"))
    held = t.Held(seen_once, 3 * HOUR_MS, HOUR_MS)
    assert [value(held, seen((0.5, {})), hours) for hours in (2.9, 3, 3.5)] == [False, True, True]


def test_affinity_is_measured_against_everyone():
    events = [event(n, ANNA, at=START, properties={"category": kind}) for n, kind in enumerate(["tea", "tea", "milk"])]
    lean = t.Affinity("category", "tea", 30 * DAY_MS)
    assert value(lean) is None
    assert abs(value(lean, events, baseline={"category": {"tea": 2 / 3}}) - 0.5) < 1e-12
    assert value(t.Affinity("category", "soap", DAY_MS), events) == 0.0


def test_trait_is_the_last_word_of_its_kind():
    words = [(2, {"plan": "pro"}), (2, {"plan": "free"}), (3, {"plan": 7})]
    said = [event(n, ANNA, "", type="identify", at=START + at, plain_traits=word) for n, (at, word) in enumerate(words)]
    assert value(t.Trait("plan", "text"), said, 1) == "pro"


def test_only_true_makes_a_member():
    program = t.Program((), (t.Definition("unknown", "", NULL), t.Definition("known", "", t.IsNull(NULL))))
    assert members(program, view_of(program, PERSON, [], START, {})) == {"unknown": False, "known": True}


@given(st.lists(st.integers(0, 20), max_size=12), st.lists(st.integers(0, 20), max_size=12), st.integers(0, 20))
def test_sequence_equals_the_count_over_all_pairs(first, last, within):
    events = [*seen(*((at, {}) for at in first)), *seen(*((at, {}) for at in last), name="Order Completed")]
    pairs = sum(any(end - within <= at < end for at in first) for end in last)
    assert value(t.Sequence((VIEWED, ORDERED), within * HOUR_MS, None, None), events, 30) == pairs
