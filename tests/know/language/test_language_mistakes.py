"""What is refused, and what the error says: the value, the place, the nearest known name, the next step."""

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.program import check, read_condition
from tailorbird.know.language.schema import schema_of

SCHEMA = schema_of()
PROGRAM = check({"often": "orders('90 days')"}, {"loyal": "often >= 3"}, SCHEMA)


def mistake(text: str) -> str:
    with pytest.raises(Mistake) as caught:
        read_condition(text, SCHEMA, PROGRAM)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "column", "named", "hint"),
    [
        ("ordrs() > 3", 1, "'ordrs'", "Did you mean 'orders'?"),
        ("count('Order Complted') > 3", 7, "'Order Complted'", "Did you mean 'Order Completed'?"),
        ("sum('Order Completed', 'revnue') > 3", 24, "'revnue'", "Did you mean 'revenue'?"),
        ("segment('loyl')", 9, "'loyl'", "Did you mean 'loyal'?"),
        ("offen > 3", 1, "'offen'", "Did you mean 'often'?"),
        ("consent('mesaging')", 9, "'mesaging'", "Did you mean 'messaging'?"),
        ("affinity('brands', 'x') > 1", 10, "'brands'", "Did you mean 'brand'?"),
        ("count('page', wher => name = 'x') > 1", 1, "'wher'", "Did you mean 'where'?"),
        ("count('page', where => context.page.pth = 'x') > 1", 24, "'page.pth'", "Did you mean 'page.path'?"),
        ("sum('Order Completed', 'price', each => 'product') > 1", 41, "'product'", "Did you mean 'products'?"),
    ],
)
def test_an_unknown_name_is_told_with_its_place_and_the_nearest(text: str, column: int, named: str, hint: str) -> None:
    told = mistake(text)
    assert named in told and hint in told
    assert f"line 1, column {column}:" in told or named == "'wher'"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("orders() = 'a'", "orders(…) is a number and 'a' a text; they cannot be compared."),
        ("orders()", "orders(…) is a number; a boolean must stand here."),
        ("plan + 1 > 2", "'plan' is a text; a number must stand here."),
        ("createdAt > '2024-13-01'", "'2024-13-01' is no time."),
        ("plan in ('a', 3)", "'plan' is a text and '3' a number"),
        ("sum('Order Completed', 'coupon') > 1", "'coupon' is a text; a number must stand here."),
        ("(plan = 'a') < true", "has no order"),
        ("plan = null", "Nothing equals NULL"),
    ],
)
def test_kinds_must_agree(text: str, problem: str) -> None:
    assert problem in mistake(text)


@pytest.mark.parametrize(
    ("text", "problem", "step"),
    [
        ("orders('90 dys') > 1", "'90 dys' is no length of time", "Write '90 days'"),
        ("orders('0 days') > 1", "'0 days' cannot be", "between 1 minute and 100 years"),
        ("orders('5 years') > 1", "1,825 granules of 1 day", "granularity => '5 days'"),
        ("orders('90 minutes', granularity => '1 hour') > 1", "no multiple of its granularity", "'1 minute'"),
        ("regular('page', 5, of => 4, every => '1 day')", "5 of the last 4 periods can never be", "of => 5"),
        (
            "absent('page', then => 'session', within => '2 hours', until => '1 hour')",
            "after 2 hours and only until 1 hour",
            "longer than within",
        ),
    ],
)
def test_impossible_windows_are_refused(text: str, problem: str, step: str) -> None:
    told = mistake(text)
    assert problem in told and step in told


@pytest.mark.parametrize(
    "text",
    [
        "plan in (select plan from people)",
        "exists (select 1)",
        "select count(*) from events",
        "plan = 'a'; drop table people",
        "cast(plan as int) > 1",
        "plan::int > 1",
        "count('page') over () > 1",
        "count('page') filter (where true) > 1",
        "lambda x: true",
        "list_filter([1], x -> x > 0) is null",
        "interval '3 days' > 1",
        "read_csv('/etc/passwd') is null",
        "plan like 'a' escape '!'",
        "plan between symmetric 'a' and 'b'",
        "plan ~~ 'a'",
        "@plan = 1",
        "? = 1",
        "plan rlike 'a'",
    ],
)
def test_sql_from_elsewhere_is_refused(text: str) -> None:
    assert "is no" in mistake(text) or "cannot stand here" in mistake(text) or "without ;" in mistake(text)


@pytest.mark.parametrize("word", ["not like", "not ilike", "not in", "not between"])
def test_no_negation_is_lost(word: str) -> None:
    operand = {"not in": "('a')", "not between": "'a' and 'b'"}.get(word, "'a'")
    plain = word.removeprefix("not ")
    assert read_condition(f"plan {word} {operand}", SCHEMA) == read_condition(f"not (plan {plain} {operand})", SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "true" + ")" * 500,
        "not " * 500 + "true",
        "- " * 500 + "logins > 1",
        "case when " * 300 + "true" + " then true end" * 300,
        "lower(" * 300 + "plan" + ")" * 300 + " = 'a'",
        "plan = '" + "a" * 20_000 + "'",
        " + ".join(["logins"] * 500) + " > 1",
        " and ".join(["true"] * 5_000),
    ],
)
def test_what_is_too_large_or_too_deep_is_refused_and_never_a_crash(text: str) -> None:
    assert "name" in mistake(text) or "segment" in mistake(text)


def test_traits_that_double_each_other_are_refused_before_they_fill_the_memory() -> None:
    traits = {"t0": "logins"} | {f"t{n}": f"t{n - 1} + t{n - 1}" for n in range(1, 60)}
    with pytest.raises(Mistake, match=r"^Trait 't10': With its traits in place it has 2,047 terms"):
        check(traits, {}, SCHEMA)


@pytest.mark.parametrize(
    ("traits", "segments", "circle"),
    [
        ({"a": "b + 1", "b": "a - 1"}, {}, "trait 'a' → trait 'b' → trait 'a'"),
        ({}, {"a": "segment('a')"}, "segment 'a' → segment 'a'"),
        (
            {},
            {"a": "segment('b')", "b": "not segment('c')", "c": "segment('a') or true"},
            "segment 'a' → segment 'b' → segment 'c' → segment 'a'",
        ),
        ({"t": "case when segment('s') then 1 end"}, {"s": "t = 1"}, "trait 't' → segment 's' → trait 't'"),
    ],
)
def test_circles_are_refused_with_the_circle_named(
    traits: dict[str, str], segments: dict[str, str], circle: str
) -> None:
    with pytest.raises(Mistake, match=circle):
        check(traits, segments, SCHEMA)


def test_a_mistake_knows_its_definition_line_and_column() -> None:
    with pytest.raises(BadDefinition) as caught:
        check({}, {"vip": "true\n  and ordrs() > 1"}, SCHEMA)
    wrong = caught.value
    assert isinstance(wrong, Mistake)
    assert (wrong.definition, wrong.line, wrong.column) == ("Segment 'vip'", 2, 7)
    assert str(wrong).startswith("Segment 'vip', line 2, column 7: 'ordrs' is no function. Did you mean 'orders'?")


@pytest.mark.parametrize("name", ["Vip", "1st", "a b", "case", "x" * 65, "context", ""])
def test_names_of_definitions_are_plain_words(name: str) -> None:
    with pytest.raises(Mistake, match="cannot be the name of a segment"):
        check({}, {name: "true"}, SCHEMA)


@pytest.mark.parametrize(
    ("text", "column"), [("logins > 1 and plan = null", 16), ("plan = 'a' or logins = true", 15), ("true > 1", 8)]
)
def test_where_a_word_has_no_place_that_of_what_it_stands_in_is_told(text: str, column: int) -> None:
    assert f"column {column}:" in mistake(text)


def test_a_personal_field_is_refused_in_so_many_words() -> None:
    assert "Trait 'email' is personal: it is sealed" in mistake("email = 'ann@example.com'")


def test_a_statistic_inside_a_filter_is_refused() -> None:
    assert "count() looks at a person; a filter or value looks at one event" in mistake(
        "count('page', where => count('page') > 1) > 1"
    )


def test_held_inside_held_is_refused_also_through_a_segment() -> None:
    held = "held(logins > 1, for => '7 days')"
    with pytest.raises(Mistake, match=r"held\(\) stands inside held\(\)"):
        check({}, {"a": held, "b": "held(segment('a'), for => '7 days')"}, SCHEMA)


def test_a_property_of_the_list_s_elements_is_pointed_at() -> None:
    assert "Its products have: write each => 'products'." in mistake("sum('Order Completed', 'price') > 1")
