"""The key store: a random key per leaf, on disk before it is used, shared by all processes.

The keys stand in a file of slots; LMDB only knows which slot a leaf has. For LMDB never overwrites: it leaves copies of
what was deleted in old pages, and to forget a person the key must be nowhere. In its slot it is wiped in place. It also
makes a new key cost one sync: after a power cut the index is made again from the slots.
"""

import os
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb

from tailorbird.errors import Corrupt
from tailorbird.events import Leaf
from tailorbird.shell.embedded.boot import boot_id
from tailorbird.shell.embedded.files import FileLock, replace_file
from tailorbird.shell.embedded.key_slots import KEY_BYTES, KeySlots
from tailorbird.shell.embedded.lmdb_open import open_shared, release, unavailable

_MAP_BYTES = 16 << 30
_NEXT = b"\0next slot"  # leaves have 16 bytes
_SLOT = struct.Struct("<Q")


class LmdbKeys:
    """`tailorbird.shell.ports.Keys`. Every process opens its own; LMDB lets one of them write at a time."""

    def __init__(self, folder: Path, *, map_bytes: int = _MAP_BYTES) -> None:
        self._folder = folder
        self._map_bytes = map_bytes
        self._mutex = threading.Lock()
        self._handles: tuple[lmdb.Environment, KeySlots] | None = None

    def ensure(self, leaves: Iterable[Leaf]) -> dict[Leaf, bytes]:
        wanted = set(leaves)
        with self._as_unavailable():
            env, slots = self._opened()
            with env.begin() as txn:
                found = {leaf: key for leaf in wanted if (key := _key(txn, slots, leaf)) is not None}
            if len(found) < len(wanted):
                with env.begin(write=True) as txn:
                    found.update(_make(txn, slots, sorted(wanted - found.keys())))
        return found

    def get(self, leaf: Leaf) -> bytes | None:
        with self._as_unavailable():
            env, slots = self._opened()
            with env.begin() as txn:
                return _key(txn, slots, leaf)

    def destroy(self, leaves: Iterable[Leaf]) -> None:
        with self._as_unavailable():
            env, slots = self._opened()
            with env.begin(write=True) as txn:
                # The wiping is inside of the transaction: killed in between, the index still names a slot, but one that
                # holds no key.
                given = [txn.pop(leaf) for leaf in leaves]
                slots.wipe([_SLOT.unpack(slot)[0] for slot in given if slot is not None])

    def close(self) -> None:
        with self._mutex:
            if self._handles is not None:
                self._handles[1].close()
                release(self._folder)
            self._handles = None

    def _opened(self) -> tuple[lmdb.Environment, KeySlots]:
        if self._handles is not None:
            return self._handles
        with self._mutex:
            if self._handles is None:
                self._handles = self._open()
            return self._handles

    def _open(self) -> tuple[lmdb.Environment, KeySlots]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        boot, indexed, path = boot_id(), self._folder / "indexed", self._folder / "slots"
        # New keys beside what was sealed with the old ones help nobody.
        if indexed.exists() and not path.exists():
            raise Corrupt(f"{path}, which holds all keys, is missing. Restore it: nothing sealed opens without.")
        slots = KeySlots(path)
        lock = FileLock(self._folder / "opening")
        try:
            with lock.held():
                present = indexed.exists() and indexed.read_bytes() == boot
                if not present:  # nobody of this boot has it open: he would have passed here
                    for name in ("data.mdb", "lock.mdb"):
                        (self._folder / name).unlink(missing_ok=True)
                # Without a boot id nobody could tell a power cut from a killed process: then every commit is synced.
                env = open_shared(self._folder, self._map_bytes, writes=True, sync=not any(boot))
                if not present:
                    _index(env, slots)
                    replace_file(indexed, boot)
        except BaseException:
            slots.close()
            raise
        finally:
            lock.close()
        # Readers that were killed hold old pages until somebody strikes them off.
        env.reader_check()
        return env, slots

    @contextmanager
    def _as_unavailable(self) -> Iterator[None]:
        try:
            yield
        except (lmdb.Error, OSError) as error:
            raise unavailable("key store", self._folder, error) from error


def _key(txn: Any, slots: KeySlots, leaf: Leaf) -> bytes | None:
    slot = txn.get(leaf)
    return None if slot is None else slots.read(_SLOT.unpack(slot)[0], leaf)


def _make(txn: Any, slots: KeySlots, leaves: list[Leaf]) -> dict[Leaf, bytes]:
    """New keys for those that still have none; only behind the lock of a write it is certain who was faster."""
    keys = {leaf: key for leaf in leaves if (key := _key(txn, slots, leaf)) is not None}
    missing = [leaf for leaf in leaves if leaf not in keys]
    first = _SLOT.unpack(txn.get(_NEXT))[0]
    fresh = [(leaf, os.urandom(KEY_BYTES)) for leaf in missing]
    slots.write(first, fresh)  # before the commit that lets anybody find them
    for slot, (leaf, _) in enumerate(fresh, first):
        txn.put(leaf, _SLOT.pack(slot))
    txn.put(_NEXT, _SLOT.pack(first + len(fresh)))
    return keys | dict(fresh)


def _index(env: lmdb.Environment, slots: KeySlots) -> None:
    """What a power cut may have taken from LMDB, made again from the slots."""
    with env.begin(write=True) as txn:
        for slot, leaf in slots.all():
            txn.put(leaf, _SLOT.pack(slot))
        txn.put(_NEXT, _SLOT.pack(slots.end()))
