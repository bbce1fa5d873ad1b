"""Many instants at once: rows are summed up by step of time first, then the steps by instant.

Ninety days of a thousand orders each are ninety sums over ninety days, and not over ninety thousand rows. What lies
exactly on an edge counts to the instant there, so it gets a step of its own: 2n for the edge, 2n + 1 for what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from tailorbird.events import DAY_MS
from tailorbird.know.affinity import LANDMARK
from tailorbird.know.language import tree as t
from tailorbird.know.sql.expressions import quoted
from tailorbird.know.sql.rows import Rows

if TYPE_CHECKING:
    from tailorbird.know.sql.scope import Scope

# 2 ** 1023 is the largest power of two; the eighty years from the landmark to 2100 are 974 times thirty days.
FADES_SLOWLY = 30 * DAY_MS

# What can be told from sums over parts: (aggregate of a part's rows, aggregate of the parts).
OF_PARTS: dict[str, tuple[str, str]] = {
    "sum": ("SUM(CASE WHEN {test} THEN {value} END)", "SUM({})"),
    "valued": ("COUNT(CASE WHEN {test} THEN {value} END)", "SUM({})"),  # the divisor of a mean
    "min": ("MIN(CASE WHEN {test} THEN {value} END)", "MIN({})"),
    "max": ("MAX(CASE WHEN {test} THEN {value} END)", "MAX({})"),
    "first_at": ("MIN(CASE WHEN {test} THEN {value} END)", "MIN({})"),
    "last_at": ("MAX(CASE WHEN {test} THEN {value} END)", "MAX({})"),
}
EXTREMES = {"min": "MIN", "max": "MAX", "first_at": "MIN", "last_at": "MAX"}


@dataclass(slots=True)
class Stepwise:
    """The sums over one relation."""

    step: int
    tests: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)  # text -> column
    wholes: dict[str, str] = field(default_factory=dict)

    reach: float = 0  # ms before now that the longest window reaches back

    def column(self, part: str, whole: str, window: t.Window | None, name: Callable[[], str]) -> str:
        self.reach = max(self.reach, window.length if window else inf)
        of_part = self.parts.setdefault(part, f"part_{len(self.parts) + 1}")
        text = whole.format(of_part)
        if window is not None:
            back = window.length // window.granule - 1
            first = f"(tb_floor_div(now, {window.granule}) - {back}) * {2 * window.granule // self.step}"
            text = whole.format(f"CASE WHEN step >= {first} THEN {of_part} END")
        if text not in self.wholes:
            self.wholes[text] = name()
        return self.wholes[text]

    def rows(self, relation: str, scope: "Scope") -> str:
        """`FROM ... WHERE ...` of the steps up to now."""
        texts = "".join(f",\n    {text} AS {column}" for text, column in self.parts.items())
        tests = "" if "TRUE" in self.tests else f"\nWHERE {' OR '.join(f'({test})' for test in sorted(self.tests))}"
        body = (
            f"\nSELECT person, {number('happened_at', self.step)} AS step{texts}\nFROM {relation}{tests}\nGROUP BY 1, 2"
        )
        since = f" AND step >= {number(f'(now - {self.reach:.0f})', self.step)}" if self.reach < inf else ""
        return f"FROM {up_to_now(scope.parts.add('steps', body), scope)}{since}"


def number(at: str, step: int) -> str:
    """The step of an instant.

    >>> number("now", 1000)
    '(2 * tb_floor_div(now, 1000) + CASE WHEN now % 1000 > 0 THEN 1 ELSE 0 END)'
    """
    return f"(2 * tb_floor_div({at}, {step}) + CASE WHEN {at} % {step} > 0 THEN 1 ELSE 0 END)"


def up_to_now(steps: str, scope: "Scope") -> str:
    """Steps of everyone, beside each instant that does not lie before them."""
    return f"{steps} JOIN {scope.probes} USING (person) WHERE step <= {number('now', scope.step)}"


# -- what grows and shrinks as time goes on


def so_far(changes: str, aggregate: str, scope: "Scope") -> str:
    """The column of an aggregate of all changes up to each instant; `changes` is (person, step, change).

    The instants are put in among the changes as rows of their own, so that one walk through each person's time tells
    all of them.
    """
    instants = f"SELECT person, {number('now', scope.step)} AS step, NULL AS change, now FROM {scope.probes}"  # noqa: S608
    told = (
        f"SELECT person, now, {aggregate}(change) OVER (PARTITION BY person ORDER BY step"  # noqa: S608
        " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far"
        f" FROM (SELECT person, step, change, CAST(NULL AS BIGINT) AS now FROM {changes} UNION ALL {instants}) AS times"
    )
    return scope.sum_up_own(f"({told}) AS told WHERE now IS NOT NULL", "MAX(so_far)")


def counted(rows: Rows, window: t.Window | None, scope: "Scope") -> str:
    """The column that says how many rows there were: more from their step on, less when they leave the window."""
    came = (
        f"\nSELECT person, {number('happened_at', scope.step)} AS step, COUNT(*) AS change\nFROM {rows.relation}"
        f" WHERE {rows.also()} GROUP BY 1, 2"
    )
    if window is None:
        return so_far(scope.parts.add("changes", came), "SUM", scope)
    steps = scope.parts.add("steps", came)
    gone = f"\nUNION ALL SELECT person, {_out(window, scope)} AS step, -change AS change FROM {steps}"  # noqa: S608
    return so_far(scope.parts.add("changes", f"\nSELECT person, step, change FROM {steps}{gone}"), "SUM", scope)


def _out(window: t.Window, scope: "Scope") -> str:
    """The step in which what happened at `step` is out of the window."""
    granule = f"tb_floor_div(tb_floor_div(step, 2) * {scope.step}, {window.granule})"
    return f"(({granule} + {window.length // window.granule}) * {2 * window.granule // scope.step})"


def distinct(rows: Rows, value: str, window: t.Window | None, scope: "Scope") -> str:
    """The column that says how many different values there were.

    A value counts from a step on until it comes again or leaves the window: one more, one less.
    """
    seen = (
        f"SELECT person, {number('happened_at', scope.step)} AS step, {value} AS value"  # noqa: S608
        f" FROM {rows.relation} WHERE {rows.also(f'{value} IS NOT NULL')} GROUP BY 1, 2, 3"
    )
    until = "LEAD(step) OVER (PARTITION BY person, value ORDER BY step)"
    if window is not None:
        until = f"LEAST(COALESCE({until}, {_out(window, scope)}), {_out(window, scope)})"
    ends = scope.parts.add("ends", f"\nSELECT person, step, {until} AS until FROM ({seen}) AS seen")
    changes = scope.parts.add(
        "changes",
        f"\nSELECT person, step, COUNT(*) AS change FROM {ends} GROUP BY 1, 2"  # noqa: S608
        f"\nUNION ALL SELECT person, until AS step, -COUNT(*) AS change FROM {ends} WHERE until IS NOT NULL"
        " GROUP BY 1, 2",
    )
    return so_far(changes, "SUM", scope)


def extreme(rows: Rows, value: str, aggregate: str, scope: "Scope") -> str:
    """The column of the smallest or largest value so far."""
    body = (
        f"\nSELECT person, {number('happened_at', scope.step)} AS step, {aggregate}({value}) AS change"
        f"\nFROM {rows.relation} WHERE {rows.also()} GROUP BY 1, 2"
    )
    return so_far(scope.parts.add("changes", body), aggregate, scope)


def leaning(lines: str, value: str, half_life: int, scope: "Scope") -> str:
    """The column of a value's share in the weights of contacts: each as seen from a landmark, as `know.affinity` does.

    Only for half-lives with which doubles reach from the landmark to any time (`FADES_SLOWLY`).
    """
    grown = f"weight * POWER(2e0, (happened_at - {LANDMARK}) / {float(half_life)!r}e0)"

    def summed(test: str) -> str:
        body = (
            f"\nSELECT person, {number('happened_at', scope.step)} AS step, SUM({grown}) AS change\nFROM {lines}{test}"
        )
        return so_far(scope.parts.add("changes", f"{body}\nGROUP BY 1, 2"), "SUM", scope)

    return f"(COALESCE({summed(f' WHERE value = {quoted(value)}')}, 0e0) / {summed('')})"
