"""Operators and functions as in SQL, NULL and all, as DuckDB answers."""

from math import log

import pytest
from sql_case import NOW, SCHEMA, did, told

from tailorbird.know.language.program import read
from tailorbird.know.language.tree import Definition, Program
from tailorbird.know.sql.compiled import compile_sql

QUIZ = did("Quiz Done", 1, score=4, topic="Green Tea", won=True, done_at="2024-10-01T10:30:00.000Z")
N, T = "last('Quiz Done', score)", "last('Quiz Done', topic)"  # 4 and Green Tea
NOTHING = "last('A', context.locale)"  # NULL, a text
NONE = "sum('Product Viewed', price)"  # NULL, a number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"{N} + 1.5", 5.5),
        (f"{N} / 0", None),
        (f"{N} % 3", 1.0),
        (f"-{N} % 3", -1.0),
        (f"power(10, 308) * {N} * 10", None),
        (f"1 / (power(10, 308) * {N} * 10)", None),
        (f"{NONE} + 1", None),
        (f"{N} between 4 and 5", True),
        (f"{N} in (1, 4)", True),
        (f"{N} in (1, {NONE})", None),
        (f"{N} in (4, {NONE})", True),
        (f"{N} not in (1, {NONE})", None),
        (f"{NONE} > 1 and {N} > 9", False),
        (f"{NONE} > 1 or {N} > 1", True),
        (f"not {NONE} > 1", None),
        (f"{NONE} is null", True),
        (f"{T} like 'Green%'", True),
        (f"{T} like 'green%'", False),
        (f"{T} ilike 'green_TEA'", True),
        (f"{NOTHING} like '%'", None),
        (f"case when {NONE} > 1 then 'a' when {N} > 1 then 'b' else 'c' end", "b"),
        (f"coalesce({NONE}, {N})", 4.0),
        (f"nullif({N}, 4)", None),
        (f"score(0.5 * {N} + 2 * {NONE} - 1)", 1.0),
    ],
)
def test_operators(text: str, value: object) -> None:
    assert told(text, QUIZ) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"lower({T})", "green tea"),
        (f"upper({T})", "GREEN TEA"),
        ("trim('  a\tb ')", "a\tb"),
        (f"length({T})", 9.0),
        (f"substr({T}, 7)", "Tea"),
        (f"substr({T}, 1, 5)", "Green"),
        (f"starts_with({T}, 'Gr')", True),
        (f"ends_with({T}, 'Gr')", False),
        (f"contains({T}, 'n T')", True),
        (f"replace({T}, 'e', '3')", "Gr33n T3a"),
        (f"concat({T}, '!', {NOTHING})", None),
        (f"{T} || '!'", "Green Tea!"),
        (f"abs({N} - 9)", 5.0),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -3.0),
        ("round(1.25, 1)", 1.3),
        (f"floor({N} / 3)", 1.0),
        (f"ceil({N} / 3)", 2.0),
        (f"sign({N} - 9)", -1.0),
        (f"sqrt({N})", 2.0),
        (f"sqrt({N} - 9)", None),
        (f"ln({N} - 4)", None),
        ("exp(0)", 1.0),
        ("exp(1000)", None),
        (f"power({N}, 0.5)", 2.0),
        (f"greatest({N}, 7)", 7.0),
        (f"least({N}, {NONE})", None),
        ("year(last('Quiz Done', done_at))", 2024.0),
        ("month(last('Quiz Done', done_at))", 10.0),
        ("day(last('Quiz Done', done_at))", 1.0),
        ("weekday(last('Quiz Done', done_at))", 2.0),
        ("hour(last('Quiz Done', done_at))", 10.0),
        ("year(now())", 2024.0),
        ("hour(now())", 12.0),
    ],
)
def test_functions(text: str, value: object) -> None:
    assert told(text, QUIZ) == value


def test_distance_is_that_of_the_globe() -> None:
    assert told("distance(52.52, 13.405, 48.8566, 2.3522)") == pytest.approx(877.46, abs=0.01)  # Berlin to Paris


def test_a_quote_in_a_text_stays_a_text() -> None:
    assert told("count('Quiz Done', where => topic = 'it''s {x}')", did("Quiz Done", 1, topic="it's {x}")) == 1


def test_minutes_and_hours_are_whole_units_from_then_to_now() -> None:
    assert told("minutes_since('A')", did("A", 0.5), now=NOW + 59_999) == 720
    assert told("hours_since('A')", did("A", 0.5), now=NOW - 1) == 11


def nested(text: str, deep: int) -> str:
    return text if not deep else f"ln(1 + least(greatest({nested(text, deep - 1)} * 1.5, 0), 9))"


def test_what_is_said_twice_is_written_once() -> None:
    """Each check says twice what it checks: the text must grow with the depth, and not double with it."""
    texts = [
        compile_sql(Program(traits=(Definition("it", "", read(nested(N, deep), SCHEMA)),)), now=NOW) for deep in (3, 6)
    ]
    assert len(texts[1]) < 3 * len(texts[0])


@pytest.mark.parametrize("deep", [1, 2])
def test_columns_for_what_is_said_twice_change_no_answer(deep: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = 4.0
    for _ in range(deep):
        expected = log(1 + min(max(expected * 1.5, 0), 9))
    assert told(nested(N, deep), QUIZ) == pytest.approx(expected, rel=1e-12)
    monkeypatch.setattr("tailorbird.know.sql.scope.LONG", 10**9)  # no columns
    assert told(nested(N, deep), QUIZ) == pytest.approx(expected, rel=1e-12)
    assert told(nested(NONE, deep), QUIZ) is None
