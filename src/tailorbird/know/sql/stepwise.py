"""Many instants at once: rows are summed up by step of time first, then the steps by instant.

Ninety days of a thousand orders each are ninety sums over ninety days, and not over ninety thousand rows. What lies
exactly on an edge counts to the instant there, so it gets a step of its own: 2n for the edge, 2n + 1 for what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailorbird.know.language import tree as t

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
        body = f"\nSELECT person, {self.number('happened_at')} AS step{texts}\nFROM {relation}{tests}\nGROUP BY 1, 2"
        return f"FROM {scope.parts.add('steps', body)} JOIN {scope.probes} USING (person) WHERE step <= {self.number('now')}"

    def number(self, at: str) -> str:
        """The step of an instant.

        >>> Stepwise(1000).number("now")
        '(2 * tb_floor_div(now, 1000) + CASE WHEN now % 1000 > 0 THEN 1 ELSE 0 END)'
        """
        return f"(2 * tb_floor_div({at}, {self.step}) + CASE WHEN {at} % {self.step} > 0 THEN 1 ELSE 0 END)"
