"""The key store in LMDB: a random key per leaf, on disk before it is used, shared by all processes."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb

from tailorbird.events import Leaf
from tailorbird.shell.embedded.lmdb_open import open_shared, release, unavailable

KEY_BYTES = 16
_MAP_BYTES = 16 << 30


class LmdbKeys:
    """`tailorbird.shell.ports.Keys`. Every process opens its own; LMDB lets one of them write at a time."""

    def __init__(self, folder: Path, *, map_bytes: int = _MAP_BYTES) -> None:
        self._folder = folder
        self._map_bytes = map_bytes
        self._mutex = threading.Lock()
        self._env: lmdb.Environment | None = None

    def ensure(self, leaves: Iterable[Leaf]) -> dict[Leaf, bytes]:
        wanted = set(leaves)
        with self._as_unavailable():
            env = self._opened()
            with env.begin() as txn:
                found = {leaf: key for leaf in wanted if (key := txn.get(leaf)) is not None}
            if len(found) < len(wanted):
                found.update(self._make(env, sorted(wanted - found.keys())))
        return found

    def get(self, leaf: Leaf) -> bytes | None:
        with self._as_unavailable(), self._opened().begin() as txn:
            return txn.get(leaf)

    def destroy(self, leaves: Iterable[Leaf]) -> None:
        with self._as_unavailable(), self._opened().begin(write=True) as txn:
            for leaf in leaves:
                txn.delete(leaf)

    def close(self) -> None:
        with self._mutex:
            if self._env is not None:
                release(self._folder)
            self._env = None

    def _make(self, env: lmdb.Environment, leaves: list[Leaf]) -> dict[Leaf, bytes]:
        with env.begin(write=True) as txn:
            for leaf in leaves:
                txn.put(leaf, os.urandom(KEY_BYTES), overwrite=False)  # another process may have been faster
            return {leaf: bytes(txn.get(leaf) or b"") for leaf in leaves}

    def _opened(self) -> lmdb.Environment:
        if self._env is not None:
            return self._env
        with self._mutex:
            if self._env is None:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._env = open_shared(self._folder, self._map_bytes, writes=True)
                self._env.reader_check()
        return self._env

    @contextmanager
    def _as_unavailable(self) -> Iterator[None]:
        try:
            yield
        except (lmdb.Error, OSError) as error:
            raise unavailable("key store", self._folder, error) from error
