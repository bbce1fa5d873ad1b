"""Importing items: rows in, items into the catalogue. An item put in twice is the same item, so resuming is simple."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tailorbird.collect.draft import Refused
from tailorbird.collect.kinds import MAX_DEPTH, storable
from tailorbird.events import Item
from tailorbird.shell.importing.event_row import plain_cell
from tailorbird.shell.importing.events import Tell, report_path
from tailorbird.shell.importing.files import RowFile
from tailorbird.shell.importing.ledger import Ledger
from tailorbird.shell.importing.report import Report
from tailorbird.shell.importing.row import Problem, Row
from tailorbird.shell.ports import Catalogue

BATCH_ITEMS = 1_000
_FIELDS = {field.name for field in msgspec.structs.fields(Item)}
_TEXTS = ("id", "name", "category", "brand", "currency", "url", "image_url", "text")
_ALIASES = {
    "product_id": "id",
    "item_id": "id",
    "sku": "id",
    "title": "name",
    "image": "image_url",
    "description": "text",
}


class ImportingItems(NamedTuple):
    """One import of items, ready to run."""

    file: RowFile
    ledger: Ledger
    catalogue: Catalogue
    folder: Path
    columns: Mapping[str, str] = {}

    def run(self, tell: Tell) -> Ledger:
        """Put every item behind the ledger into the catalogue; the finished ledger."""
        report = Report(report_path(self.folder, self.ledger), self.ledger.report_bytes)
        batch: list[Row] = []
        for row in self.file.rows(self.ledger.rows, self.ledger.position):
            batch.append(row)
            if len(batch) >= BATCH_ITEMS:
                self._put(batch, report, tell)
                batch = []
        if batch:
            self._put(batch, report, tell)
        self.ledger.finished = True
        self.ledger.save(self.folder)
        return self.ledger

    def _put(self, rows: list[Row], report: Report, tell: Tell) -> None:
        read = [item_of(row, self.columns) for row in rows]
        items = [item for item in read if isinstance(item, Item)]
        problems = [problem for problem in read if isinstance(problem, Problem)]
        # Before the ledger: killed in between, the same items are put in once more, which changes nothing.
        self.catalogue.upsert(items)
        report.add(problems)
        ledger = self.ledger
        ledger.taken += len(items)
        ledger.refused += len(problems)
        ledger.report_bytes, ledger.rows, ledger.position = report.size, rows[-1].number, rows[-1].end
        ledger.save(self.folder)
        tell(ledger, self.file.done())


def item_of(row: Row, columns: Mapping[str, str] | None = None) -> Item | Problem:
    """The item of a row. Columns that no item has become its attributes.

    >>> item_of(Row(1, 1, b'{"id": 7, "name": "Beans", "price": "4.50", "roast": "dark"}', 0)).attributes
    {'roast': 'dark'}
    """
    try:
        fields = msgspec.json.decode(row.value) if isinstance(row.value, bytes) else row.value
        if not isinstance(fields, dict):
            raise ValueError
    except (ValueError, RecursionError):
        return Problem(row.line, "json", "", "The line is not a JSON object; write one object a line, as {...}.")
    if "" in fields:
        return Problem(row.line, "columns", "", f"The line has {fields['']}; quote cells that contain commas.")
    return _item(row, _named(fields, columns or {}))


def _named(fields: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The values by the names of an item's fields; nulls are left out."""
    found = {columns.get(name, name): value for name, value in fields.items() if value is not None}
    # In the order of the table: a file with an id and a sku keeps the sku as an attribute, and not in the id's place.
    for alias, field in _ALIASES.items():
        if alias in found and alias not in columns and field not in found:
            found[field] = found.pop(alias)
    return found


def _item(row: Row, fields: dict[str, Any]) -> Item | Problem:
    own = {name: value for name, value in fields.items() if name in _FIELDS}
    if not isinstance(row.value, bytes):
        # A CSV knows text only; but a name such as "007" is one.
        own = {name: value if name in _TEXTS else plain_cell(value) for name, value in own.items()}
    own |= {name: str(own[name]) for name in _TEXTS if name in own}
    if not own.get("id"):
        return Problem(row.line, "id", "id", "The item has no id; give it one that never changes, as text.")
    if isinstance(own.get("tags"), str):
        own["tags"] = [tag.strip() for tag in own["tags"].split(",") if tag.strip()]
    rest = {name: plain_cell(value) for name, value in fields.items() if name not in _FIELDS}
    try:
        given = own.get("attributes") or {}
        own["attributes"] = storable({**given, **rest}) if isinstance(given, dict) else given
        return msgspec.convert(own, Item, strict=False)
    except Refused:
        return Problem(row.line, "depth", "attributes", f"Nested deeper than {MAX_DEPTH} levels; send less structure.")
    except msgspec.ValidationError as error:
        where = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else ""
        return Problem(row.line, "type", where, f"{error}; see docs/guide/import.md for the fields of an item.")
