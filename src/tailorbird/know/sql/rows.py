"""Relations of things that happened, each with `person` and `happened_at`: what statistics count over.

None of them depends on the present: who asks at an instant leaves out what lies behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.know.affinity import WEIGHTS
from tailorbird.know.fold import SAID
from tailorbird.know.items import KINDS
from tailorbird.know.language import tree as t
from tailorbird.know.language.schema import ANY_EVENT
from tailorbird.know.orders import ORDER
from tailorbird.know.sessions import GAP_MS
from tailorbird.know.sql.columns import PRODUCTS, Needs, column_of, field_of, list_column, slug
from tailorbird.know.sql.expressions import SQL_OF_KIND, quoted, sql_of

HISTORY = "history"
SESSION = "session"


class Parts:
    """The named parts of one query (WITH ...); equal ones stand there once."""

    def __init__(self, needs: Needs, now: str = "") -> None:
        self.needs = needs
        self.now = now  # "": many instants
        self.bodies: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def add(self, stem: str, body: str) -> str:
        """The name of a part with this body."""
        if body not in self._names:
            name = f"{stem}_{len(self.bodies) + 1}"
            self._names[body] = name
            self.bodies[name] = body
        return self._names[body]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a relation: those for which `test` ("": all) is TRUE."""

    relation: str
    test: str
    place: "RowPlace"

    def also(self, *tests: str) -> str:
        """All tests as one, for behind WHERE or WHEN."""
        return " AND ".join(test for test in (self.test, *tests) if test) or "TRUE"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row, as filters and values look at it."""

    read: Callable[[t.Property], str]

    @property
    def now(self) -> str:
        raise BadDefinition("A filter or value asks for the present: an event's own properties never change.")

    def once(self, text: str) -> str:
        """The text itself: a row has no columns but those that it was asked with."""
        return text

    def leaf(self, node: Any) -> str:
        if not isinstance(node, t.Property):
            raise BadDefinition(f"A filter or value holds a {type(node).__name__}: only an event's properties can be.")
        return self.read(node)


def rows_of(events: t.Events, parts: Parts) -> Rows:
    """The rows that an event filter names."""
    place = _place(events)
    tests = [] if events.name == SESSION else [_named(events.name)]
    if events.where is not None:
        tests.append(sql_of(events.where, place))
    return Rows(_relation(events, parts), " AND ".join(tests), place)


def _named(name: str) -> str:
    if name == ANY_EVENT:
        return f"name NOT IN ({', '.join(quoted(said) for said in sorted(SAID))})"
    return f"name = {quoted(name)}"


def _place(events: t.Events) -> RowPlace:
    if events.name == SESSION:
        return RowPlace(lambda wanted: f"CAST(NULL AS {SQL_OF_KIND[wanted.kind]})")
    return RowPlace(_of_element if events.each else _of_event)


def _of_event(wanted: t.Property) -> str:
    return column_of(wanted).name


def _of_element(wanted: t.Property) -> str:
    return f"element_{field_of(wanted).name}" if wanted.group == "properties" else _of_event(wanted)


def _relation(events: t.Events, parts: Parts) -> str:
    if events.name == SESSION:
        return parts.add("sessions", SESSIONS)
    return _elements(events.each, parts) if events.each else HISTORY


SESSIONS = f"""
SELECT person, happened_at FROM (
    SELECT person, happened_at, LAG(happened_at) OVER (PARTITION BY person ORDER BY happened_at) AS before
    FROM history WHERE contact) AS contacts
WHERE before IS NULL OR happened_at - before > {GAP_MS}"""  # noqa: S608  whole numbers of our own


def _elements(each: str, parts: Parts) -> str:
    """A row for each object of a list, with the event's own columns that may be asked for beside it."""
    kept = [column.name for column in parts.needs.columns.values() if column.group in ("context", "event")]
    fields = parts.needs.lists[each].values()
    of = [f"tb_field(element, {one.name}, {SQL_OF_KIND[one.kind]}) AS element_{one.name}" for one in fields]
    return parts.add(
        f"elements_{slug((each,))}",
        f"\nSELECT {', '.join(['person', 'happened_at', 'name', *kept, *of])}"
        f"\nFROM history, UNNEST(history.{list_column(each)}) AS elements(element){_looked_at(each, parts)}",
    )


def _looked_at(each: str, parts: Parts) -> str:
    """The events whose lists must be taken apart: that costs more than all the rest."""
    names, back = parts.needs.list_events[each], parts.needs.list_back[each]
    tests = [] if "*" in names else [f"name IN ({', '.join(quoted(name) for name in sorted(names))})"]
    if parts.now and back < inf:
        tests.append(f"happened_at > {parts.now} - {back:.0f}")
    return f"\nWHERE {' AND '.join(tests)}" if tests else ""


# -- what lies in order


def reached(node: t.Sequence, parts: Parts) -> str:
    """(person, happened_at) of each event of the last step that the others lie before.

    Each step's event carries the latest first step from which a chain leads to it: the later, the closer.
    """
    keyed = ", key" if node.key is not None else ""
    body = _marks(node.steps, node.key, parts)
    chain = f"SELECT person{keyed}, happened_at, step, CASE WHEN step = 1 THEN happened_at END AS begun_1 FROM {body}"  # noqa: S608
    for step in range(2, len(node.steps) + 1):
        chain = (
            # Strictly before: two events of one ms stand in no order. RANGE and not ROWS, which would put them in some.
            f"SELECT *, CASE WHEN step = {step} THEN MAX(begun_{step - 1}) OVER (PARTITION BY person{keyed}"  # noqa: S608
            f" ORDER BY happened_at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS begun_{step}"
            f" FROM ({chain}) AS chain_{step - 1}"
        )
    last = len(node.steps)
    test = f"step = {last} AND happened_at - begun_{last} <= {node.within}"
    return parts.add("reached", f"\nSELECT person, happened_at FROM ({chain}) AS chain_{last}\nWHERE {test}")


def unanswered(node: t.Absence, parts: Parts) -> str:
    """(person, happened_at, answered_at) of each `first`; NULL where no `then` followed with the same key."""
    keyed = ", key" if node.key is not None else ""
    body = _marks((node.first, node.then), node.key, parts)
    answer = (
        "SELECT person, happened_at, step, MIN(CASE WHEN step = 2 THEN happened_at END)"  # noqa: S608
        f" OVER (PARTITION BY person{keyed} ORDER BY happened_at RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
        f" AS answered_at FROM {body}"
    )
    wanted = f"\nSELECT person, happened_at, answered_at FROM ({answer}) AS answers WHERE step = 1"
    return parts.add("unanswered", wanted)


def _marks(steps: tuple[t.Events, ...], key: t.Expression | None, parts: Parts) -> str:
    """Every event of every step, with its key: (person, happened_at, step, key)."""
    return parts.add(
        "steps", "\nUNION ALL".join(_mark(number, step, key, parts) for number, step in enumerate(steps, 1))
    )


def _mark(number: int, step: t.Events, key: t.Expression | None, parts: Parts) -> str:
    rows = rows_of(step, parts)
    if key is None:
        return f"\nSELECT person, happened_at, {number} AS step FROM {rows.relation} WHERE {rows.also()}"
    said = sql_of(key, rows.place)
    return (
        f"\nSELECT person, happened_at, {number} AS step, {said} AS key"
        f" FROM {rows.relation} WHERE {rows.also(f'{said} IS NOT NULL')}"
    )


def restarts(node: t.Restart, parts: Parts) -> str:
    """(person, happened_at) of each event that came so long behind the one before it."""
    rows = rows_of(node.events, parts)
    behind = (
        "SELECT person, happened_at, LAG(happened_at) OVER (PARTITION BY person ORDER BY happened_at) AS before"  # noqa: S608
        f" FROM {rows.relation} WHERE {rows.also()}"
    )
    wanted = f"\nSELECT person, happened_at FROM ({behind}) AS pairs\nWHERE happened_at - before >= {node.after}"
    return parts.add("restarts", wanted)


# -- contacts

_WEIGHT_OF: Mapping[str, float] = {name: WEIGHTS[kind] for name, kind in KINDS.items() if kind in WEIGHTS}


def contacts(of: str, parts: Parts) -> str:
    """(person, happened_at, value, weight) of every contact that names a category or a brand; `know.items.favour`."""
    named = t.Property("properties", (of,), "text")
    column, element = column_of(named).name, f"element_{field_of(named).name}"
    weights = " ".join(f"WHEN {quoted(name)} THEN {weight!r}e0" for name, weight in sorted(_WEIGHT_OF.items()))
    names = ", ".join(quoted(name) for name in sorted(_WEIGHT_OF))
    bought, order = f"{WEIGHTS['bought']!r}e0", f"name = {quoted(ORDER)}"
    return parts.add(
        f"contacts_{of}",
        f"\nSELECT person, happened_at, {column} AS value, CASE name {weights} END AS weight"
        f"\nFROM history WHERE name IN ({names}) AND {column} <> ''"
        # An order without a list of products may name one by itself (`know.items.purchase`).
        f"\nUNION ALL SELECT person, happened_at, {column} AS value, {bought} AS weight"
        f"\nFROM history WHERE {order} AND {list_column(PRODUCTS)} IS NULL AND {column} <> ''"
        f"\nUNION ALL SELECT person, happened_at, {element} AS value, {bought} AS weight"
        f"\nFROM {_elements(PRODUCTS, parts)} WHERE {order} AND {element} <> ''",
    )
