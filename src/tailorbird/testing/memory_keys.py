"""The key store's twin in memory."""

import os
from collections.abc import Iterable

from tailorbird.events import Leaf


class MemoryKeys:
    """`tailorbird.shell.ports.Keys` for tests and doctests.

    >>> keys = MemoryKeys()
    >>> len(keys.ensure([b"leaf"])[b"leaf"]), keys.get(b"other")
    (16, None)
    """

    def __init__(self) -> None:
        self._keys: dict[Leaf, bytes] = {}

    def ensure(self, leaves: Iterable[Leaf]) -> dict[Leaf, bytes]:
        return {leaf: self._keys.setdefault(leaf, os.urandom(16)) for leaf in leaves}

    def get(self, leaf: Leaf) -> bytes | None:
        return self._keys.get(leaf)

    def destroy(self, leaves: Iterable[Leaf]) -> None:
        for leaf in leaves:
            self._keys.pop(leaf, None)

    def close(self) -> None:
        """Nothing to let go."""
