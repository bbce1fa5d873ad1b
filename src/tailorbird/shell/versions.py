"""Versions of something trained, as folders: whole or not at all, one that serves, and a way back.

    DIR/
      20261121-234500/      one version: manifest.json, and an array a file, mapped read-only
      current               link to the version that serves; replaced by one rename
      promotions            the versions that have served, oldest first

A version is written under another name and renamed when it is whole and on disk, so a training that is killed leaves no
half of one. Nothing is unpickled.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest, Corrupt

KEPT = 5  # versions beside the one that serves
HEADER = 128  # bytes of a .npy file before its numbers


class Manifest(Protocol):
    """What is said about a version, as a msgspec struct."""

    @property
    def version(self) -> str: ...
    @property
    def format(self) -> int: ...


M = TypeVar("M", bound=Manifest)
T = TypeVar("T")


class _File(msgspec.Struct, frozen=True):
    """What manifest.json holds: the version's own manifest, and a checksum for each array."""

    manifest: msgspec.Raw
    checksums: dict[str, int]


class Versions(Generic[M, T]):
    """All versions below one folder. `what` names them in messages: "Model", "Clustering"."""

    def __init__(
        self, folder: Path, what: str, manifest: type[M], format: int, build: Callable[[M, Mapping[str, Any]], T]
    ) -> None:
        self.folder = folder
        self._what, self._type, self._format, self._build = what, manifest, format, build
        self._link = str(folder / "current")

    def write(self, manifest: M, arrays: Mapping[str, NDArray[Any]]) -> str:
        """Write the version, durably and whole; its name. Raises BadRequest if there is one of that name."""
        version = manifest.version
        if not version or (self.folder / version).exists():
            raise BadRequest(f"{self._what} {version!r} is already in {self.folder}. Train under another version.")
        self._clear_drafts()
        draft = self.folder / f".draft-{version}-{os.getpid()}"
        draft.mkdir(parents=True)
        try:
            held = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
            for name, array in held.items():
                np.save(draft / f"{name}.npy", array)
            checksums = {name: _checksum(array) for name, array in held.items()}
            text = msgspec.json.encode({"manifest": manifest, "checksums": checksums})
            (draft / "manifest.json").write_bytes(msgspec.json.format(text))
            # All of it on disk before it has its name; what has one is whole.
            for path in (*draft.iterdir(), draft):
                _sync(path)
            draft.rename(self.folder / version)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync(self.folder)
        return version

    def promote(self, version: str) -> None:
        """Let this version serve from now on; raises Corrupt if it cannot be loaded."""
        # Every array is read and checked here, so that no worker meets a damaged version as the one that serves.
        self.load(version)
        served = [*(name for name in self._promotions() if name != version), version]
        _replace(self.folder / "promotions", lambda draft: draft.write_text("\n".join(served) + "\n"))
        _replace(self.folder / "current", lambda draft: draft.symlink_to(version))
        self._forget(served)

    def roll_back(self) -> str:
        """Let the version serve that served before; its name. Raises BadRequest if there is none."""
        served, current = self._promotions(), self.current()
        # What stands behind the one that serves was noted by a promotion that was killed before it took effect.
        earlier = served[: served.index(current)] if current in served else served
        before = [name for name in earlier if (self.folder / name).exists()]
        if not before:
            raise BadRequest(
                f"No {self._what.lower()} served before {self.current()!r} in {self.folder}. Train one first."
            )
        self.promote(before[-1])
        return before[-1]

    def drop(self, version: str) -> None:
        """Delete a version that no longer serves, so that no roll-back leads to it. Never the one that serves."""
        if version == self.current():
            raise BadRequest(f"{self._what} {version!r} serves. Promote another one first.")
        served = [name for name in self._promotions() if name != version]
        _replace(self.folder / "promotions", lambda draft: draft.write_text("".join(f"{name}\n" for name in served)))
        shutil.rmtree(self.folder / version, ignore_errors=True)

    def current(self) -> str:
        """The version that serves, "" if none does. A system call, cheap enough for each request."""
        try:
            return os.readlink(self._link)  # noqa: PTH115  # half the time of Path.readlink
        except OSError:
            return ""

    def versions(self) -> list[str]:
        """All versions on disk, oldest first."""
        return sorted(
            path.parent.name for path in self.folder.glob("[!.]*/manifest.json") if path.parent.name != "current"
        )

    def free(self, version: str) -> str:
        """The version, with a number behind it where that second has one already."""
        taken = set(self.versions())
        names = (version, *(f"{version}-{number}" for number in range(2, 1000)))
        return next(name for name in names if name not in taken)

    def manifest(self, version: str) -> M:
        """What is said about a version; raises Corrupt if it cannot be read."""
        return self._file(version)[0]

    def load(self, version: str) -> T:
        """The version, its arrays mapped; raises Corrupt if missing, half-written, damaged or of another release."""
        manifest, checksums = self._file(version)
        arrays = {name: self._array(version, name, checksum) for name, checksum in checksums.items()}
        return self._build(manifest, arrays)

    def _file(self, version: str) -> tuple[M, dict[str, int]]:
        path = self.folder / version / "manifest.json"
        named = f"{self._what} {version!r}"
        try:
            held = msgspec.json.decode(path.read_bytes(), type=_File)
            manifest = msgspec.json.decode(held.manifest, type=self._type)
        except (OSError, ValueError) as error:
            raise Corrupt(f"{named}: {path} cannot be read: {error}. Train again, or roll back.") from None
        if manifest.format != self._format:
            raise Corrupt(f"{named} has format {manifest.format}, this release reads {self._format}. Train again.")
        return manifest, held.checksums

    def _array(self, version: str, name: str, checksum: int) -> NDArray[np.generic]:
        path = self.folder / version / f"{name}.npy"
        named = f"{self._what} {version!r}"
        try:
            # An array without a number in it is a header alone, which cannot be mapped.
            mapped: Literal["r"] | None = "r" if path.stat().st_size > HEADER else None
            array: NDArray[np.generic] = np.load(path, mmap_mode=mapped, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise Corrupt(f"{named}: {path} cannot be mapped: {error}. Train again, or roll back.") from None
        if _checksum(array) != checksum:
            raise Corrupt(f"{named}: {path} is not what was written. Train again, or roll back.")
        return array

    def _promotions(self) -> list[str]:
        path = self.folder / "promotions"
        return path.read_text().split() if path.exists() else []

    def _clear_drafts(self) -> None:
        """Delete what trainings left that were killed: drafts of processes that are no more."""
        for draft in self.folder.glob(".draft-*"):
            if not Path(f"/proc/{draft.name.rpartition('-')[2]}").exists():
                shutil.rmtree(draft, ignore_errors=True)

    def _forget(self, served: list[str]) -> None:
        """Delete versions beyond the last few, served or not. What a worker has mapped lives on until it lets go."""
        kept = {*served[-KEPT - 1 :], *self.versions()[-KEPT - 1 :]}
        for version in self.versions():
            if version not in kept:
                shutil.rmtree(self.folder / version, ignore_errors=True)


def _checksum(array: NDArray[np.generic]) -> int:
    return zlib.crc32(array.reshape(-1).view(np.uint8).data)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)
    write(draft)
    _sync(draft)  # of a link this is its folder, which is on disk already
    draft.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
