"""Records to columns and back, without loss: what `record_rows` gives is equal to what `record_table` took.

A name that few events carry costs only those events: sparse values are gathered by column and spread at the end.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from tailorbird.events import Event, Identifier, Record
from tailorbird.shell.embedded.lake_columns import SQL_OF_KIND, Columns, Kind, Place, from_json, kind_of, to_json
from tailorbird.shell.embedded.lake_schema import EVENTS, LATER, Column, LakeTable, SqlType

_IDENTIFIER = pa.struct([("type", pa.string()), ("hash", pa.binary())])
ARROW: dict[SqlType, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BLOB": pa.binary(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("ms"),
    "VARCHAR[]": pa.list_(pa.string()),
    "DOUBLE[]": pa.list_(pa.float64()),
    "IDENTIFIERS": pa.list_(_IDENTIFIER),
}
# Dictionaries of fixed columns; an empty one is NULL.
_JSON_FIELDS = frozenset({"consent", "body"})
_GROUPS = (("properties", "plain_properties"), ("context", "plain_context"), ("traits", "plain_traits"))
_TO_CELL: dict[Kind, Callable[[Any], Any]] = {"json": to_json, "null": lambda _: True}
# A null has no value to keep, only its being there: an empty cell means that the event has no such name.
_FROM_CELL: dict[Kind, Callable[[Any], Any]] = {"json": from_json, "null": lambda _: None}

Rows = Sequence[tuple[int, Any]]  # (position in the table's order, record)


def record_table(table: LakeTable, rows: Rows, columns: Columns) -> pa.Table:
    """The rows as an Arrow table; names columns that are new."""
    records = [record for _, record in rows]
    arrays = {column.name: _column(column, rows, records) for column in table.columns if column.name != "shape"}
    if table is EVENTS:
        # A site has few shapes, each of some hundred bytes, on millions of rows.
        arrays["shape"] = pa.array(_shapes(records), pa.string()).dictionary_encode()
        for group, field in _GROUPS:
            arrays |= _spread(group, [getattr(record, field) for record in records], columns)
    return pa.table(arrays)


def record_rows(table: LakeTable, data: pa.Table, columns: dict[str, Place]) -> list[tuple[int, Record]]:
    """The records of an Arrow table, in its order."""
    values = {column.field: _values(column, data) for column in table.columns if column.field}
    if table is EVENTS:
        values |= _gather(data, columns)
    records = map(table.record, *(values[field] for field in table.record.__struct_fields__))
    return list(zip(data.column(table.ordered_by).to_pylist(), records, strict=True))


# -- fixed columns


def _column(column: Column, rows: Rows, records: list[Any]) -> pa.Array:
    if not column.field:
        return pa.array([position for position, _ in rows], ARROW[column.type])
    values = list(map(attrgetter(column.field), records))
    if column.type == "IDENTIFIERS":
        return _identifier_array(values)
    if column.field in _JSON_FIELDS:
        values = [to_json(value) if value else None for value in values]
    return pa.array(values, ARROW[column.type])


def _values(column: Column, data: pa.Table) -> list[Any]:
    if column.name not in data.column_names and column.name in LATER:
        return [[]] * len(data)
    array = data.column(column.name)
    if column.type == "IDENTIFIERS":
        return _identifier_lists(array.combine_chunks())
    if column.type == "TIMESTAMP":
        # As ms: Python's datetimes end with the year 9999 and cost an object each.
        array = array.cast(pa.int64())
    values = array.to_pylist()
    if column.name in LATER:
        return [value or [] for value in values]
    return [from_json(value) if value else {} for value in values] if column.field in _JSON_FIELDS else values


def _identifier_array(values: list[list[Identifier]]) -> pa.Array:
    """Built from flat parts: a dictionary per identifier would cost ten times as much."""
    flat = [identifier for identifiers in values for identifier in identifiers]
    parts = [pa.array([i.type for i in flat], pa.string()), pa.array([i.hash for i in flat], pa.binary())]
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(parts, names=["type", "hash"]))


def _identifier_lists(array: pa.ListArray) -> list[list[Identifier]]:
    flat = array.flatten()
    identifiers = list(map(Identifier, flat.field("type").to_pylist(), flat.field("hash").to_pylist()))
    ends = np.cumsum([0, *array.value_lengths().to_pylist()]).tolist()
    return [identifiers[start:end] for start, end in pairwise(ends)]


# -- columns of the site's own


def _spread(group: Any, parts: list[dict[str, Any]], columns: Columns) -> dict[str, pa.Array]:
    cells: dict[tuple[str, Kind], tuple[list[int], list[Any]]] = {}
    for row, part in enumerate(parts):
        for key, value in part.items():
            found = cells.get((key, kind_of(value)))
            if found is None:
                found = cells[key, kind_of(value)] = ([], [])
            found[0].append(row)
            found[1].append(value)
    return {
        columns.name_of(Place(group, key, kind)): _sparse_array(kind, rows, values, len(parts))
        for (key, kind), (rows, values) in cells.items()
    }


def _sparse_array(kind: Kind, rows: list[int], values: list[Any], length: int) -> pa.Array:
    to_cell = _TO_CELL.get(kind)
    cells: list[Any] = [None] * length
    for row, cell in zip(rows, map(to_cell, values) if to_cell else values, strict=True):
        cells[row] = cell
    return pa.array(cells, ARROW[SQL_OF_KIND[kind]])


def _gather(data: pa.Table, columns: dict[str, Place]) -> dict[str, list[dict[str, Any]]]:
    parts: dict[str, list[dict[str, Any]]] = {group: [{} for _ in range(len(data))] for group, _ in _GROUPS}
    for name in data.column_names:
        if (place := columns.get(name)) is not None:
            _fill(parts[place.group], place, data.column(name))
    shapes = [_names(shape) for shape in data.column("shape").to_pylist()]
    for index, (group, _) in enumerate(_GROUPS):
        _restore_order(parts[group], [shape[index] for shape in shapes])
    return {field: parts[group] for group, field in _GROUPS}


def _fill(parts: list[dict[str, Any]], place: Place, array: pa.ChunkedArray) -> None:
    from_cell = _FROM_CELL.get(place.kind)
    rows = np.flatnonzero(array.is_valid().to_numpy()).tolist()
    for row, value in zip(rows, array.drop_null().to_pylist(), strict=True):
        parts[row][place.key] = from_cell(value) if from_cell else value


# -- the order in which names were sent: without it a restored event has the same meaning but not the same bytes


def _shapes(events: list[Event]) -> list[str]:
    return [_shape(tuple(e.plain_properties), tuple(e.plain_context), tuple(e.plain_traits)) for e in events]


@lru_cache(maxsize=4096)
def _shape(*names: tuple[str, ...]) -> str:
    return to_json(names)


@lru_cache(maxsize=4096)
def _names(shape: str) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, from_json(shape)))


def _restore_order(parts: list[dict[str, Any]], orders: list[tuple[str, ...]]) -> None:
    for row, order in enumerate(orders):
        part = parts[row]
        # Mostly the columns' order is the event's: nothing to do.
        if tuple(part) != order:
            parts[row] = {key: part[key] for key in order}
