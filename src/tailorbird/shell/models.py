"""Trained models as files: every worker maps the same ones, a new one is promoted at once, an old one can come back.

    DIR/models/
      20261121-234500/      one version: manifest.json, and an array a file, mapped read-only
      current               link to the version that serves; replaced by one rename
      promotions            the versions that have served, oldest first

A version is written under another name and renamed when it is whole and on disk, so a training that is killed leaves no
half of one. What cannot be read is refused when it is loaded, and the model in use goes on serving.
"""

import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest, Corrupt
from tailorbird.offer.recommend.model import FORMAT, Manifest, Model

KEPT = 5  # versions beside the one that serves


class _File(msgspec.Struct, frozen=True):
    """What manifest.json holds: the model's own manifest, and a checksum for each array."""

    manifest: Manifest
    checksums: dict[str, int]


class Models:
    """The registry of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._link = str(folder / "current")

    def save(self, model: Model) -> str:
        """Write the version, durably and whole; its name. Raises BadRequest if there is one of that name."""
        version = model.manifest.version
        if not version or (self.folder / version).exists():
            raise BadRequest(f"Model {version!r} is already in {self.folder}. Train under another version.")
        draft = self.folder / f".draft-{version}-{os.getpid()}"
        draft.mkdir(parents=True)
        try:
            arrays = {name: np.ascontiguousarray(array) for name, array in model.arrays().items()}
            for name, array in arrays.items():
                np.save(draft / f"{name}.npy", array)
            held = _File(model.manifest, {name: _checksum(array) for name, array in arrays.items()})
            (draft / "manifest.json").write_bytes(msgspec.json.format(msgspec.json.encode(held)))
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
        self.load(version)
        served = [*(name for name in self._promotions() if name != version), version]
        _replace(self.folder / "promotions", lambda draft: draft.write_text("\n".join(served) + "\n"))
        _replace(self.folder / "current", lambda draft: draft.symlink_to(version))
        self._forget(served)

    def roll_back(self) -> str:
        """Let the version serve that served before; its name. Raises BadRequest if there is none."""
        before = [name for name in self._promotions() if name != self.current() and (self.folder / name).exists()]
        if not before:
            raise BadRequest(f"No model served before {self.current()!r} in {self.folder}. Train one first.")
        self.promote(before[-1])
        return before[-1]

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

    def manifest(self, version: str) -> Manifest:
        """What is said about a version; raises Corrupt if it cannot be read."""
        return self._file(version).manifest

    def load(self, version: str) -> Model:
        """The version, its arrays mapped; raises Corrupt if missing, half-written, damaged or of another release."""
        held = self._file(version)
        arrays = {name: self._array(version, name, checksum) for name, checksum in held.checksums.items()}
        return Model.from_arrays(held.manifest, arrays)

    def _file(self, version: str) -> _File:
        path = self.folder / version / "manifest.json"
        try:
            held = msgspec.json.decode(path.read_bytes(), type=_File)
        except (OSError, ValueError) as error:
            raise Corrupt(f"Model {version!r}: {path} cannot be read: {error}. Train again, or roll back.") from None
        if held.manifest.format != FORMAT:
            raise Corrupt(
                f"Model {version!r} has format {held.manifest.format}, this release reads {FORMAT}. Train again."
            )
        return held

    def _array(self, version: str, name: str, checksum: int) -> NDArray[np.generic]:
        path = self.folder / version / f"{name}.npy"
        try:
            array: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise Corrupt(f"Model {version!r}: {path} cannot be mapped: {error}. Train again, or roll back.") from None
        if _checksum(array) != checksum:
            raise Corrupt(f"Model {version!r}: {path} is not what was written. Train again, or roll back.")
        return array

    def _promotions(self) -> list[str]:
        path = self.folder / "promotions"
        return path.read_text().split() if path.exists() else []

    def _forget(self, served: list[str]) -> None:
        """Delete versions beyond the last few, served or not. What a worker has mapped lives on until it lets go."""
        kept = {*served[-KEPT - 1 :], *self.versions()[-KEPT - 1 :]}
        for version in self.versions():
            if version not in kept:
                shutil.rmtree(self.folder / version, ignore_errors=True)


class ModelWatch:
    """The model in use, as one worker sees it. What cannot be loaded is told once, and the old one goes on serving."""

    def __init__(self, models: Models, trouble: Callable[[str], None]) -> None:
        self._models, self._trouble = models, trouble
        self._seen = ""
        self._model: Model | None = None

    def changed(self) -> bool:
        """Whether another version than the one last looked at is to serve. A system call."""
        return self._models.current() != self._seen

    def now(self) -> Model | None:
        """The model that serves; None before the first training. Looks for a new one each time, for 2 us."""
        current = self._models.current()
        if current != self._seen:
            self._seen = current
            self._take(current)
        return self._model

    def _take(self, version: str) -> None:
        try:
            self._model = self._models.load(version) if version else None
        except Corrupt as error:
            self._trouble(str(error))


def _checksum(array: NDArray[np.generic]) -> int:
    return zlib.crc32(array.reshape(-1).view(np.uint8).data)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)
    write(draft)
    draft.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
