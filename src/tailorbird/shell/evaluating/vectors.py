"""What an encoder made of items: a column `vector` beside `item` in the table of attributes, a list of numbers each."""

from pathlib import Path

import numpy as np

from tailorbird.errors import BadRequest
from tailorbird.offer.retrievers.histories import Floats
from tailorbird.shell.evaluating.tables import named, table_of

VECTOR = "vector"


def vectors_by_item(path: Path) -> dict[str, Floats] | None:
    """The vector of each item that has one; None where the file holds none. Raises BadRequest for what is no vector."""
    if path.suffix.lower() == ".json":
        return None
    table = table_of(path)
    column = named(table.column_names, "item")
    if VECTOR not in table.column_names or column is None:
        return None
    items, cells = (table[name].to_pylist() for name in (column, VECTOR))
    found = {str(item): _vector(cell, item, path) for item, cell in zip(items, cells, strict=True) if cell is not None}
    lengths = sorted({len(vector) for vector in found.values()})
    if len(lengths) > 1:
        raise BadRequest(
            f"{path} has vectors of {lengths[0]} and of {lengths[-1]} numbers. Write them with one encoder."
        )
    return found or None


def beside(vectors: dict[str, Floats], rows: dict[str, int], items: int) -> Floats:
    """items x d, zeros where an item has none."""
    found = np.zeros((items, len(next(iter(vectors.values())))), np.float32)
    for item in vectors.keys() & rows.keys():
        found[rows[item]] = vectors[item]
    return found


def _vector(cell: object, item: object, path: Path) -> Floats:
    try:
        vector = np.array(cell, np.float32)
    except (TypeError, ValueError):
        vector = np.empty(0, np.float32)
    if vector.ndim != 1 or not len(vector) or not np.isfinite(vector).all():
        raise BadRequest(f"{path}: the vector of item {item} is {str(cell)[:60]!r}. Write a list of finite numbers.")
    return vector
