"""The contacts of people with items, read from the lake in one query: a row a person, packed as text.

Text, because a year of a shop is a million contacts: as rows of Python objects they would take ten times the memory.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.shell.ports import Lake

SINGLE = {
    "Product Viewed": "viewed",
    "Product Clicked": "clicked",
    "Recommendation Clicked": "clicked",
    "Product Added": "added",
}
ID_COLUMNS = ("properties_product_id", "properties_sku")  # the first that an event has counts
SEPARATOR = "\x1f"
TRAIT = "traits_"
Contacts = tuple[bytes, list[str], NDArray[np.int64], NDArray[np.int64]]


def people_with_contacts(lake: Lake) -> Iterator[Contacts]:
    """(person, items, kinds, times in ms) of everyone who had to do with an item. Kinds are those of contacts.KINDS."""
    columns = _columns(lake)
    parts = [part for part in (_orders(columns), _singles(columns)) if part]
    if not parts:
        return
    # An id with the separator in it would move all ids behind it: such items are left out.
    sql = f"""
        SELECT person, string_agg(item, chr(31)) AS items, string_agg(kind, ',') AS kinds,
               string_agg(happened, ',') AS times
        FROM ({" UNION ALL ".join(parts)})
        WHERE person IS NOT NULL AND item IS NOT NULL AND item <> '' AND NOT contains(item, chr(31))
        GROUP BY person ORDER BY person"""  # noqa: S608  # names of columns and numbers, all our own
    for row in lake.query(sql):
        yield bytes(row["person"]), row["items"].split(SEPARATOR), _numbers(row["kinds"]), _numbers(row["times"])


def counts_since(lake: Lake, since: int) -> Iterator[tuple[str, str, int]]:
    """(item, kind, how many) of everybody's contacts from `since` (ms) on: sums, which are nobody's."""
    columns, names = _columns(lake), {code: name for name, code in KINDS.items()}
    parts = [part for part in (_orders(columns, since), _singles(columns, since)) if part]
    if not parts:
        return
    sql = f"""
        SELECT item, kind, count(*) AS times FROM ({" UNION ALL ".join(parts)})
        WHERE person IS NOT NULL AND item IS NOT NULL AND item <> '' GROUP BY item, kind"""  # noqa: S608
    for row in lake.query(sql):
        yield row["item"], names[int(row["kind"])], int(row["times"])


def plain_traits(lake: Lake) -> list[str]:
    """The traits that the tracking plan declares as plain: only these may make segments."""
    return sorted(name.removeprefix(TRAIT) for name in _columns(lake) if name.startswith(TRAIT))


def _columns(lake: Lake) -> list[str]:
    found = lake.query("SELECT column_name FROM information_schema.columns WHERE table_name = 'people_events'")
    return [row["column_name"] for row in found]


def _orders(columns: list[str], since: int = 0) -> str:
    if "properties_products" not in columns:
        return ""
    products = "CAST(properties_products AS JSON)"
    ids, skus = (f"json_extract_string({products}, '$[*].{field}')" for field in ("product_id", "sku"))
    return f"""
        SELECT person, unnest(CASE WHEN len({ids}) > 0 THEN {ids} ELSE {skus} END) AS item,
               '{KINDS["bought"]}' AS kind, CAST(epoch_ms(timestamp) AS VARCHAR) AS happened
        FROM people_events
        WHERE type = 'track' AND event = 'Order Completed' AND json_valid(properties_products){_from(since)}"""  # noqa: S608


def _singles(columns: list[str], since: int = 0) -> str:
    # A value of another kind than its column stands in a sibling, properties_sku__text (docs/guide/lake.md).
    named = [name for column in ID_COLUMNS for name in columns if name == column or name.startswith(f"{column}__")]
    if not named:
        return ""
    texts = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in named)
    kinds = " ".join(f"WHEN '{event}' THEN '{KINDS[kind]}'" for event, kind in SINGLE.items())
    return f"""
        SELECT person, coalesce({texts}, NULL) AS item, CASE event {kinds} END AS kind,
               CAST(epoch_ms(timestamp) AS VARCHAR) AS happened
        FROM people_events
        WHERE type = 'track' AND event IN ({", ".join(f"'{event}'" for event in SINGLE)}){_from(since)}"""  # noqa: S608


def _from(since: int) -> str:
    # DuckDB counts microseconds there.
    return f" AND timestamp >= make_timestamp({since * 1000})" if since else ""


def _numbers(text: str) -> NDArray[Any]:
    return np.fromstring(text, np.int64, sep=",")
