"""The ids of a model's items: kept as the bytes they are stored as, which all workers map, and found by their hashes.

A list of 100,000 texts and a dictionary of them would cost each worker 12 MB; the hashes and places cost 1.2.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]
Rows = NDArray[np.int32]
KEY = hash("ids") & 0x7FFF_FFFF_FFFF_FFFF  # another one in each process
PIECE = 4096  # ids that are brought together at once: a fraction of a millisecond


class Ids(Sequence[str]):
    """Texts in one array of UTF-8 bytes, read when they are asked for. Raises ValueError where the bytes are no text.

    >>> ids = Ids(np.frombuffer("teabröd".encode(), np.uint8), np.array([3, 5], np.int32))
    >>> len(ids), ids[1], list(ids), ids == ["tea", "bröd"]
    (2, 'bröd', ['tea', 'bröd'], True)
    """

    def __init__(self, text: Bytes, lengths: Rows) -> None:
        self.text = text
        self.ends = _ends(lengths)
        if (lengths < 0).any() or self.ends[-1] != len(text):
            raise ValueError(f"the ids' lengths add up to {self.ends[-1]}, their text has {len(text)} bytes")
        # What is no text is refused now, and not when somebody asks for it: the whole is, and no letter is cut in two.
        text.tobytes().decode()
        begins = self.ends[:-1][lengths > 0]
        if (text[begins] & 0xC0 == 0x80).any():
            raise ValueError("the ids' lengths cut a letter in two")

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        return self.text[self.ends[place] : self.ends[place + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        text, ends = self.text.tobytes(), self.ends.tolist()
        return (text[start:end].decode() for start, end in pairwise(ends))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(str.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]  # as of a list


class Places:
    """Which place each of some different ids has among them.

    Only hashes are compared, 64 bits with the process's own key: that two of 100,000 ids, or one of them and one of a
    million others, are taken for each other happens in one process of a hundred million.

    >>> Places(["tea", "bread"]).of(["bread", "milk"]).tolist()
    [1, -1]
    """

    def __init__(self, ids: Sequence[str]) -> None:
        hashes = _hashes(ids)
        order = np.argsort(hashes, kind="stable")
        # Sorted, and found by halving: no dictionary of 100,000 texts in each worker.
        self._hashes, self._places = hashes[order], order.astype(np.int32)

    def of(self, ids: Sequence[str]) -> Rows:
        """The place of each, -1 of an unknown one."""
        if not len(self._hashes):
            return np.full(len(ids), -1, np.int32)
        hashes = _hashes(ids)
        # A hash above all others would be looked for behind the last.
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._places[at], np.int32(-1))


def _hashes(ids: Sequence[str]) -> Longs:
    """In compiled code, which lets go of Python's lock: a worker that takes up a new model goes on answering."""
    from tailorbird.offer.recommend.ids_kernel import hashes

    if isinstance(ids, Ids):
        return hashes(ids.text, ids.ends, KEY)
    found = np.empty(len(ids), np.int64)
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        found[start : start + PIECE] = hashes(*_packed(piece), KEY)
    return found


def _packed(ids: Sequence[str]) -> tuple[Bytes, Longs]:
    """Their bytes, and where each begins and ends."""
    joined = "".join(ids)
    # Only in ASCII is the length of a text that of its bytes. Elsewhere each is encoded by itself;
    # half a surrogate pair, which may come in from outside, must not stop that.
    if joined.isascii():
        lengths = np.fromiter(map(len, ids), np.int64, len(ids))
        return np.frombuffer(joined.encode(), np.uint8), _ends(lengths)
    encoded = [one.encode("utf-8", "surrogatepass") for one in ids]
    lengths = np.fromiter(map(len, encoded), np.int64, len(ids))
    return np.frombuffer(b"".join(encoded), np.uint8), _ends(lengths)


def _ends(lengths: NDArray[Any]) -> Longs:
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends
