"""A row as a Segment call: what `accept` takes, with a messageId that the same row always gets."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from tailorbird.collect.body import MAX_EVENT_BYTES
from tailorbird.shell.importing.row import Problem, Row

# Columns that are fields of the call itself; everything else is a property (a trait, for an identify or a group).
_FIELDS = {
    "type", "event", "name", "userId", "anonymousId", "previousId", "groupId", "messageId", "timestamp",
    "originalTimestamp", "sentAt",
}  # fmt: skip
_IDENTIFIERS = {"userId", "anonymousId", "previousId", "groupId", "messageId", "email"}
_NESTED = ("properties", "traits", "context", "integrations")
_OF_TRAITS = ("identify", "group")


class _Probe(msgspec.Struct):
    """Reading no more than this checks the JSON of the whole row."""

    messageId: Any = msgspec.UNSET
    type: Any = None


_probe = msgspec.json.Decoder(_Probe).decode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_json = msgspec.json.Encoder(decimal_format="number").encode


class EventShape(msgspec.Struct, frozen=True):
    """How the rows of one file become calls."""

    file_id: str  # names the file in the messageIds of rows that have none
    type: str = ""  # for rows that do not say
    event: str = ""
    columns: Mapping[str, str] = {}  # column of the file -> field: {"customer": "userId"}

    def call(self, row: Row) -> tuple[str, bytes] | Problem:
        """(messageId, the JSON of one call), or why the row is none."""
        if isinstance(row.value, bytes) and not (self.columns or self.type or self.event):
            return self._as_it_stands(row, row.value)
        try:
            fields = _decode(row.value) if isinstance(row.value, bytes) else row.value
        except ValueError:
            return _not_json(row)
        if "" in fields:
            return Problem(row.line, "columns", "", f"The line has {fields['']}; quote cells that contain commas.")
        typed = fields if isinstance(row.value, bytes) else {name: plain_cell(value) for name, value in fields.items()}
        call = self._shaped({self.columns.get(name, name): value for name, value in typed.items()})
        if not _names(call.get("messageId")):
            call["messageId"] = self._message_id(row)
        return _sized(row, str(call["messageId"]), _json(call))

    def _as_it_stands(self, row: Row, line: bytes) -> tuple[str, bytes] | Problem:
        """The fast way: a line of JSONL is a call already and only gets its messageId."""
        line = line.strip()
        try:
            probe = _probe(line)
        except ValueError:
            return _not_json(row)
        if _names(probe.messageId):
            return _sized(row, str(probe.messageId), line)
        message_id = self._message_id(row)
        # null or "": replaced where it stands, for of two fields with one name readers take the last.
        if probe.messageId is not msgspec.UNSET:
            return _sized(row, message_id, _json({**_decode(line), "messageId": message_id}))
        # Put in front: the line itself is neither decoded nor written anew.
        rest = line[1:].lstrip()
        return _sized(row, message_id, b'{"messageId":"%s"%s%s' % (message_id.encode(), _comma(rest), rest))

    def _shaped(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Columns put where they belong: `properties.price`, `context.page.path`, and bare names by the type."""
        call: dict[str, Any] = {name: fields.pop(name) for name in list(fields) if name in _FIELDS}
        kind = call.setdefault("type", self.type or ("track" if self.event or call.get("event") else "identify"))
        if kind == "track" and self.event:
            call.setdefault("event", self.event)
        for name in _NESTED:
            if isinstance(fields.get(name), dict):
                call[name] = fields.pop(name)
        home = "traits" if kind in _OF_TRAITS else "properties"
        for name, value in fields.items():
            head, dot, _ = name.partition(".")
            _put(call, name if dot and head in _NESTED else f"{home}.{name}", value)
        return call

    def _message_id(self, row: Row) -> str:
        return f"{self.file_id}-{row.number}"


def _names(message_id: Any) -> bool:
    """Whether `accept` takes it as the message's id. Else it makes one of the time, which no resume knows again."""
    return (isinstance(message_id, str) and message_id != "") or type(message_id) is int


def _put(call: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    place = call
    for parent in parents:
        inner = place.setdefault(parent, {})
        if not isinstance(inner, dict):
            return
        place = inner
    if value is not None:
        place[last] = value


def plain_cell(value: Any) -> Any:
    """A cell as JSON knows it: text that is plainly a number, a truth or JSON becomes it; times become ISO 8601."""
    if isinstance(value, str):
        return _typed(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return [plain_cell(inner) for inner in value]
    if isinstance(value, dict):
        return {name: plain_cell(inner) for name, inner in value.items() if inner is not None}
    return float(value) if isinstance(value, Decimal) else value


def _typed(text: str) -> Any:
    """Only what comes back as the same text: "007" and "1e5" stay text.

    >>> _typed("4.50"), _typed("007"), _typed("true"), _typed('["a"]'), _typed("hello")
    (4.5, '007', True, ['a'], 'hello')
    """
    if text[:1] not in "-0123456789tf[{":
        return text
    # A postcode or an article number: as a number it would lose its zero.
    if text[:1] == "0" and text[1:2].isdigit():
        return text
    try:
        value = msgspec.json.decode(text)
    except ValueError:
        return text
    # "1e5" in a column of codes is a code: nobody writes a price so.
    return text if isinstance(value, float) and "e" in text.lower() else value


def _comma(rest: bytes) -> bytes:
    return b"" if rest.startswith(b"}") else b","


def _sized(row: Row, message_id: str, call: bytes) -> tuple[str, bytes] | Problem:
    if len(call) > MAX_EVENT_BYTES:
        return Problem(row.line, "size", "", f"The row is larger than {MAX_EVENT_BYTES:,} bytes; send less with it.")
    return message_id, call


def _not_json(row: Row) -> Problem:
    return Problem(row.line, "json", "", "The line is not a JSON object; write one object a line, as {...}.")
