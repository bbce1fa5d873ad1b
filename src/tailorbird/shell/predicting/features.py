"""What models learn from: the site's own traits and the usual counters of everyone, at any instants of the past.

All of it is asked in the language of definitions, so a feature at an instant is what the trait was at that instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS
from tailorbird.know.language.prediction import model_of
from tailorbird.know.language.program import load
from tailorbird.know.language.tree import Expression, Held, Program
from tailorbird.know.language.walk import nodes
from tailorbird.know.predict.question import Question
from tailorbird.know.sql.columns import needs
from tailorbird.know.sql.compiled import Baseline, compile_sql, needed
from tailorbird.shell.history import over
from tailorbird.shell.in_force import Bodies, program_body
from tailorbird.shell.ports import Lake

Matrix = NDArray[np.float64]

# Recency, frequency, monetary; rhythm; what they look at; what they are sent. Of every site, whatever its traits.
USUAL: Mapping[str, str] = {
    "orders_30d": "orders('30 days')",
    "orders_90d": "orders('90 days')",
    "orders_365d": "orders('365 days')",
    "revenue_30d": "coalesce(sum('Order Completed', 'revenue', '30 days'), 0)",
    "revenue_90d": "coalesce(sum('Order Completed', 'revenue', '90 days'), 0)",
    "revenue_365d": "coalesce(sum('Order Completed', 'revenue', '365 days'), 0)",
    "mean_order": "avg('Order Completed', 'revenue', '365 days')",
    "last_order": "last('Order Completed', 'revenue')",
    "days_since_order": "days_since('Order Completed')",
    "orders_late": "days_since('Order Completed') * orders('180 days') / 180",
    "visits_7d": "count('session', '7 days')",
    "visits_30d": "count('session', '30 days')",
    "visits_90d": "count('session', '90 days')",
    "visits_trend": "count('session', '30 days') / nullif(count('session', '90 days'), 0)",
    "days_since_visit": "days_since('session')",
    "days_known": "days_since(first_at('session'))",
    "weeks_here": "periods('session', of => 12, every => '7 days')",
    "views_7d": "count('Product Viewed', '7 days')",
    "views_30d": "count('Product Viewed', '30 days')",
    "added_7d": "count('Product Added', '7 days')",
    "added_30d": "count('Product Added', '30 days')",
    "days_since_added": "days_since('Product Added')",
    "mailed_30d": "count('Campaign Received', '30 days')",
    "coupons_90d": "count('Coupon Redeemed', '90 days')",
}
OWN = "own"  # the prefix of the features of the event that is asked for


class Asked(NamedTuple):
    """What is asked of everyone at an instant: names of columns, with their expressions, and the program to ask."""

    program: Program
    columns: Mapping[str, str]  # feature -> the trait in the program


class Rows(NamedTuple):
    """The values of some columns, a row for each person and instant, in the order of instants and people."""

    people: list[bytes]
    at: NDArray[np.int64]  # ms
    values: Matrix  # (rows, columns); NaN where a value is not known


def usual_and_own(questions: Iterable[Question]) -> dict[str, str]:
    """The counters of every site, and those of the events that questions ask for."""
    found = dict(USUAL)
    for one in questions:
        # These are among the usual ones already.
        if one.event in ("session", "Order Completed") and not one.narrowed:
            continue
        event, prefix = "'" + one.event.replace("'", "''") + "'", f"{OWN}_{one.slug}"
        for days in (7, 30, 90, 365):
            found[f"{prefix}_{days}d"] = f"count({event}, '{days} days'{one.narrowed})"
        found[f"{prefix}_since"] = f"days_since({event}{one.narrowed})"
        found[f"{prefix}_weeks"] = f"periods({event}, of => 12, every => '7 days'{one.narrowed})"
    return found


def for_question(names: Sequence[str], question: Question) -> list[int]:
    """The places of the columns that one question learns from: all but the own ones of others."""
    own = f"{OWN}_{question.slug}_"
    return [place for place, name in enumerate(names) if not name.startswith(f"{OWN}_") or name.startswith(own)]


def asking(bodies: Bodies, seen: Iterable[str], texts: Mapping[str, str]) -> Asked:
    """The site's numbers and truths, then `texts`, ready to be asked. Raises BadDefinition for what cannot be read."""
    body = program_body(bodies, seen)
    # Numbered: a feature may have a name that the site has given to a trait of its own.
    own = {f"{_IT}{place}": text for place, text in enumerate(texts.values())}
    program = load({**body, "traits": {**body["traits"], **own}})
    site = {one.name: one.name for one in program.traits if not one.name.startswith(_IT) and _usable(one.expression)}
    return Asked(program, {**site, **dict(zip(texts, own, strict=True))})


def alone(asked: Asked, texts: Iterable[str]) -> Asked:
    """Only some of the columns."""
    return asked._replace(columns={name: asked.columns[name] for name in texts})


def rows_at(
    lake: Lake, asked: Asked, instants: Sequence[int], baseline: Baseline | None = None, share: float = 1.0
) -> Rows:
    """The columns of everyone, or of so large a share of them, who is known at each instant (ms).

    Instants but the last must be the last ms of a day.
    """
    names = list(asked.columns.values())
    sql = compile_sql(asked.program, names, probes="probes", step=DAY_MS, baseline=baseline)
    probes = _PROBES.format(instants=", ".join(map(str, instants)), border=f"{int(share * 0xFFFFFFFF):08X}")
    text = over(lake, sql, needs(needed(asked.program, names)), until=max(instants), probes=probes)
    found = lake.query(text)
    # In the order of time and id: SQL promises none, and the same people must give the same model.
    found = sorted(found, key=lambda row: (row["now"], bytes(row["person"])))
    columns = [f"trait_{name}" for name in names]
    values = [[_number(row[column]) for column in columns] for row in found]
    people = [bytes(row["person"]) for row in found]
    at = np.array([row["now"] for row in found], np.int64)
    return Rows(people, at, np.array(values, np.float64).reshape(len(found), len(columns)))


_IT = "predicting_it_"
# The ids of people are hashes, so those below a border are a fair sample, and the same at every instant.
_PROBES = """
SELECT person, now FROM (
    SELECT person, MIN(happened_at) AS first_at FROM history
    WHERE substr(hex(person), 1, 8) <= '{border}' GROUP BY person
) AS known JOIN (SELECT UNNEST([{instants}]) AS now) AS instants ON first_at <= now"""


def _usable(expression: Expression) -> bool:
    """Numbers and truths that neither read predictions (a model must not learn its own echo) nor look back for long."""
    if expression.kind not in ("number", "boolean"):
        return False
    return not any(model_of(node) or isinstance(node, Held) for node in nodes(expression))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
