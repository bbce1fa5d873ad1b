"""The program in force, compiled: beside the running fold, and taken up between two batches.

    native = Native(folder, told)
    native.look(live)         at each batch: takes up what is compiled, begins to compile what is not

Until then, and wherever something is missing, the program runs as the Python that it is: the same text, the same bytes.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from tailorbird.errors import BadDefinition, MissingExtra, TailorbirdError
from tailorbird.know.segment.live import Live
from tailorbird.know.segment.native import Typed, typed
from tailorbird.shell.native.build import compiler, cython_version
from tailorbird.shell.native.folder import Folder

# Of generated Python, some 1,500 segments: the C compiler's memory grows with it, a gigabyte for a million or so.
LONGEST = 200_000

Told = Callable[[str, str], None]  # an event of the log list, and its detail


class Loaded:
    """A compiled module, which can be in this process once, and whose baseline it has."""

    def __init__(self, space: dict[str, Any]) -> None:
        self.space = space
        self.live: Live | None = None

    def serve(self, live: Live) -> None:
        """From now on it works for this one; another, of another baseline, goes on as Python."""
        if self.live is not None and self.live is not live:
            self.live.release()
        live.adopt(self.space)
        self.live = live


_loaded: dict[Path, Loaded] = {}  # of this process


class Native:
    """Compiles the programs that come into force, one at a time."""

    def __init__(self, folder: Path, told: Told = lambda event, detail: None) -> None:
        self._folder = Folder(folder)
        self._told = told
        self._failed: set[Path] = set()
        self._live: Live | None = None  # the last one that was looked at
        self._source: Typed | None = None
        self._child: tuple[subprocess.Popen[bytes], Path, IO[bytes]] | None = None

    def look(self, live: Live | None) -> None:
        """Have this program compiled, without waiting."""
        if live is None or live.adopted:
            return
        if live is not self._live:
            self._live, self._source = live, typed(live.module)
        assert self._source is not None
        place = self._folder.place(self._source)
        if self._child is not None:
            self._end(*self._child)
        elif place not in self._failed:
            self._try(live, self._source, place)

    def wait(self) -> None:
        """Until what is being compiled is compiled."""
        if self._child is not None:
            self._child[0].wait()

    def _try(self, live: Live, source: Typed, place: Path) -> None:
        try:
            if place not in _loaded and place.exists():
                _loaded[place] = Loaded(self._folder.load(source))
            if place in _loaded:
                _loaded[place].serve(live)
                self._told("program_compiled", place.name)
            elif len(source.text) > LONGEST:
                self._fail(place, f"{len(source.text):,} characters of Python, of at most {LONGEST:,}")
            else:
                said = TemporaryFile()  # noqa: SIM115  # closed in `_end`; no pipe, as nobody reads meanwhile
                self._child = self._folder.start(source, said), place, said
        except (TailorbirdError, ImportError, OSError) as error:
            self._fail(place, f"{type(error).__name__}: {error}")

    def _end(self, child: subprocess.Popen[bytes], place: Path, said: IO[bytes]) -> None:
        if child.poll() is None:
            return
        self._child = None
        with said:
            said.seek(0)
            if child.returncode:
                self._fail(place, said.read()[-2000:].decode(errors="replace"))

    def _fail(self, place: Path, why: str) -> None:
        self._failed.add(place)
        self._told("program_not_compiled", why)


def native_of(wanted: str, folder: Path, told: Told) -> Native | None:
    """What compiles, as the setting `stream.native` wants it.

    Raises MissingExtra, or BadDefinition where there is no C compiler, if it insists.
    """
    if wanted == "off":
        return None
    if cython_version() and compiler():
        return Native(folder, told)
    if wanted == "on" and not cython_version():
        raise MissingExtra("stream.native=on", "native")
    if wanted == "on":
        raise BadDefinition("stream.native=on needs a C compiler, such as Debian's gcc: install one, or set auto.")
    return None
