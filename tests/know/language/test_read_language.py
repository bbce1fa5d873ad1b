"""From text to the typed tree."""

import pytest

from tailorbird.know.language.lengths import DAY, HOUR, MINUTE
from tailorbird.know.language.program import read, read_condition
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import (
    Absence,
    Aggregate,
    And,
    Compare,
    Constant,
    Elapsed,
    Events,
    IsNull,
    Now,
    Or,
    Property,
    Sequence,
    Trait,
    Window,
)

SCHEMA = schema_of()
ORDERS = Events("Order Completed")
REVENUE = Property("properties", ("revenue",), "number")


def test_a_count_in_a_window() -> None:
    counted = Aggregate("count", ORDERS, None, Window(90 * DAY, DAY), "number")
    assert read("orders('90 days') >= 3", SCHEMA) == Compare(">=", counted, Constant(3.0, "number"))
    assert read("count('Order Completed', '90 days')", SCHEMA) == counted


def test_a_value_is_a_name_in_quotes_or_an_expression() -> None:
    summed = Aggregate("sum", ORDERS, REVENUE, None, "number")
    assert (
        read("sum('Order Completed', 'revenue')", SCHEMA) == read("sum('Order Completed', revenue)", SCHEMA) == summed
    )


@pytest.mark.parametrize(
    ("window", "granule"),
    [("30 minutes", MINUTE), ("3 hours", MINUTE), ("1 day", HOUR), ("3 days", HOUR), ("4 days", DAY)],
)
def test_longer_windows_move_in_longer_granules(window: str, granule: int) -> None:
    found = read(f"orders('{window}')", SCHEMA)
    assert isinstance(found, Aggregate) and found.window is not None
    assert found.window.granule == granule


def test_a_filter_names_properties_context_and_the_pages_own_name() -> None:
    found = read("count('page', where => name = 'Home' and context.page.path = '/')", SCHEMA)
    own = Compare("=", Property("event", ("name",), "text"), Constant("Home", "text"))
    path = Compare("=", Property("context", ("page.path",), "text"), Constant("/", "text"))
    assert found == Aggregate("count", Events("page", And((own, path))), None, None, "number")


def test_with_each_names_are_those_of_the_elements() -> None:
    found = read("sum('Order Completed', price * quantity, each => 'products')", SCHEMA)
    assert isinstance(found, Aggregate) and found.events == Events("Order Completed", None, "products")


def test_a_bare_name_is_a_trait() -> None:
    assert read("plan = 'gold'", SCHEMA) == Compare("=", Trait("plan", "text"), Constant("gold", "text"))


def test_text_beside_a_time_is_a_time() -> None:
    assert read("createdAt < '1970-01-02'", SCHEMA) == Compare("<", Trait("createdAt", "time"), Constant(DAY, "time"))


def test_null_takes_the_kind_of_what_it_stands_beside() -> None:
    found = read("case when logins > 1 then logins else null end", SCHEMA)
    assert found.kind == "number"


def test_a_nested_property_nobody_declared_is_of_the_kind_it_is_compared_with() -> None:
    found = read("count('Products Searched', where => query.size > 2)", SCHEMA)
    assert isinstance(found, Aggregate) and isinstance(found.events.where, Compare)
    assert found.events.where.left == Property("properties", ("query", "size"), "number")


def test_days_since_an_event_and_since_a_time() -> None:
    last = Aggregate("last_at", ORDERS, None, None, "time")
    assert read("days_since('Order Completed')", SCHEMA) == Elapsed(last, DAY)
    assert read("days_since(createdAt)", SCHEMA) == Elapsed(Trait("createdAt", "time"), DAY)


def test_now_is_told_in_whole_units() -> None:
    assert read("hour(now()) >= 18", SCHEMA) == Compare(">=", Now("hour"), Constant(18.0, "number"))


def test_the_issues_abandoned_cart() -> None:
    found = read("absent('Product Added', then => 'Order Completed', within => '1 hour')", SCHEMA)
    assert found == Absence(Events("Product Added"), ORDERS, HOUR, None, None)


def test_one_step_of_a_sequence_has_a_filter_of_its_own() -> None:
    added = "event('Product Added', where => price > 9)"
    found = read(f"sequences('Product Viewed', {added}, within => '1 day', key => 'product_id')", SCHEMA)
    dear = Compare(">", Property("properties", ("price",), "number"), Constant(9.0, "number"))
    key = Property("properties", ("product_id",), "text")
    steps = (Events("Product Viewed"), Events("Product Added", dear))
    assert found == Sequence(steps, DAY, key, None)


def test_between_and_not_read_as_in_sql() -> None:
    assert read("logins between 1 and 2", SCHEMA) == read("logins >= 1 and logins <= 2", SCHEMA)
    assert read("not logins = 1 or plan is null", SCHEMA) == Or(
        (read("not (logins = 1)", SCHEMA), IsNull(Trait("plan", "text")))
    )


def test_is_true_is_never_null() -> None:
    assert read("(logins > 1) is true", SCHEMA) == read("coalesce(logins > 1, false)", SCHEMA)


def test_a_score_counts_missing_terms_as_nothing() -> None:
    assert read("score(0.5 * logins - 2)", SCHEMA) == read("coalesce(0.5 * logins, 0) - 2", SCHEMA)


def test_a_hundred_conditions_in_a_row_are_one_level_deep() -> None:
    found = read_condition(" or ".join(f"logins = {number}" for number in range(100)), SCHEMA)
    assert isinstance(found, Or) and len(found.parts) == 100
