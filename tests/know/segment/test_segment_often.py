"""A value that many definitions ask for is worked out once in each generated function."""

from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment.live import compile_live

FEATURE = "ln(1 + coalesce(avg('Order Completed', 'revenue'), 3))"


def source_of(*segments):
    named = {f"s{place}": text for place, text in enumerate(segments)}
    return compile_live(check({}, named, schema_of())).source


def test_value_of_many_segments_stands_once_in_each_function():
    source = source_of(*(f"{FEATURE} > {place}" for place in range(6)))
    assert max(function.count("ln(") for function in source.split("\ndef ")[1:]) == 1


def test_value_that_few_ask_for_stays_where_it_is_asked_for():
    assert "c0" not in source_of(f"orders() > 3 and {FEATURE} > 1")
