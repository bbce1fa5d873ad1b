"""Many instants at once: rows are summed up by step of time first, then the steps by instant.

Ninety days of a thousand orders each are ninety sums over ninety days, and not over ninety thousand rows. What lies
exactly on an edge counts to the instant there, so it gets a step of its own: 2n for the edge, 2n + 1 for what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailorbird.know.language import tree as t
from tailorbird.know.sql.expressions import quoted
from tailorbird.know.sql.rows import Rows

if TYPE_CHECKING:
    from tailorbird.know.sql.scope import Scope

# What can be told from sums over parts: (aggregate of a part's rows, aggregate of the parts).
OF_PARTS: dict[str, tuple[str, str]] = {
    "count": ("COUNT(CASE WHEN {test} THEN 1 END)", "SUM({})"),
    "sum": ("SUM(CASE WHEN {test} THEN {value} END)", "SUM({})"),
    "valued": ("COUNT(CASE WHEN {test} THEN {value} END)", "SUM({})"),  # the divisor of a mean
    "min": ("MIN(CASE WHEN {test} THEN {value} END)", "MIN({})"),
    "max": ("MAX(CASE WHEN {test} THEN {value} END)", "MAX({})"),
    "first_at": ("MIN(CASE WHEN {test} THEN {value} END)", "MIN({})"),
    "last_at": ("MAX(CASE WHEN {test} THEN {value} END)", "MAX({})"),
}


@dataclass(slots=True)
class Stepwise:
    """The sums over one relation."""

    step: int
    tests: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)  # text -> column
    wholes: dict[str, str] = field(default_factory=dict)

    def column(self, part: str, whole: str, window: t.Window | None, name: Callable[[], str]) -> str:
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
        return f"FROM {up_to_now(scope.parts.add('steps', body), scope)}"


def number(at: str, step: int) -> str:
    """The step of an instant.

    >>> number("now", 1000)
    '(2 * tb_floor_div(now, 1000) + CASE WHEN now % 1000 > 0 THEN 1 ELSE 0 END)'
    """
    return f"(2 * tb_floor_div({at}, {step}) + CASE WHEN {at} % {step} > 0 THEN 1 ELSE 0 END)"


def up_to_now(steps: str, scope: "Scope") -> str:
    """Steps of everyone, beside each instant that does not lie before them."""
    return f"{steps} JOIN {scope.probes} USING (person) WHERE step <= {number('now', scope.step)}"


def distinct(rows: Rows, value: str, window: t.Window | None, scope: "Scope") -> str:
    """The column that says how many different values there were.

    A value counts from a step on until it comes again or leaves the window: one more, one less. So the answer at an
    instant is a plain sum, over steps and not over values.
    """
    seen = (
        f"SELECT person, {number('happened_at', scope.step)} AS step, {value} AS value"  # noqa: S608
        f" FROM {rows.relation} WHERE {rows.also(f'{value} IS NOT NULL')} GROUP BY 1, 2, 3"
    )
    until = "LEAD(step) OVER (PARTITION BY person, value ORDER BY step)"
    if window is not None:
        granule = f"tb_floor_div(tb_floor_div(step, 2) * {scope.step}, {window.granule})"
        out = f"(({granule} + {window.length // window.granule}) * {2 * window.granule // scope.step})"
        until = f"LEAST(COALESCE({until}, {out}), {out})"
    ends = scope.parts.add("ends", f"\nSELECT person, step, {until} AS until FROM ({seen}) AS seen")
    deltas = scope.parts.add(
        "deltas",
        f"\nSELECT person, step, COUNT(*) AS more FROM {ends} GROUP BY 1, 2"  # noqa: S608
        f"\nUNION ALL SELECT person, until AS step, -COUNT(*) AS more FROM {ends} WHERE until IS NOT NULL"
        " GROUP BY 1, 2",
    )
    return scope.sum_up_own(up_to_now(deltas, scope), "SUM(more)")


def leaning(lines: str, value: str, half_life: int, scope: "Scope") -> str:
    """The column of a value's share in the weights of contacts.

    Within a step weights are seen from its start; the steps from the latest before now, for seen from now itself all
    that is old would fade to zero.
    """
    start = f"tb_floor_div(happened_at, {scope.step}) * {scope.step}"
    grown = f"weight * POWER(2e0, (happened_at - {start}) / {float(half_life)!r}e0)"
    steps = scope.parts.add(
        "leanings",
        f"\nSELECT person, {number('happened_at', scope.step)} AS step, SUM({grown}) AS whole,"
        f" SUM(CASE WHEN value = {quoted(value)} THEN {grown} ELSE 0e0 END) AS part\nFROM {lines} GROUP BY 1, 2",
    )
    latest = scope.parts.add(
        "latest", f"\nSELECT person, now, MAX(step) AS latest FROM {up_to_now(steps, scope)} GROUP BY person, now"
    )
    ago = f"(tb_floor_div(latest, 2) - tb_floor_div(step, 2)) * {scope.step} / {float(half_life)!r}e0"
    rows = f"{steps} JOIN {latest} USING (person) WHERE step <= latest"
    return scope.sum_up_own(rows, f"SUM(part * POWER(5e-1, {ago})) / SUM(whole * POWER(5e-1, {ago}))")
