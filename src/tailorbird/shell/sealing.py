"""From the log into the lake: what the stream worker kept goes in, then the log lets its files go."""

from collections.abc import Iterator

import msgspec

from tailorbird.events import Record, decode_record
from tailorbird.know.tables import DROPPED, LINKS, offset_key, offset_of
from tailorbird.shell.ports import Lake, LinkChange, Log, Snapshot, State

SEAL_BYTES = 32_000_000

_decode_link = msgspec.msgpack.Decoder(tuple[bytes, bytes, int, int]).decode


def seal_once(log: Log, state: State, lake: Lake, max_bytes: int = SEAL_BYTES) -> int:
    """Seal what lies between the lake and the state, at most about `max_bytes`; how many records went in.

    Only what the state has committed is sealed: by then it is decided which records are repeats or lack consent.
    """
    sealed, folded = lake.sealed(), state.offset()
    count = _seal(log, state, lake, sealed, folded, max_bytes) if folded > sealed else 0
    log.drop_through(min(lake.sealed(), folded))
    return count


def _seal(log: Log, state: State, lake: Lake, sealed: int, folded: int, max_bytes: int) -> int:
    batch = log.read(sealed, max_bytes)
    # The log may already be ahead of the state: nobody has judged those records yet.
    payloads = [(offset, payload) for offset, payload in batch.records if offset <= folded]
    through = batch.through if batch.through <= folded else folded
    # Read after the offset: what was dropped up to `through` is complete in any later snapshot.
    with state.snapshot() as snapshot:
        dropped = _dropped(snapshot, sealed, through)
        links = list(_links(snapshot, sealed, through))
    records: list[tuple[int, Record]] = [
        (offset, decode_record(payload)) for offset, payload in payloads if offset not in dropped
    ]
    lake.seal(records, links, through)
    return len(records)


def _dropped(snapshot: Snapshot, after: int, through: int) -> set[int]:
    rows = snapshot.scan(DROPPED, offset_key(after + 1), offset_key(through + 1))
    return {offset_of(key) for key, _ in rows}


def _links(snapshot: Snapshot, after: int, through: int) -> Iterator[LinkChange]:
    for _, value in snapshot.scan(LINKS, offset_key(after + 1), offset_key(through + 1)):
        yield LinkChange(*_decode_link(value))
