"""What is known of items: {item: [words]} in JSON, or a table with an item column and others that describe it."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from tailorbird.errors import BadRequest
from tailorbird.shell.evaluating.tables import named, table_of
from tailorbird.shell.evaluating.vectors import VECTOR


def words_by_item(path: Path) -> dict[str, list[str]]:
    """The words of each item, as text; raises BadRequest where the file says something else.

    In a table each cell is one word, `column=value`, so that the same value in two columns is two words; a list is
    one word for each of its elements. The column `vector` is no word: see vectors.py.
    """
    if path.suffix.lower() == ".json" and path.exists():
        return _of_json(path)
    table = table_of(path)
    column = named(table.column_names, "item")
    if column is None:
        raise BadRequest(f"{path} has no column 'item'. It has {', '.join(table.column_names)}.")
    others = [name for name in table.column_names if name not in (column, VECTOR)]
    rows = zip(*(table[name].to_pylist() for name in (column, *others)), strict=True)
    return {
        str(item): [f"{name}={one}" for name, cell in zip(others, cells, strict=True) for one in _elements(cell)]
        for item, *cells in rows
    }


def _of_json(path: Path) -> dict[str, list[str]]:
    import msgspec

    try:
        loaded = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise BadRequest(f"{path} is no JSON: {error}. Needed: {{item: [words]}}.") from error
    if not isinstance(loaded, dict) or not all(isinstance(words, list) for words in loaded.values()):
        raise BadRequest(f"{path} is not of the form {{item: [words]}}.")
    return {str(item): [str(word) for word in words] for item, words in loaded.items()}


def _elements(cell: Any) -> list[Any]:
    if cell is None:
        return []
    return cell if isinstance(cell, list) else [cell]


def matrix(words: dict[str, list[str]], rows: dict[str, int], items: int) -> csr_array:
    """items x words: how often an item has a word; items without a row are left out. Words sorted by their text."""
    # Only words of items that are there: others would be columns without a number.
    known = sorted({word for item in words.keys() & rows.keys() for word in words[item]})
    column = {word: place for place, word in enumerate(known)}
    pairs = [(rows[item], column[word]) for item in words.keys() & rows.keys() for word in words[item]]
    row, col = np.array(pairs, np.int32).reshape(-1, 2).T
    made = csr_array((np.ones(len(row), np.float32), (row, col)), shape=(items, max(1, len(known))))
    made.sum_duplicates()
    return made
