"""Law 4 for values that nobody should send: whatever stands in an event, live, batch and the oracle see the same."""

import pytest

from tailorbird.events import DAY_MS
from tailorbird.testing.agreement import Site
from tailorbird.testing.drawn_definitions import Drawn
from tailorbird.testing.drawn_lives import WRONG
from tailorbird.testing.histories import START, event

NUMBERS = (0, -1, 0.5, 2.5, -2.5, 0.1, 1e-320, 1.7976931348623157e308, -1e308, 2**53 + 1, 2**63 - 1, -(2**63), 1e16)
TEXTS = ("", " ", "\t x \n", "\0x", "ß", "ẞ", "İ", "ı", "ǆ", "ŉ", "ﬁ", "Σς", "ΑΣ", "𐐀", "🍵", "e\u0301", "\\", '"', "'",
         "%", "_", "a" * 3000)  # fmt: skip
TIMES = (
    "2024-06-01T00:00:00Z", "2024-06-01T00:00:00.123456Z", "2024-06-01T00:00:00.0005Z", "2024-06-01T00:00",
    "2024-06-01T24:00:00Z", "2024-06-01T00:00:00+14:00", "2024-06-01t00:00:00z", "2024-06-01T00:00:60Z", "0001-01-01",
    "0000-01-01", "9999-12-31T23:59:59.999Z", " 2024-06-01", "2024-06-01 ", "2024-6-1", "2024-W22-6", "2024-153",
    "20240601T000000Z", "2024-06-01T00:00:00,5Z", "-infinity", "1e5", "2024-06-01T00:00:00 UTC", "2024-06-01 BC",
    "1969-12-31T23:59:59.9995Z", "1970-01-01", "2024-06-01T7:00Z", "２０２４-06-01",
)  # fmt: skip
SHAPES = (None, False, [], {}, [None], [[{"price": 1}]], [{"price": None}], {"country": "DE", "days": 2})
SAID = {name: f"last('Quiz Done', {value})" for name, value in {
    "a_score": "score", "a_topic": "topic", "a_passed": "passed", "a_due": "due", "a_land": "delivery.country || ''",
    "a_delay": "delivery.days + 0",
}.items()}  # fmt: skip
WORKED = {
    "upper_topic": "upper(a_topic)", "lower_topic": "lower(a_topic)", "length_topic": "length(a_topic)",
    "rest_topic": "substr(a_topic, 2)", "trimmed": "trim(a_topic)", "other": "replace(a_topic, 'a', 'b')",
    "like_sz": "a_topic ilike '%ß%'", "like_i": "a_topic ilike 'i%'", "cubed": "power(a_score, 3)",
    "huge": "a_score * 1e200", "inverse": "1 / a_score", "rounded": "round(a_score, 2)", "whole": "floor(a_score)",
    "left_over": "a_score % 0.7", "grown": "exp(a_score)", "logged": "ln(a_score)", "root": "sqrt(a_score)",
    "far": "distance(a_score, 0, a_score, 50)", "a_year": "year(a_due)", "a_weekday": "weekday(a_due)",
    "an_hour": "hour(a_due)", "some_days": "days_ago(a_due)", "some_minutes": "minutes_since(a_due)",
    "the_city": "city", "the_age": "age", "is_vip": "vip", "the_day": "joined_on", "tea": "affinity('category', 'tea')",
    "lines": "count('Order Completed', each => 'products')", "spent": "sum('Order Completed', 'revenue')",
    "a_line": "last('Order Completed', 'category', each => 'products')", "mean": "avg('Order Completed', 'revenue')",
    "dear": "sum('Order Completed', price * quantity, each => 'products')", "some": "distinct('Quiz Done', 'topic')",
    "often": "most_frequent('Quiz Done', 'topic')", "least_topic": "min('Quiz Done', 'topic')",
}  # fmt: skip
SEGMENTS = {"above_m": "a_topic > 'm'", "in_time": "a_due < '2024-06-02'", "nothing": "a_score is null"}


def said_of(number, value):
    """Three events of one person that say the value wherever a value can stand."""
    who = [("userId", f"u{number}")]
    quiz = dict.fromkeys(("score", "topic", "passed", "due"), value) | {"delivery": {"country": value, "days": value}}
    lines = [{"price": value, "category": value, "quantity": 2.0}, {"category": "tea", "price": 3}]
    order = {"revenue": value, "category": "milk", "products": lines if number % 2 else value}
    yield event(3 * number, who, "Quiz Done", properties=quiz)
    yield event(3 * number + 1, who, "Order Completed", properties=order)
    traits = dict.fromkeys(("city", "age", "vip", "joined_on"), value)
    yield event(3 * number + 2, who, "", type="identify", plain_traits=traits)


@pytest.mark.slow
def test_odd_values_mean_the_same_in_both_engines(tmp_path):
    site = Site(tmp_path)
    site.define(Drawn(SAID | WORKED, SEGMENTS), START - DAY_MS)
    for number, value in enumerate((*WRONG, *NUMBERS, *TEXTS, *TIMES, *SHAPES)):
        site.hear(*said_of(number, value))
    assert site.differences(START + DAY_MS) == []
    assert site.cases > 4_000
    site.close()


def test_sums_beyond_all_numbers_stop_nobody(tmp_path):
    site, who = Site(tmp_path), [("userId", "rich")]
    site.define(
        Drawn({"spent": "sum('Order Completed', 'revenue')", "mean": "avg('Order Completed', 'revenue')"}, {}), START
    )
    for number, revenue in enumerate((1e308, 1e308, -1e308, 1e99, 5)):
        site.hear(event(number, who, "Order Completed", at=START + number, properties={"revenue": revenue}))
        assert site.differences(START + number) == []
    site.close()
