"""Aggregates over (at, value) pairs, and contacts: for the oracle in `slow_segments.py`."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tailorbird.events import Event
from tailorbird.know.affinity import WEIGHTS
from tailorbird.know.items import KINDS as CONTACTS
from tailorbird.know.orders import ORDER
from tailorbird.testing.slow_rows import at_of, largest, name_of, smallest

Pairs = list[tuple[int, Any]]


def _sum(pairs: Pairs) -> Any:
    return sum(float(value) for _, value in pairs) if pairs else None


def _avg(pairs: Pairs) -> Any:
    return sum(float(value) for _, value in pairs) / len(pairs) if pairs else None


def _most_frequent(pairs: Pairs) -> Any:
    times = Counter(value for _, value in pairs)
    return smallest(value for value in times if times[value] == max(times.values()))


AGGREGATES: dict[str, Callable[[Pairs], Any]] = {
    "count": len,
    "sum": _sum,
    "avg": _avg,
    "min": lambda pairs: smallest(value for _, value in pairs),
    "max": lambda pairs: largest(value for _, value in pairs),
    # Of several at one instant the smallest, of the last ones the largest: a rule that needs no order of arrival.
    "first": lambda pairs: smallest(value for at, value in pairs if at == min(pairs)[0]),
    "last": lambda pairs: largest(value for at, value in pairs if at == max(pairs)[0]),
    "distinct": lambda pairs: len({value for _, value in pairs}),
    "most_frequent": _most_frequent,
    "first_at": lambda pairs: smallest(at for at, _ in pairs),
    "last_at": lambda pairs: largest(at for at, _ in pairs),
}


def contacts(of: str, events: Sequence[Event]) -> Iterator[tuple[int, str, float]]:
    """(at, category or brand, weight) of every contact that names one; of an order's products each was bought."""
    for event in events:
        said, lines = event.plain_properties, event.plain_properties.get("products")
        kind = "bought" if name_of(event) == ORDER else CONTACTS.get(name_of(event), "")
        products = [one for one in lines if isinstance(one, dict)] if isinstance(lines, list) else [said]
        for product in products if kind == "bought" else [said]:
            name = product.get(of)
            if kind in WEIGHTS and isinstance(name, str) and name:
                yield at_of(event), name, WEIGHTS[kind]
