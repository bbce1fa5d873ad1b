"""Compiled modules on disk: each under the hash of all that it was made from, in a folder that only we may write.

    NAME.so       compiled
    NAME.trial    a process works with it that has not worked with it for long
    NAME.died     a process died on that trial: it is never loaded again
    NAME.making/  what the compiler works on

Whoever can write a file that we load can run code as us. So the folder must be ours and closed to everybody else, and
a file counts only under the very name that our own text, types, compiler and Python give it.
"""

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from hashlib import blake2b
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from tailorbird.errors import Unavailable
from tailorbird.know.segment.native import Typed
from tailorbird.shell.native import build

OTHERS = stat.S_IRWXG | stat.S_IRWXO
NICE = 10  # as far as a compilation gives way
KEPT = 20  # compiled modules, of the latest


class Folder:
    """Where compiled modules lie. One process works on it at a time: the one that folds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> None:
        """Make it, and tidy what another process left; whoever died on trial is known from now on."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._owned(self._path)
        for mark in self._path.glob("*.trial"):
            mark.rename(mark.with_suffix(".died"))
        for making in self._path.glob("*.making"):
            shutil.rmtree(making, ignore_errors=True)
        latest = sorted(self._path.glob("*.so"), key=lambda file: file.stat().st_mtime)
        for file in latest[:-KEPT]:
            file.unlink(missing_ok=True)

    def place(self, source: Typed) -> Path:
        """Where this module's compiled form lies, or would."""
        return self._path / f"{source.name}-{key_of(source)}.so"

    def start(self, source: Typed, place: Path) -> subprocess.Popen[bytes]:
        """Begin to compile a module, in a process that gives way to all others."""
        making = place.with_suffix(".making")
        making.mkdir(mode=0o700)
        for suffix, text in (("py", source.text), ("pxd", source.types), ("h", source.layout)):
            (making / f"{source.name}.{suffix}").write_text(text, "utf-8")
        with (making / "said").open("wb") as said:
            return subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", build.__name__, str(making), source.name, str(place)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                process_group=0,  # all of it ends at once
                preexec_fn=lambda: os.nice(NICE),
            )

    def said(self, place: Path) -> str:
        """The last that the compiler said; what it worked on goes."""
        making = place.with_suffix(".making")
        try:
            return (making / "said").read_bytes()[-2000:].decode(errors="replace")
        except OSError as error:  # somebody tidied up
            return str(error)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def load(self, source: Typed, place: Path) -> dict[str, Any]:
        """The compiled module's names; it is on trial from now on. What cannot be loaded is dropped."""
        self._owned(self._path, place)
        mark = place.with_suffix(".trial")
        mark.touch(mode=0o600)
        # Before anything of it runs: a mark that a crash takes along says nothing.
        build.sync(mark)
        build.sync(self._path)
        try:
            return loaded(source, place)
        except BaseException:
            place.unlink(missing_ok=True)
            mark.unlink()
            raise

    def passed(self, place: Path) -> None:
        """Its trial is over."""
        place.with_suffix(".trial").unlink(missing_ok=True)

    def barred(self, place: Path) -> bool:
        """Whether a process died on trial with it."""
        return place.with_suffix(".died").exists()

    def _owned(self, *paths: Path) -> None:
        """Raise Unavailable where one is not ours alone."""
        for path in paths:
            found = path.stat()
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & OTHERS:
                raise Unavailable(f"{path} can be touched by others: nothing is loaded from it. Remove it.")


def loaded(source: Typed, place: Path) -> dict[str, Any]:
    """The names of a compiled module; what it takes from outside is there while it is loaded."""
    given = ModuleType(f"{source.name}_given")
    vars(given).update(source.given)
    sys.modules[given.__name__] = given
    try:
        loader = ExtensionFileLoader(source.name, str(place))
        spec = spec_from_loader(source.name, loader)
        assert spec is not None
        module = module_from_spec(spec)
        loader.exec_module(module)
    finally:
        del sys.modules[given.__name__]
    return vars(module)


def died(path: Path) -> Iterator[Path]:
    """The marks of those that a process died with."""
    yield from sorted(path.glob("*.died"))


def key_of(source: Typed) -> str:
    """A name for all that a compiled module depends on."""
    parts = [source.text, source.types, source.layout, build.cython_version(), sys.version]
    parts += [str(sysconfig.get_config_var("SOABI")), Path(build.__file__).read_bytes().hex()]
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=16).hexdigest()
