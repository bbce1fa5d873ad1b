"""Compiled modules on disk: each under the hash of all that it was made from, in a folder that only we may write.

Whoever can write a file that we load can run code as us. So the folder must be ours and closed to everybody else, and
a file counts only under the very name that our own text, types, compiler and Python give it.
"""

import os
import stat
import subprocess
import sys
import sysconfig
from hashlib import blake2b
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import msgspec

from tailorbird.errors import Unavailable
from tailorbird.know.segment.native import Typed
from tailorbird.shell.native.build import DIRECTIVES, FLAGS, cython_version
from tailorbird.shell.processes.job import in_the_background

OTHERS = stat.S_IRWXG | stat.S_IRWXO
NICE = 10  # as far as a compilation gives way
KEPT = 20  # compiled modules, of the latest


class Folder:
    """Where compiled modules lie."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place(self, source: Typed) -> Path:
        """Where this module's compiled form lies, or would."""
        return self._path / f"{source.name}-{key_of(source)}.so"

    def start(self, source: Typed, said: IO[bytes]) -> subprocess.Popen[bytes]:
        """Begin to compile a module, in a process that gives way to all others and complains to `said`."""
        self._own()
        self._tidy()
        files = {
            f"{source.name}.py": source.text,
            f"{source.name}.pxd": source.types,
            f"{source.name}.h": source.layout,
        }
        command = [sys.executable, "-m", "tailorbird.shell.native.build", str(self.place(source))]
        child = subprocess.Popen(  # noqa: S603  # our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=in_the_background(os.getpid(), NICE),
        )
        assert child.stdin is not None
        with child.stdin as door:
            door.write(msgspec.msgpack.encode((source.name, files)))
        return child

    def load(self, source: Typed) -> dict[str, Any]:
        """The compiled module's names. Raises Unavailable where the file or its folder is not ours alone."""
        place = self.place(source)
        for path in (self._path, place):
            found = path.stat()
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & OTHERS:
                raise Unavailable(f"{path} can be touched by others: nothing is loaded from it. Remove it.")
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
        space = vars(module)
        space.update({name: kind for name, kind in source.given.items() if name not in space})  # its classes
        return space

    def _own(self) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _tidy(self) -> None:
        """Drop what was compiled longest ago."""
        files = sorted(self._path.glob("*.so"), key=lambda file: file.stat().st_mtime)
        for file in files[: -KEPT + 1]:
            file.unlink(missing_ok=True)


def key_of(source: Typed) -> str:
    """A name for all that a compiled module depends on."""
    parts = (
        source.text,
        source.types,
        source.layout,
        cython_version(),
        sys.version,
        str(sysconfig.get_config_var("SOABI")),
        repr((DIRECTIVES, FLAGS)),
    )
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
