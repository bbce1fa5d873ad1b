"""Generated conditions against the slow oracle, over all combinations of NULL, true and false."""

from math import fmod, isclose
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.know.language import tree as t
from tailorbird.know.segment.logic import Guarded, Logic
from tailorbird.know.segment.scalars import SCALARS, like
from tailorbird.testing.slow_rows import Row
from tailorbird.testing.slow_segments import View, evaluate

NUMBERS, TEXTS = (0.0, 1.0, -2.5, 1e100), ("", "tea", "Tea%", "jam")
HUGE: dict[t.Kind, tuple[float, ...]] = {"number": (1e308,), "text": (), "boolean": ()}
FIELDS: dict[t.Kind, tuple[str, ...]] = {"number": ("far", "near"), "text": ("said", "heard"), "boolean": ("yes", "no")}


def leaf(kind: t.Kind, values: tuple[Any, ...]) -> st.SearchStrategy[t.Expression]:
    constants = st.sampled_from((*values, *HUGE[kind], None)).map(lambda value: t.Constant(value, kind))
    fields = st.sampled_from(FIELDS[kind]).map(lambda name: t.Property("properties", (name,), kind))
    return st.one_of(fields, fields, constants)


def numbers(inner: st.SearchStrategy[t.Expression], truths: Any) -> st.SearchStrategy[t.Expression]:
    two, kind = st.tuples(inner, inner), st.just("number")
    return st.one_of(
        st.builds(t.Arithmetic, st.sampled_from("+-*/%"), inner, inner),
        st.builds(t.Call, st.sampled_from(("coalesce", "nullif", "greatest", "power")), two, kind),
        st.builds(t.Call, st.sampled_from(("sqrt", "abs", "floor", "ln", "round", "sign")), st.tuples(inner), kind),
        st.builds(t.Case, st.lists(st.tuples(truths, inner), min_size=1, max_size=2).map(tuple), inner, kind),
    )


NUMBER = st.recursive(
    leaf("number", NUMBERS), lambda inner: numbers(inner, leaf("boolean", (True, False))), max_leaves=5
)
TEXT = leaf("text", TEXTS)
OPERATORS = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))


def atoms_of(kind: t.Kind, values: st.SearchStrategy[t.Expression]) -> st.SearchStrategy[t.Expression]:
    return st.one_of(
        st.builds(t.Compare, OPERATORS, values, values),
        st.builds(t.In, values, st.lists(values, min_size=1, max_size=3).map(tuple)),
        st.builds(t.IsNull, values),
    )


def truths(inner: st.SearchStrategy[t.Expression]) -> st.SearchStrategy[t.Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    branches = st.lists(st.tuples(inner, inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(t.And, parts),
        st.builds(t.Or, parts),
        st.builds(t.Not, inner),
        st.builds(t.IsNull, inner),
        st.builds(t.Compare, st.sampled_from(("=", "<>")), inner, inner),
        st.builds(t.Case, branches, inner, st.just("boolean")),
        st.builds(t.Call, st.just("coalesce"), st.tuples(inner, inner), st.just("boolean")),
    )


LIKE = st.builds(t.Like, TEXT, st.sampled_from(("%e%", "tea", "_ea%", "T%")), st.booleans())
ATOM = st.one_of(atoms_of("number", NUMBER), atoms_of("text", TEXT), LIKE, leaf("boolean", (True, False)))
TRUTH = st.recursive(ATOM, truths, max_leaves=6)
SAID = st.fixed_dictionaries(
    {name: st.sampled_from((None, *NUMBERS)) for name in FIELDS["number"]}
    | {name: st.sampled_from((None, *TEXTS)) for name in FIELDS["text"]}
    | {name: st.sampled_from((None, True, False)) for name in FIELDS["boolean"]}
)


def generated(said: dict[str, Any], patterns: dict[tuple[str, bool], str], code: str) -> Any:
    matchers = {name: like(*pattern) for pattern, name in patterns.items()}
    return eval(code, {**SCALARS, **said, **matchers, "fmod": fmod})


def written(patterns: dict[tuple[str, bool], str]) -> Logic:
    return Logic(lambda e: Guarded((f"{e.path[0]} is not None",), e.path[0]), patterns)


def slowly(e: t.Expression, said: dict[str, Any]) -> Any:
    return evaluate(e, View(b"", (), 0, row=Row(0, "", {"properties": said})))


@settings(max_examples=300)
@given(TRUTH, SAID)
def test_a_condition_is_true_or_false_exactly_when_sql_says_so(e: t.Expression, said: dict[str, Any]) -> None:
    patterns: dict[tuple[str, bool], str] = {}
    codes = written(patterns).true(e), written(patterns).false(e)
    found = [bool(generated(said, patterns, code)) for code in codes]
    truth = slowly(e, said)
    assert found == [truth is True, truth is False]


@settings(max_examples=300)
@given(NUMBER, SAID)
def test_a_value_is_null_exactly_when_sql_says_so(e: t.Expression, said: dict[str, Any]) -> None:
    found, slow = generated(said, {}, written({}).value(e).alone()), slowly(e, said)
    assert (found is None) == (slow is None) and (found is None or isclose(found, slow))
