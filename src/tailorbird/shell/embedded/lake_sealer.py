"""The one process that changes the lake: it adds what the log has, and joins small files.

seal      write files aside -> sync -> give them their names -> replace the manifest        (the commit)
compact   write the joined file -> sync -> name it -> replace the manifest (the commit) -> remove what was joined
crash     before the commit: files that no manifest names, swept away by the next sealer; behind it: done
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from tailorbird.errors import BadRequest, StateUnavailable
from tailorbird.events import Record
from tailorbird.shell.embedded.files import FileLock, replace_file
from tailorbird.shell.embedded.lake_columns import Columns
from tailorbird.shell.embedded.lake_compact import groups, joined
from tailorbird.shell.embedded.lake_manifest import LakeFile, Manifest, ManifestFile
from tailorbird.shell.embedded.lake_schema import TABLES
from tailorbird.shell.embedded.lake_views import view_statements
from tailorbird.shell.embedded.lake_write import Drafts, add_links, add_records, sweep
from tailorbird.shell.ports import LinkChange

_JOINS_AT_ONCE = 32
_TABLE = {table.name: table for table in TABLES}


class LakeSealer:
    """Holds the lake's lock while it lives. After any error let it go: the next one begins by sweeping up."""

    def __init__(self, folder: Path, manifest_file: ManifestFile) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._manifest_file = manifest_file
        self._lock = FileLock(folder / "lock")
        if not self._lock.try_acquire():
            self._lock.close()
            raise StateUnavailable(f"Another process seals the lake {folder}: stop it first.")
        manifest = manifest_file.load()
        if not manifest_file.path.exists():
            # Before the first file, so that a lost manifest can be told from a new lake.
            manifest_file.store(manifest)
        sweep(folder, manifest)

    def seal(self, records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], through: int) -> None:
        manifest = self._manifest_file.load()
        # Whoever seals twice would have every row twice: the lake itself has no key to refuse them by.
        _refuse_repeats(manifest, records, through)
        columns = Columns(manifest.columns)
        drafts = Drafts(self._folder, manifest.next_file)
        add_records(drafts, records, columns)
        add_links(drafts, links, manifest.next_link, columns)
        drafts.place()
        self._commit(
            msgspec.structs.replace(
                manifest,
                sealed=through,
                next_file=drafts.next_file,
                next_link=manifest.next_link + len(links),
                files=[*manifest.files, *drafts.files],
                columns=columns.place_of,
            )
        )

    def compact(self) -> int:
        gone = 0
        manifest = self._manifest_file.load()
        todo = groups(manifest.files)
        # A commit for some groups at a time: what is joined stays joined if the process is killed.
        while batch := list(islice(todo, _JOINS_AT_ONCE)):
            manifest = self._join(manifest, batch)
            gone += sum(map(len, batch))
        return gone

    def close(self) -> None:
        self._lock.close()

    def _join(self, manifest: Manifest, batch: Sequence[Sequence[LakeFile]]) -> Manifest:
        drafts = Drafts(self._folder, manifest.next_file)
        for group in batch:
            data = joined(self._folder, group)
            drafts.add(_TABLE[group[0].table], group[0].date, data, Columns(manifest.columns))
        drafts.place()
        old = {file.path for group in batch for file in group}
        kept = [file for file in manifest.files if file.path not in old]
        joint = msgspec.structs.replace(manifest, next_file=drafts.next_file, files=kept + drafts.files)
        self._commit(joint)
        # At once, so that whoever reads plain `*.parquet` meets each row once too; our readers look at the manifest
        # again when a file is gone.
        for path in old:
            (self._folder / path).unlink(missing_ok=True)
        return joint

    def _commit(self, manifest: Manifest) -> None:
        self._manifest_file.store(manifest)
        with suppress(OSError):  # a convenience for people; the change itself stands
            views = "".join(view_statements(self._folder, manifest))
            replace_file(self._folder / "views.sql", views.encode(), durable=False)


def _refuse_repeats(manifest: Manifest, records: Sequence[tuple[int, Record]], through: int) -> None:
    offsets = [offset for offset, _ in records]
    if through < manifest.sealed or (offsets and not manifest.sealed < min(offsets) <= max(offsets) <= through):
        raise BadRequest(
            f"The lake is sealed up to offset {manifest.sealed}; records must lie behind it and up to {through}. "
            "Read `sealed()` again and go on from there."
        )
