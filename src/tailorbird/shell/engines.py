"""The engines of one data folder, each opened at its first use: the one place that names them.

To run on others, this is the file to change; nothing else knows more than the ports.
"""

import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from tailorbird.errors import Corrupt
from tailorbird.shell.layout import Layout
from tailorbird.shell.ports import Catalogue, Definitions, Keys, Lake, Log, State

SECRET_BYTES = 32
E = TypeVar("E", Log, State)


@dataclass
class Engines:
    """Log, state, lake, keys, definitions, catalogue and site key of a data folder. `close` what was opened."""

    layout: Layout
    writes_state: bool = False  # true in the one stream worker only
    fresh_state: bool = False  # begin with an empty one, whatever is there
    _opened: list[Log | State] = field(default_factory=list)

    @cached_property
    def site_key(self) -> bytes:
        if self.layout.keys.exists() and not self.layout.secret.exists():
            # A new one would make strangers of everybody, and forget who withdrew a consent.
            raise Corrupt(f"{self.layout.secret} is missing: it made all hashes. Restore it from your backup.")
        return site_key(self.layout.secret)

    @cached_property
    def log(self) -> Log:
        from tailorbird.shell.embedded.segment_log import SegmentLog

        # A new log behind an old lake must not use offsets a second time.
        return self._keep(SegmentLog(self.layout.log, start=self.lake.sealed()))

    @cached_property
    def state(self) -> State:
        from tailorbird.shell.embedded.lmdb_state import LmdbState

        return self._keep(LmdbState(self.layout.state, writer=self.writes_state, fresh=self.fresh_state))

    @cached_property
    def lake(self) -> Lake:
        from tailorbird.shell.embedded.parquet_lake import ParquetLake

        return ParquetLake(self.layout.lake)

    @cached_property
    def keys(self) -> Keys:
        from tailorbird.shell.embedded.lmdb_keys import LmdbKeys

        return LmdbKeys(self.layout.keys)

    @cached_property
    def definitions(self) -> Definitions:
        from tailorbird.shell.embedded.sqlite_definitions import SqliteDefinitions

        make_folder(self.layout.root)
        return SqliteDefinitions(self.layout.definitions)

    @cached_property
    def catalogue(self) -> Catalogue:
        from tailorbird.shell.embedded.sqlite_catalogue import SqliteCatalogue

        make_folder(self.layout.root)
        return SqliteCatalogue(self.layout.catalogue)

    def look_over(self) -> None:
        """Open what can be told to be whole at a glance; raises what is wrong with it, before anything starts."""
        make_folder(self.layout.root)
        _ = self.site_key
        self.lake.sealed()
        self.definitions.version()
        self.catalogue.version()

    def close(self) -> None:
        """Close what was opened, the latest first."""
        while self._opened:
            self._opened.pop().close()

    def _keep(self, engine: E) -> E:
        self._opened.append(engine)
        return engine


def make_folder(root: Path) -> None:
    """The data folder, for its owner alone: the state in it holds people as they are, readable."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)


def site_key(path: Path) -> bytes:
    """The secret that keys all hashes; made at the first call, on disk before it is used.

    Raises Corrupt if the file is there but is not one.
    """
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        _make_secret(path)
        key = path.read_bytes()
    if len(key) != SECRET_BYTES:
        raise Corrupt(f"{path} has {len(key)} bytes instead of {SECRET_BYTES}. Restore it from your backup.")
    return key


def _make_secret(path: Path) -> None:
    """Written aside and linked into place, so that two processes agree on one and nobody reads half of it."""
    from tailorbird.shell.embedded.files import sync_folder

    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(SECRET_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(aside, path)
        # Its name, too: hashes made with it are about to reach the disk, and a power cut must not leave them without.
        sync_folder(path.parent)
    except FileExistsError:
        pass  # another process was faster: its secret counts
    finally:
        aside.unlink()
