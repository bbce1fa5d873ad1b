"""Tables of interactions: Parquet, CSV or JSON lines, with the columns of a protocol under any common name."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest

if TYPE_CHECKING:
    import pyarrow as pa

Column: TypeAlias = NDArray[Any]
Columns: TypeAlias = dict[str, Column]

ALIASES: dict[str, tuple[str, ...]] = {  # compared in lower case, without what is no letter or digit
    "user": ("user", "userid", "uid", "person", "personid", "customer", "customerid", "household", "householdid",
             "visitor", "visitorid", "member", "reviewerid"),
    "session": ("session", "sessionid", "sid", "prefix", "prefixid", "visit", "visitid"),
    "item": ("item", "itemid", "iid", "product", "productid", "sku", "article", "articleid", "movie", "movieid",
             "asin", "parentasin", "stockcode", "track", "trackid"),
    "position": ("position", "pos", "step", "order", "index", "rank", "time", "timestamp", "ts", "eventtime", "date",
                 "datetime"),
    "rating": ("rating", "ratings", "stars", "score", "overall", "value"),
    "basket": ("basket", "basketid", "order", "orderid", "invoice", "transaction", "transactionid", "time",
               "timestamp", "transactiontimestamp", "date", "datetime", "position"),
}  # fmt: skip
TIMES = ("time", "timestamp", "ts", "eventtime", "date", "datetime", "transactiontimestamp", "invoicedate")


def read(path: Path, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Columns:
    """The columns a protocol needs, and the optional ones that are there; raises BadRequest that says what is wrong.

    "time" as a name finds a column that tells when; it may be the same that another name finds.
    """
    table = table_of(path)
    found = {name: named(table.column_names, name) for name in (*needed, *optional)}
    missing = [name for name in needed if found[name] is None]
    if missing:
        raise BadRequest(
            f"{path} has no column {' or '.join(map(repr, missing))}. It has {', '.join(table.column_names)}. "
            f"Needed: {', '.join(needed)}; also known as "
            + "; ".join(f"{name}: {', '.join(_aliases(name)[:6])}" for name in missing) + "."
        )  # fmt: skip
    columns = {name: _values(table, column, path) for name, column in found.items() if column is not None}
    if not table.num_rows:
        raise BadRequest(f"{path} holds no rows. Give a file with at least one interaction.")
    return columns


def _aliases(name: str) -> tuple[str, ...]:
    return TIMES if name == "time" else ALIASES[name]


def named(columns: list[str], name: str) -> str | None:
    """The column that goes by `name`, or by the first of its other names that any goes by.

    >>> named(["SessionId", "ItemId"], "item")
    'ItemId'
    """
    # Reversed, so that of two columns with one plain name the first in the file stands.
    plain = {"".join(c for c in column.lower() if c.isalnum()): column for column in reversed(columns)}
    return next((plain[alias] for alias in _aliases(name) if alias in plain), None)


def _values(table: "pa.Table", name: str, path: Path) -> Column:
    """Numbers, or text; times as seconds; nulls are refused with their row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = table[name].combine_chunks()
    if values.null_count:
        row = pc.index(pc.is_null(values), True).as_py()
        raise BadRequest(f"{path}, row {row + 1}: {name!r} is empty. Leave such rows out, or fill them.")
    # Dates, times and zones of any unit by way of one: what is compared afterwards are seconds.
    if pa.types.is_temporal(values.type):
        values = pc.cast(pc.cast(values, pa.timestamp("us")), pa.int64())
        return np.asarray(values.to_numpy(zero_copy_only=False) / 1e6)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    taken = values.to_numpy(zero_copy_only=False)
    if taken.dtype.kind == "f" and not np.isfinite(taken).all():
        row = int(np.flatnonzero(~np.isfinite(taken))[0])
        raise BadRequest(f"{path}, row {row + 1}: {name!r} is {taken[row]}. Leave such rows out, or fill them.")
    column: Column = taken if taken.dtype.kind in "iuf" else taken.astype(str)
    return column


def table_of(path: Path) -> "pa.Table":
    """The whole file; raises BadRequest where there is none, or none that can be read."""
    if not path.exists():
        raise BadRequest(f"There is no file {path}. Name a Parquet, CSV or JSON lines file.")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadRequest(f"{path} ends in {path.suffix!r}. Known: {', '.join(_READERS)}.")
    import pyarrow as pa

    try:
        return reader(path)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise BadRequest(f"{path} cannot be read: {error}. Is it really {path.suffix}?") from error


def _parquet(path: Path) -> "pa.Table":
    import pyarrow.parquet as pq

    return pq.read_table(path)


def _csv(path: Path) -> "pa.Table":
    from pyarrow import csv

    options = csv.ParseOptions(delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    return csv.read_csv(path, parse_options=options)


def _json(path: Path) -> "pa.Table":
    from pyarrow import json

    return json.read_json(path)


_READERS = {".parquet": _parquet, ".csv": _csv, ".tsv": _csv, ".jsonl": _json, ".ndjson": _json, ".json": _json}
