"""The program in force, compiled: beside the running fold, and taken up between two batches.

    native = Native(folder, told)
    native.look(live)         between two batches: takes up what is compiled, begins to compile what is not
    native.served(events)     behind each batch: a compiled program is on trial until it has served enough of them
    native.close()            a clean stop

Until then, and wherever something is missing or goes wrong, the program runs as the Python that it is: the same text,
the same bytes.
"""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tailorbird.errors import Unavailable
from tailorbird.know.segment.live import Live
from tailorbird.know.segment.native import typed
from tailorbird.shell.native.build import compiler, cython_version
from tailorbird.shell.native.folder import Folder

# Of generated Python, some 1,500 segments: the C compiler's memory grows with it, a gigabyte for a million or so.
LONGEST = 200_000
# The event that a process died of comes back first of all, and no compiled program is in force by then: so a trial need
# not be longer than what meets all that is ordinary.
TRIAL_EVENTS = 20_000

Told = Callable[[str, str], None]  # an event of the log list, and its detail


class Loaded:
    """A compiled module, which can be in this process once, and whose baseline it has."""

    def __init__(self, place: Path, space: dict[str, Any]) -> None:
        self.place = place
        self.served = 0
        self.doubts = ""  # why it does not work any more
        self.live: Live | None = None
        self._space = space

    @property
    def on_trial(self) -> bool:
        return self.served < TRIAL_EVENTS

    def serve(self, live: Live) -> None:
        """From now on it works for this one; another, of another baseline, goes on as Python."""
        if self.live is not None and self.live is not live:
            self.live.release()
        live.adopt(self._space, self._doubt)
        self.live = live

    def _doubt(self, error: Exception) -> None:
        self.doubts = f"an event raised {type(error).__name__}: {error}"


_loaded: dict[bytes, Loaded] = {}  # of this process, by the program's key


class Native:
    """Compiles the programs that come into force, one at a time."""

    def __init__(self, folder: Path, told: Told = lambda event, detail: None) -> None:
        self._folder = Folder(folder)
        self._folder.open()
        self._told = told
        self._failed: set[bytes] = set()
        self._live: Live | None = None  # in force, as of the last look
        self._making: tuple[subprocess.Popen[bytes], Path, bytes] | None = None

    def look(self, live: Live | None) -> None:
        """Have this program compiled, without waiting. Whatever goes wrong is told once, and Python goes on."""
        self._live = live
        wanted = live if live is not None and not live.adopted and live.key not in self._failed else None
        key = self._making[2] if self._making is not None else wanted.key if wanted is not None else b""
        try:
            if self._making is not None:
                self._end(*self._making)
            elif wanted is not None:
                self._take_up(wanted)
        except Exception as error:  # whatever it is: it must stop nobody's stream
            self._fail(key, f"{type(error).__name__}: {error}")

    def served(self, events: int) -> None:
        """So many events were folded and committed since the last call; who has served enough is trusted."""
        live = self._live
        for one in [one for one in _loaded.values() if live is not None and one.live is live and one.on_trial]:
            one.served += events if live.adopted else 0  # what others served proves nothing of it
            if not one.on_trial:
                self._folder.passed(one.place)

    def close(self) -> None:
        """End what is under way; whoever comes to a clean stop has not died on trial."""
        if self._making is not None:
            child, place, _ = self._making
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            self._folder.said(place)
            self._making = None
        for one in _loaded.values():
            self._folder.passed(one.place)

    def wait(self) -> None:
        """Until what is being compiled is compiled, or has failed."""
        if self._making is not None:
            self._making[0].wait()

    def _take_up(self, live: Live) -> None:
        known = _loaded.get(live.key)
        if known is None:
            self._make(live)
        elif known.doubts:
            self._fail(live.key, known.doubts)
        else:
            known.serve(live)
            self._told("program_compiled", known.place.name)

    def _make(self, live: Live) -> None:
        """Load what is on disk; else begin to compile it."""
        source = typed(live.module)
        place = self._folder.place(source)
        if self._folder.barred(place):
            self._fail(live.key, f"a process died while it tried {place.name}; {place.stem}.died says so, remove it")
        elif place.exists():
            _loaded[live.key] = Loaded(place, self._folder.load(source, place))
            self._take_up(live)
        elif len(source.text) > LONGEST:
            self._fail(live.key, f"{len(source.text):,} characters of Python, of at most {LONGEST:,}")
        else:
            self._making = self._folder.start(source, place), place, live.key

    def _end(self, child: subprocess.Popen[bytes], place: Path, key: bytes) -> None:
        if child.poll() is None:
            return
        self._making, said = None, self._folder.said(place)
        if child.returncode:
            self._fail(key, f"the compiler ended with {child.returncode}: {said}")

    def _fail(self, key: bytes, why: str) -> None:
        self._failed.add(key)
        self._told("program_not_compiled", why)


def native_of(wanted: bool, folder: Path, told: Told) -> Native | None:
    """What compiles: where it is wanted, the extra `native` is installed, and there is a C compiler."""
    if not (wanted and cython_version() and compiler()):
        return None
    try:
        return Native(folder, told)
    except (OSError, Unavailable) as error:
        told("program_not_compiled", str(error))
        return None
