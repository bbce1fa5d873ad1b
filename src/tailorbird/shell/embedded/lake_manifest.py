"""The manifest: which files the lake consists of. Replacing this one small file makes a change of the lake atomic.

A file that no manifest names does not exist, whatever lies in the folders.
"""

from pathlib import Path

import msgspec

from tailorbird.errors import Corrupt
from tailorbird.shell.embedded.files import replace_file
from tailorbird.shell.embedded.lake_columns import Place, well_known

FORMAT = 1


class LakeFile(msgspec.Struct, frozen=True):
    """One Parquet file."""

    path: str  # below the lake's folder
    table: str
    date: str  # "" for links
    rows: int
    first: int  # lowest and highest value of the table's order
    last: int
    bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """The whole truth about the lake."""

    format: int = FORMAT
    sealed: int = 0  # offset up to which the log is in here
    next_file: int = 1
    next_link: int = 1
    files: list[LakeFile] = []
    columns: dict[str, Place] = msgspec.field(default_factory=well_known)

    def of(self, table: str) -> list[LakeFile]:
        return [file for file in self.files if file.table == table]


class ManifestFile:
    """The manifest on disk, read again only when it has changed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "manifest.json"
        # The manifest and which file it was, stored in one piece: threads read here without a lock.
        self._read_last: tuple[Manifest, tuple[int, int] | None] = (Manifest(), None)

    def load(self) -> Manifest:
        """The present manifest; an empty one if there is none yet. Raises Corrupt where it is lost or damaged."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._refuse_if_lost()
            return self._read_last[0]
        # Looked at before it is read: replaced in between, it is newer than it seems and is read once more.
        present = (stat.st_ino, stat.st_mtime_ns)
        manifest, seen = self._read_last
        if present != seen:
            manifest = self._read()
            self._read_last = (manifest, present)
        return manifest

    def store(self, manifest: Manifest) -> None:
        replace_file(self.path, msgspec.json.format(msgspec.json.encode(manifest), indent=1))

    def _refuse_if_lost(self) -> None:
        """A sealer writes the manifest before the first file: files without one mean that it was lost.

        To take the lake as empty then would sweep away all that ever happened.
        """
        # Folders that begin with a dot hold drafts, which never were a part of the lake.
        lost = next(self.path.parent.glob("[!.]*/**/*.parquet"), None)
        if lost is not None and not self.path.exists():
            raise Corrupt(f"The lake misses {self.path}, the list of its files. Restore it from a backup.")

    def _read(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(self.path.read_bytes(), type=Manifest)
        except msgspec.DecodeError as error:
            raise Corrupt(f"The lake's {self.path} cannot be read: {error}. Restore the lake from a backup.") from error
        if manifest.format != FORMAT:
            raise Corrupt(f"The lake's {self.path} has format {manifest.format}; this version reads {FORMAT}. Upgrade.")
        return manifest
