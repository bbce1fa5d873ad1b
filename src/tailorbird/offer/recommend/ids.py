"""The ids of a model's items: kept as the bytes they are stored as, which all workers map, and found by their hashes.

A list of 100,000 texts and a dictionary of them would cost each worker 12 MB; the hashes and places cost 1.2.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]


class Ids(Sequence[str]):
    """Texts in one array of UTF-8 bytes, read when they are asked for. Raises ValueError where the bytes are no text.

    >>> ids = Ids(np.frombuffer("teabröd".encode(), np.uint8), np.array([3, 5], np.int32))
    >>> len(ids), ids[1], list(ids), ids == ["tea", "bröd"]
    (2, 'bröd', ['tea', 'bröd'], True)
    """

    def __init__(self, text: NDArray[np.uint8], lengths: Rows) -> None:
        self._text = text
        self._ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        if (lengths < 0).any() or self._ends[-1] != len(text):
            raise ValueError(f"the ids' lengths add up to {self._ends[-1]}, their text has {len(text)} bytes")
        for _ in self:  # what is no text is refused now, and not when somebody asks for it
            pass

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        return self._text[self._ends[place] : self._ends[place + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        text, ends = self._text.tobytes(), self._ends.tolist()
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
        self._hashes, self._places = hashes[order], order.astype(np.int32)

    def of(self, ids: Sequence[str]) -> Rows:
        """The place of each, -1 of an unknown one."""
        if not len(self._hashes):
            return np.full(len(ids), -1, np.int32)
        hashes = _hashes(ids)
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._places[at], np.int32(-1))


def _hashes(ids: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, ids), np.int64, len(ids))
