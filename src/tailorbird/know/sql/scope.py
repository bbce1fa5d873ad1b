"""One instant for everyone, or many instants: each statistic once, all of them in one row a person (and instant)."""

import re
from collections.abc import Mapping
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.know.language import tree as t
from tailorbird.know.sql.expressions import quoted, sql_of
from tailorbird.know.sql.measures import MEASURED
from tailorbird.know.sql.rows import HISTORY, Parts, Rows
from tailorbird.know.sql.stepwise import Stepwise

# Characters from which on a text that is needed several times becomes a column.
LONG = 120
_NAMED = re.compile(r"\b(?:segment_\w+|term_\d+)")
Baseline = Mapping[str, Mapping[str, float]]


def at_present(now: int | None) -> str:
    """The text of an instant; None is when the query runs."""
    return "tb_now()" if now is None else str(now)


class Scope:
    """The instants that an expression is asked for. A `Place` whose leaves are columns of `finish()`'s relation.

    Without `probes` that is one instant, `present` (None: when the query runs), and everyone who did something by
    then; else each (person, now) of the relation `probes`, whether they did anything by then or not. `step` (ms) is a
    promise about these instants: each is a multiple of it or the last that something may have happened in its step.
    """

    def __init__(
        self,
        parts: Parts,
        segments: Mapping[str, t.Expression],
        baseline: Baseline,
        present: int | None = None,
        probes: str = "",
        step: int = 0,
    ) -> None:
        self.parts, self.segments, self.baseline = parts, segments, baseline
        self.present, self.probes, self.step = present, probes, step
        self.keys = "person, now" if probes else "person"
        self.now = "now" if probes else at_present(present)
        # Of one instant history is asked in any case: everyone who did something by then is a row, whatever is asked of
        # them.
        self._measures: dict[str, dict[str, str]] = {} if probes else {HISTORY: {}}  # relation -> text -> column
        self._tests: dict[str, set[str]] = {}  # relation -> what the rows that matter pass; "": all do
        self._stepwise: dict[str, Stepwise] = {}  # relation -> what is summed up by step first
        self._own: dict[str, dict[str, str]] = {}  # the same, of relations made for this scope
        self._layered: dict[str, tuple[int, str]] = {}  # column that others name -> (how deep it stands, text)
        self._terms: dict[str, str] = {}  # long text -> its column
        self._columns = 0

    # -- asked while expressions are written

    def leaf(self, node: Any) -> str:
        """The text of a trait, statistic or membership."""
        if isinstance(node, t.Member):
            return self.member(node.segment)
        if isinstance(node, t.RandomBucket):
            return f"tb_bucket({quoted(node.salt + ':')} || tb_hex(person))"
        if type(node) not in MEASURED:
            raise BadDefinition(f"A {type(node).__name__} stands outside of an event's filter or value.")
        return MEASURED[type(node)](node, self)

    def member(self, segment: str) -> str:
        """The column that says whether the person is in a segment."""
        column = f"segment_{segment}"
        if column not in self._layered:
            self._put(column, f"COALESCE({sql_of(self.segments[segment], self)}, FALSE)")
        return column

    def once(self, text: str) -> str:
        """A column with the value of `text`, where that is long."""
        if len(text) < LONG:
            return text
        if text not in self._terms:
            self._terms[text] = f"term_{len(self._terms) + 1}"
            self._put(self._terms[text], text)
        return self._terms[text]

    def _put(self, column: str, text: str) -> None:
        # Written first: whatever it names stands a layer below by then.
        below = [self._layered[name][0] for name in _NAMED.findall(text) if name in self._layered]
        self._layered[column] = (1 + max(below, default=0), text)

    def sum_up(self, relation: str, text: str, test: str = "") -> str:
        """The column of an aggregate over the rows of `relation` up to now; only rows that pass `test` matter to it."""
        columns = self._measures.setdefault(relation, {})
        self._tests.setdefault(relation, set()).add(test)
        if text not in columns:
            columns[text] = self._column()
        return columns[text]

    def sum_up_steps(self, rows: Rows, window: t.Window | None, part: str, whole: str) -> str:
        """The same by two aggregates: `part` over a step's rows, `whole` over the steps of the window."""
        stepwise = self._stepwise.setdefault(rows.relation, Stepwise(self.step))
        stepwise.tests.add(rows.also())
        return stepwise.column(part, whole, window, self._column)

    def sum_up_own(self, rows: str, text: str) -> str:
        """The same over rows that know each of `keys` already, and hold nothing behind now."""
        columns = self._own.setdefault(rows, {})
        if text not in columns:
            columns[text] = self._column()
        return columns[text]

    def _column(self) -> str:
        self._columns += 1
        return f"value_{self._columns}"

    def at(self, probes: str, step: int) -> "Scope":
        """The same definitions at other instants."""
        return Scope(self.parts, self.segments, self.baseline, probes=probes, step=step)

    # -- where rows come from

    def rows(self, relation: str, test: str = "TRUE") -> str:
        """`FROM ... WHERE ...` of the rows up to now."""
        joined = f"{relation} JOIN {self.probes} USING (person)" if self.probes else relation
        also = "" if test == "TRUE" else f" AND {test}"
        return f"FROM {joined} WHERE happened_at <= {self.now}{also}"

    def people(self) -> str:
        """A relation with a row for each of `keys`."""
        return self.probes or self.parts.add(
            "people",
            f"\nSELECT DISTINCT person {self.rows(HISTORY)}",
        )

    def edge(self, granule: int, back: int) -> str:
        """The first ms of the granule that lies `back` whole ones before the present one."""
        if self.present is not None:
            return str((self.present // granule - back) * granule)
        return f"((tb_floor_div({self.now}, {granule}) - {back}) * {granule})"

    # -- put together

    def finish(self) -> str:
        """The relation with all columns that were asked for; nothing can be asked for any more."""
        last = self._statistics()
        for layer in range(1, max((depth for depth, _ in self._layered.values()), default=0) + 1):
            texts = {name: text for name, (depth, text) in self._layered.items() if depth == layer}
            columns = ",\n    ".join(f"{text} AS {name}" for name, text in texts.items())
            last = self.parts.add("members", f"\nSELECT *,\n    {columns}\nFROM {last}")
        return last

    def _statistics(self) -> str:
        names = [
            self._summed(columns, self.rows(relation, self._mattering(relation)))
            for relation, columns in self._measures.items()
        ]
        names += [self._summed(one.wholes, one.rows(relation, self)) for relation, one in self._stepwise.items()]
        names += [self._summed(columns, f"FROM {rows}") for rows, columns in self._own.items()]
        first, *others = [self.probes, *names] if self.probes else names
        if not others:
            return first
        sums = [*self._measures.values(), *(one.wholes for one in self._stepwise.values()), *self._own.values()]
        columns = [column for one in sums for column in one.values()]
        joins = "".join(f"\nLEFT JOIN {name} USING ({self.keys})" for name in others)
        return self.parts.add("statistics", f"\nSELECT {', '.join([self.keys, *columns])}\nFROM {first}{joins}")

    def _mattering(self, relation: str) -> str:
        """The rows that matter to some aggregate: joined to many instants, each of the others costs as much."""
        tests = self._tests.get(relation, {""})
        # Of one instant every person is wanted, whatever they did.
        if "" in tests or not self.probes:
            return "TRUE"
        return "(" + " OR ".join(sorted(tests)) + ")"

    def _summed(self, columns: Mapping[str, str], rows: str) -> str:
        texts = "".join(f",\n    {text} AS {column}" for text, column in columns.items())
        return self.parts.add("summed", f"\nSELECT {self.keys}{texts}\n{rows}\nGROUP BY {self.keys}")
