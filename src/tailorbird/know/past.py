"""What people did, read back: from the leaf index of the store, and from the batch that is under way."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import msgspec

from tailorbird.know.index import Index
from tailorbird.know.segment.live import Act, Live
from tailorbird.know.tables import EVENT, LEAF, Reader, after, offset_key

Nodes = Sequence[bytes]  # of a component: type code + leaf
_Row = tuple[int, bytes, Act]  # at, offset key, what was done
_in_order = itemgetter(0, 1)


class Found(NamedTuple):
    """Where a person's events stand, up to some offset."""

    stored: list[bytes]  # offset keys in the store
    recent: list[tuple[bytes, bytes]]  # (offset key, payload) of the batch under way


def find(reader: Reader, index: Index, nodes: Nodes, through: int) -> Found:
    """Find the events of these identifiers up to an offset, without reading them."""
    last = offset_key(through)
    leaves = [node[1:] for node in nodes]
    stored = [key for leaf in leaves for row, _ in reader.scan(LEAF, leaf, after(leaf)) if (key := row[-8:]) <= last]
    return Found(stored, [row for leaf in leaves for row in index.kept(leaf) if row[0] <= last])


def read_back(reader: Reader, live: Live, people: Mapping[bytes, Found]) -> Iterator[tuple[bytes, list[Act]]]:
    """Each person with all that they did, in the order in which it counts: by `at`, then by offset."""
    # In the order of the log, whoever they are of: neighbours share a page.
    wanted = sorted({key for found in people.values() for key in found.stored})
    payloads = dict(zip(wanted, reader.get_many(EVENT, wanted), strict=True))
    for person, found in people.items():
        rows = [_row(live, key, payloads[key]) for key in found.stored]
        rows += [_row(live, key, payload) for key, payload in found.recent]
        yield person, [act for _, _, act in sorted(filter(None, rows), key=_in_order)]


def past(reader: Reader, index: Index, live: Live, nodes: Nodes, through: int) -> list[Act]:
    """All that one person did up to an offset."""
    [(_, acts)] = read_back(reader, live, {b"": find(reader, index, nodes, through)})
    return acts


def _row(live: Live, key: bytes, payload: bytes | None) -> _Row | None:
    if payload is None:
        return None
    try:
        act = live.read(payload)
    except msgspec.DecodeError:  # a decision stands in the same timeline, and moves nobody
        return None
    # Nothing happened after it was heard of (`language.tree`).
    return (act.timestamp if act.timestamp < act.received_at else act.received_at), key, act
