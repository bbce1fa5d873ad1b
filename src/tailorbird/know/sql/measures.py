"""What each statistic sums up, and how its column is read: a person without any row has none, and NULL there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tailorbird.know.language import tree as t
from tailorbird.know.sql import stepwise
from tailorbird.know.sql.columns import consent_column, trait_column
from tailorbird.know.sql.expressions import SQL_OF_KIND, number, quoted, sql_of
from tailorbird.know.sql.rows import HISTORY, Rows, contacts, reached, restarts, rows_of, unanswered
from tailorbird.know.sql.stepwise import EXTREMES, OF_PARTS

if TYPE_CHECKING:
    from tailorbird.know.sql.scope import Scope


def _counted(column: str) -> str:
    return f"CAST(COALESCE({column}, 0) AS DOUBLE)"


# -- values over events


def _aggregate(node: t.Aggregate, scope: "Scope") -> str:
    rows = rows_of(node.events, scope.parts)
    test = rows.also(_since(node.window, scope))
    value = "happened_at" if node.value is None else sql_of(node.value, rows.place)
    if stepped(node.window, scope) and node.function in _STEPWISE:
        return _STEPWISE[node.function](node, rows, value, scope)
    if node.function == "most_frequent":
        return _most_frequent(rows, test, value, node.kind, scope)
    text = AGGREGATES[node.function].format(test=test, value=value, type=SQL_OF_KIND[node.kind])
    column = scope.sum_up(rows.relation, text, test)
    return _counted(column) if node.function in ("count", "distinct") else column


def stepped(window: t.Window | None, scope: "Scope") -> bool:
    """Whether the window's edges are edges of the scope's steps."""
    return scope.step > 0 and (window is None or window.granule % scope.step == 0)


def _by_steps(node: t.Aggregate, rows: Rows, value: str, scope: "Scope", function: str = "") -> str:
    part, whole = OF_PARTS[function or node.function]
    text = part.format(test=rows.also(), value=value)
    if node.window is None and (aggregate := EXTREMES.get(node.function)):
        return stepwise.extreme(rows, value, aggregate, scope)
    return scope.sum_up_steps(rows, node.window, text, whole)


def _mean_by_steps(node: t.Aggregate, rows: Rows, value: str, scope: "Scope") -> str:
    total, valued = (_by_steps(node, rows, value, scope, function) for function in ("sum", "valued"))
    return f"({total} / NULLIF({valued}, 0))"


_STEPWISE: Mapping[t.Function, Callable[[t.Aggregate, Rows, str, "Scope"], str]] = {
    "count": lambda node, rows, value, scope: _counted(stepwise.counted(rows, node.window, scope)),
    "distinct": lambda node, rows, value, scope: _counted(stepwise.distinct(rows, value, node.window, scope)),
    "avg": _mean_by_steps,
    "sum": _by_steps,
    "min": _by_steps,
    "max": _by_steps,
    "first_at": _by_steps,
    "last_at": _by_steps,
}


def _since(window: t.Window | None, scope: "Scope") -> str:
    if window is None:
        return ""
    return f"happened_at >= {scope.edge(window.granule, window.length // window.granule - 1)}"


# CASE rather than FILTER: other engines know no FILTER, and a filtered DISTINCT takes DuckDB three times as long.
_VALUE = "CASE WHEN {test} THEN {value} END"
AGGREGATES: Mapping[t.Function, str] = {
    "count": "COUNT(CASE WHEN {test} THEN 1 END)",
    "sum": f"SUM({_VALUE})",
    "avg": f"AVG({_VALUE})",
    "min": f"MIN({_VALUE})",
    "max": f"MAX({_VALUE})",
    "first": f"tb_earliest({_VALUE}, happened_at, {{type}})",
    "last": f"tb_latest({_VALUE}, happened_at, {{type}})",
    "distinct": f"COUNT(DISTINCT {_VALUE})",
    "first_at": f"MIN({_VALUE})",
    "last_at": f"MAX({_VALUE})",
}


def _most_frequent(rows: Rows, test: str, value: str, kind: t.Kind, scope: "Scope") -> str:
    # By the place of minus the count, so that of equals the smallest is taken.
    times = (
        f"SELECT {scope.keys}, {value} AS value, COUNT(*) AS times"
        f" {scope.rows(rows.relation, test)} AND {value} IS NOT NULL GROUP BY {scope.keys}, {value}"
    )
    return scope.sum_up_own(f"({times}) AS counted", f"tb_earliest(value, -times, {SQL_OF_KIND[kind]})")


def _periods(node: t.Periods, scope: "Scope") -> str:
    rows = rows_of(node.events, scope.parts)
    window = t.Window(node.of * node.every, node.every)
    if stepped(window, scope):
        # How many different periods there were; a step lies in one.
        return _counted(stepwise.distinct(rows, f"tb_floor_div(happened_at, {node.every})", window, scope))
    test = rows.also(f"happened_at >= {scope.edge(node.every, node.of - 1)}")
    text = f"COUNT(DISTINCT CASE WHEN {test} THEN tb_floor_div(happened_at, {node.every}) END)"
    return _counted(scope.sum_up(rows.relation, text, test))


# -- what lies in order


def _sequence(node: t.Sequence, scope: "Scope") -> str:
    since = _since(node.window, scope) or "TRUE"
    return _counted(scope.sum_up(reached(node, scope.parts), f"COUNT(CASE WHEN {since} THEN 1 END)"))


def _absence(node: t.Absence, scope: "Scope") -> str:
    tests = [f"happened_at + {node.within} <= {scope.now}", f"(answered_at IS NULL OR answered_at > {scope.now})"]
    if node.until is not None:
        tests.append(f"{scope.now} < happened_at + {node.until}")
    return _any(unanswered(node, scope.parts), " AND ".join(tests), scope)


def _restart(node: t.Restart, scope: "Scope") -> str:
    return _any(restarts(node, scope.parts), f"{scope.now} - happened_at < {node.within}", scope)


def _any(relation: str, test: str, scope: "Scope") -> str:
    column = scope.sum_up(relation, f"COUNT(CASE WHEN {test} THEN 1 END)")
    return f"(COALESCE({column}, 0) > 0)"


def _held(node: t.Held, scope: "Scope") -> str:
    """Asked at each edge of everyone; what counts then is the edges where it did not hold."""
    count = node.length // node.granule
    edges = scope.parts.add(
        "edges",
        f"\nSELECT DISTINCT person, (tb_floor_div({scope.now}, {node.granule}) - back) * {node.granule} AS now"
        f"\nFROM {scope.people()}, UNNEST(GENERATE_SERIES(0, {count - 1})) AS backs(back)",
    )
    then = scope.at(edges, node.granule)
    text = sql_of(node.predicate, then)
    failed = scope.parts.add(
        "failed",
        f"\nSELECT person, now AS happened_at\nFROM {then.finish()} WHERE NOT COALESCE({text}, FALSE)",
    )
    since = f"happened_at >= {scope.edge(node.granule, count - 1)}"
    column = scope.sum_up(failed, f"COUNT(CASE WHEN {since} THEN 1 END)")
    return f"(COALESCE({sql_of(node.predicate, scope)}, FALSE) AND COALESCE({column}, 0) = 0)"


# -- what was said


def _trait(node: t.Trait, scope: "Scope") -> str:
    said = trait_column(node).name
    return scope.sum_up(HISTORY, f"tb_latest({said}, happened_at, {SQL_OF_KIND[node.kind]})", f"{said} IS NOT NULL")


def _consented(node: t.Consented, scope: "Scope") -> str:
    # Time and word in one number, so that of two words at once the refusal is the larger.
    said = consent_column(node.purpose).name
    word = f"happened_at * 2 + CASE WHEN {said} THEN 0 ELSE 1 END"
    column = scope.sum_up(HISTORY, f"MAX(CASE WHEN {said} IS NOT NULL THEN {word} END)", f"{said} IS NOT NULL")
    default = "TRUE" if node.default else "FALSE"
    if not node.lasts:
        return f"COALESCE({column} % 2 = 0, {default})"
    over = f"{scope.now} - tb_floor_div({column}, 2) >= {node.lasts}"
    return f"CASE WHEN {column} % 2 = 1 THEN FALSE WHEN {column} IS NULL OR {over} THEN {default} ELSE TRUE END"


def _share(node: t.Affinity, scope: "Scope") -> str:
    """Weights are seen from the person's own latest contact: seen from now, old ones would all fade to zero."""
    lines = contacts(node.of, scope.parts)
    if scope.step and node.half_life >= stepwise.FADES_SLOWLY:
        return stepwise.leaning(lines, node.value, node.half_life, scope)
    latest = f"MAX(happened_at) OVER (PARTITION BY {scope.keys}) AS latest"
    seen = f"\nSELECT {scope.keys}, happened_at, value, weight, {latest}\n{scope.rows(lines)}"
    weight = f"weight * POWER(5e-1, (latest - happened_at) / {number(node.half_life)})"
    part = f"COALESCE(SUM(CASE WHEN value = {quoted(node.value)} THEN {weight} END), 0e0)"
    return scope.sum_up_own(scope.parts.add("faded", seen), f"{part} / SUM({weight})")


def _affinity(node: t.Affinity, scope: "Scope") -> str:
    share = _share(node, scope)
    baseline = scope.baseline.get(node.of, {}).get(node.value, 0.0)
    return f"CASE WHEN {share} > 0e0 THEN {share} / ({share} + {number(baseline)}) ELSE {share} END"


MEASURED: Mapping[type, Callable[[Any, "Scope"], str]] = {
    t.Aggregate: _aggregate,
    t.Affinity: _affinity,
    t.Sequence: _sequence,
    t.Absence: _absence,
    t.Periods: _periods,
    t.Restart: _restart,
    t.Held: _held,
    t.Trait: _trait,
    t.Consented: _consented,
}
