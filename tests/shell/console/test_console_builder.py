"""Rows become SQL, and SQL becomes the same rows again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.know.language.functions import FUNCTIONS
from tailorbird.know.language.program import read
from tailorbird.know.language.schema import schema_of
from tailorbird.shell.console.builder.condition import Condition, Filter, Group, Test, Written
from tailorbird.shell.console.builder.forms import FORMS, blank, missing
from tailorbird.shell.console.builder.operators import OPERATORS
from tailorbird.shell.console.builder.reading import rows
from tailorbird.shell.console.builder.writing import sql

SCALARS_OF_TIME = {"year", "month", "day", "weekday", "hour"}
texts = st.text("ab'%_ \"-", max_size=5).filter(bool)
names = st.sampled_from(["price", "shipping.country", "Unit Price", "order", "context.page.path", "a'b"])
lengths = st.sampled_from(["1 hour", "30 days"])
numbers = st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6, allow_nan=False).map(lambda n: round(n, 3)))
SCHEMA = schema_of()
WRITES = {
    "event": texts,
    "events": st.lists(texts, min_size=2, max_size=3).map(tuple),
    "property": st.sampled_from(["revenue", "shipping.country", "price * quantity", "context.locale"]),
    "each": st.just("products"),
    "window": lengths,
    "length": lengths,
    "number": numbers,
    "text": texts,
    "choice": st.sampled_from(["category", "brand"]),
    "trait": st.sampled_from(["tier", "lat"]),
    "segment": st.just("vip"),
    "list": texts,
    "purpose": st.just("analytics"),
    "predicate": st.just("orders() > 3 and tier = 'gold'"),
}


@st.composite
def questions(draw) -> Test:
    key = draw(st.sampled_from([*OPERATORS]))
    text = "text" in OPERATORS[key].kinds and "number" not in OPERATORS[key].kinds
    values = st.lists(texts if text else numbers, min_size=1, max_size=3)
    count = OPERATORS[key].operands
    return Test(
        key, tuple(draw(values if count < 0 else st.lists(texts if text else numbers, min_size=count, max_size=count)))
    )


@st.composite
def conditions(draw) -> Condition:
    key = draw(st.sampled_from([*FORMS]))
    fields = [field for field in FORMS[key].fields if field.needed or draw(st.booleans())]
    filters = draw(st.lists(st.builds(Filter, names, questions()), max_size=2)) if FORMS[key].filters else []
    filled = {field.name: draw(WRITES[field.ask]) for field in fields}
    return Condition(key, filled, tuple(filters), draw(questions()), either=len(filters) > 1 and draw(st.booleans()))


def groups(parts):
    return st.builds(
        Group, st.sampled_from(["all", "any"]), st.lists(parts, min_size=2, max_size=3).map(tuple), st.booleans()
    )


@given(groups(st.recursive(conditions(), groups, max_leaves=6)))
def test_what_the_builder_writes_it_reads_again(group):
    again = rows(sql(group))
    assert sql(again) == sql(group)
    assert not _written(again)


def _written(part) -> bool:
    return isinstance(part, Written) or (isinstance(part, Group) and any(map(_written, part.parts)))


@given(st.text("()'\"=,<>+- anordbetwicse1", max_size=40))
def test_any_text_becomes_rows_that_lose_nothing(text):
    unwanted = str.maketrans("", "", "() ")  # `b<1` is read, and written as `b < 1`
    assert sorted(sql(rows(text)).translate(unwanted)) == sorted(text.translate(unwanted))


READ = {
    "orders('90 days') >= 3 and sum('Order Completed', 'revenue', '365 days') > 500": ["orders", "sum"],
    "absent('Product Added', then => 'Order Completed', within => '1 hour')": ["absent"],
    "days_since('Order Completed') between 30 and 90 and tier is not null": ["days_since", "trait"],
    "count('Product Viewed', where => price > 9 and brand in ('a', 'b')) >= 2": ["count"],
    "segment('vip') and not segment('coupon_user')": ["segment", "segment"],
    "sequence('Product Viewed', 'Product Added', within => '1 day', key => 'product_id')": ["sequence"],
}


@pytest.mark.parametrize("text", READ)
def test_what_an_analyst_writes_becomes_rows(text):
    group = rows(text)
    assert [part.form for part in group.parts] == READ[text]
    assert sql(group).replace("\n", " ") == text


@pytest.mark.parametrize("text", ["a > b", "score(0.5 * recency('x')) > 1", "case when a then b else c end", "a -- b"])
def test_what_has_no_form_stays_as_it_was_written(text):
    assert rows(text) == Group("all", (Written(text),))


def test_an_or_in_a_written_row_stays_in_its_row():
    group = Group("all", (Written("a > b or c > d"), blank("orders")))
    assert sql(group) == "(a > b or c > d)\nand orders() >= 1"


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("written", ["plan = 'x' -- for now", "plan = 'x' or logins > 1 -- for now"])
def test_a_comment_in_a_nested_group_swallows_nothing(written, negated):
    inner = Group("any", (Written(written), Written("logins > 2")), negated)
    text = sql(Group("all", (inner, Written("logins < 9"))))
    plain = sql(Group("all", (Group("any", (Written(written[:-11]), inner.parts[1]), negated), Written("logins < 9"))))
    assert read(text, SCHEMA) == read(plain, SCHEMA)


def test_a_comment_in_an_argument_swallows_nothing():
    row = blank("held")
    said = {
        text: sql(Group("all", (replace(row, given={**row.given, "predicate": text}),)))
        for text in ("logins > 1", "logins > 1 -- for now")
    }
    assert read(said["logins > 1 -- for now"], SCHEMA) == read(said["logins > 1"], SCHEMA)


def test_a_row_that_lacks_something_writes_nothing():
    assert missing(blank("sum")) == "event"
    assert sql(Group("all", (blank("sum"), Condition("orders", test=Test(">=", ("",)))))) == ""


def test_every_function_over_a_person_has_its_form_and_the_form_its_parameters():
    told = {name for name, one in FUNCTIONS.items() if one.group in ("events", "time", "order", "person")}
    assert told - {form.function for form in FORMS.values()} == {*SCALARS_OF_TIME, "event", "days_ago", "now"}
    for form in FORMS.values():
        if form.function:
            keywords = {one.name for one in FUNCTIONS[form.function].parameters if one.named} - {"where"}
            assert {field.keyword for field in form.fields if field.keyword} <= keywords | {"half_life"}
