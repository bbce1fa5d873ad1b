"""Every event once, for ever: Parquet files by date, and a manifest that says which of them count.

One process seals and compacts, and becomes the sealer by doing so (`lake_sealer.py` says how that survives a crash);
all others read. `docs/guide/lake.md` describes the tables.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tailorbird.errors import StateUnavailable, TailorbirdError
from tailorbird.events import Record
from tailorbird.shell.embedded.lake_manifest import ManifestFile
from tailorbird.shell.ports import LinkChange

if TYPE_CHECKING:
    from tailorbird.shell.embedded.lake_columns import Place
    from tailorbird.shell.embedded.lake_query import LakeQuery
    from tailorbird.shell.embedded.lake_sealer import LakeSealer


class ParquetLake:
    """`tailorbird.shell.ports.Lake` in a folder. pyarrow and DuckDB are loaded at the first use that needs them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._mutex = threading.RLock()
        self._manifest_file = ManifestFile(self._folder)
        self._sealer: LakeSealer | None = None
        self._query: LakeQuery | None = None

    def sealed(self) -> int:
        return self._manifest_file.load().sealed

    def seal(self, records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], through: int) -> None:
        with self._sealing() as sealer:
            sealer.seal(records, links, through)

    def compact(self) -> int:
        with self._sealing() as sealer:
            return sealer.compact()

    def read(self, after: int = 0) -> Iterator[list[tuple[int, Record]]]:
        from tailorbird.shell.embedded.lake_read import in_order

        return in_order(self._folder, self._manifest_file, after)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> Sequence[dict[str, Any]]:
        with self._mutex:
            if self._query is None:
                from tailorbird.shell.embedded.lake_query import LakeQuery

                self._query = LakeQuery(self._folder, self._manifest_file)
        return self._query.rows(sql, parameters)

    def interrupt(self, thread: int) -> None:
        """Let the query of that thread (`threading.get_ident()`) end at once; it raises BadRequest there."""
        if self._query is not None:
            self._query.interrupt(thread)

    def columns(self) -> "Mapping[str, Place]":
        return self._manifest_file.load().columns

    def close(self) -> None:
        with self._mutex:
            if self._query is not None:
                self._query.close()
                self._query = None
            self._let_go()

    @contextmanager
    def _sealing(self) -> Iterator["LakeSealer"]:
        with self._mutex:
            try:
                if self._sealer is None:
                    from tailorbird.shell.embedded.lake_sealer import LakeSealer

                    self._sealer = LakeSealer(self._folder, self._manifest_file)
                yield self._sealer
            # Said on purpose, before anything was written: the sealer is as good as before.
            except TailorbirdError:
                raise
            except OSError as error:
                self._let_go(tidy=True)
                raise StateUnavailable(f"The lake {self._folder} cannot be written: {error}. {_NEXT}") from error
            # Whatever it was, it may have left half a change behind: the next sealer sweeps that away before it begins.
            except BaseException:
                self._let_go()
                raise

    def _let_go(self, *, tidy: bool = False) -> None:
        if self._sealer is None:
            return
        if tidy:
            from tailorbird.shell.embedded.lake_write import sweep

            with suppress(OSError):  # a full disk is glad of every byte
                sweep(self._folder, self._manifest_file.load())
        self._sealer.close()
        self._sealer = None


_NEXT = "Nothing of this change entered; free some space and try again."
