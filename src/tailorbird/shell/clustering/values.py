"""The values a clustering learns from: its features as SQL over the lake, for all who allow it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from tailorbird.consent.purpose import may
from tailorbird.errors import StateUnavailable
from tailorbird.know.cluster.definition import Clustering
from tailorbird.know.cluster.model import inputs_of
from tailorbird.know.profile import decode_consent
from tailorbird.know.tables import PROFILE
from tailorbird.shell.clustering.training import Table
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import Bodies, policy_in, program_body, read_in_force, seen_events
from tailorbird.shell.ports import Lake

_PEOPLE = "people_of_it"


def table_of(engines: Engines, definition: Clustering, now: int, categories: Sequence[str] | None = None) -> Table:
    """The inputs of a clustering at `now`, a row for each person it is about.

    `categories`: of an embedding that was trained already; else the most bought ones are looked up. Who withdrew
    consent to personalization is left out (law 7). Raises BadDefinition where a feature cannot be read, and
    StateUnavailable while the state is behind the lake.
    """
    bodies = read_in_force(engines.definitions).bodies
    if categories is None:
        categories = top_categories(engines.lake, definition.embedding.top) if definition.embedding else []
    inputs = inputs_of(definition, categories)
    rows = _ask(engines, definition, bodies, inputs, now)
    allowed = _allowed(engines, bodies, [bytes(row["person"]) for row in rows], now)
    kept = [row for row, may_be in zip(rows, allowed, strict=True) if may_be]
    columns = [f"trait_{_input(definition, place)}" for place in range(len(inputs))]
    raw = np.array([[_number(row[column]) for column in columns] for row in kept], np.float64)
    people = [bytes(row["person"]) for row in kept]
    return Table(people, raw.reshape(len(kept), len(inputs)), list(categories), now, len(rows) - len(kept))


def check_clustering(definition: Clustering, bodies: Bodies, seen: Sequence[str] = ()) -> None:
    """Whether its features and people can be read with the traits that are there; raises BadDefinition otherwise."""
    _program(definition, bodies, inputs_of(definition, []), seen)


def top_categories(lake: Lake, count: int) -> list[str]:
    """The categories with the most lines in orders, the most first."""
    columns = {row["column_name"] for row in lake.query(_COLUMNS)}
    if "properties_products" not in columns:
        return []
    return [row["category"] for row in lake.query(_CATEGORIES, [count])]


_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'events'"
_CATEGORIES = """
    SELECT category, count(*) AS lines
    FROM (SELECT unnest(json_extract_string(CAST(properties_products AS JSON), '$[*].category')) AS category
          FROM events WHERE type = 'track' AND event = 'Order Completed' AND json_valid(properties_products))
    WHERE category IS NOT NULL AND category <> '' GROUP BY category ORDER BY lines DESC, category LIMIT ?"""


def _ask(
    engines: Engines, definition: Clustering, bodies: Bodies, inputs: Mapping[str, str], now: int
) -> list[Mapping[str, Any]]:
    from tailorbird.shell.history import ask

    with engines.state.snapshot() as snapshot:
        if snapshot.offset < engines.lake.sealed():
            raise StateUnavailable("The state is behind the lake, so consent cannot be asked. Try again in a minute.")
        seen = sorted(seen_events(snapshot))
    program = _program(definition, bodies, inputs, seen)
    names = [_input(definition, place) for place in range(len(inputs))]
    if definition.people:
        names.append(_PEOPLE)
    rows = ask(engines.lake, program, names, now=now, baseline=_baseline(engines.lake))
    found = [row for row in rows if not definition.people or row[f"segment_{_PEOPLE}"]]
    # In the order of their ids, so that the same people give the same clusters: SQL promises no order.
    return sorted(found, key=lambda row: bytes(row["person"]))


def _program(definition: Clustering, bodies: Bodies, inputs: Mapping[str, str], seen: Sequence[str]) -> Any:
    from tailorbird.know.language.program import load

    features = {_input(definition, place): {"sql": sql} for place, sql in enumerate(inputs.values())}
    people = {_PEOPLE: {"sql": definition.people}} if definition.people else {}
    body = program_body(bodies, seen)
    return load({**body, "traits": body["traits"] | features, "segments": body["segments"] | people})


def _input(definition: Clustering, place: int) -> str:
    return f"{definition.name[:50]}_input_{place}"


def _baseline(lake: Lake) -> Mapping[str, Mapping[str, float]]:
    rows = lake.query("SELECT body FROM signals WHERE kind = 'baseline' ORDER BY log_offset DESC LIMIT 1")
    found: Mapping[str, Mapping[str, float]] = msgspec.json.decode(rows[0]["body"]) if rows else {}
    return found


def _allowed(engines: Engines, bodies: Bodies, people: Sequence[bytes], now: int) -> list[bool]:
    policy = policy_in(bodies)
    with engines.state.snapshot() as snapshot:
        profiles = snapshot.get_many(PROFILE, people)
    said = [decode_consent(value) if value is not None else None for value in profiles]
    return [words is not None and may("personalization", words, policy, now).allowed for words in said]


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
