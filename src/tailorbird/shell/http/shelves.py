"""The catalogue in memory and the model in use: what each web process decides from, kept up to date.

To load a model and to join it to the shelf takes a fifth of a second. That is done aside, so that no answer waits for
it: the model before serves until the new one is ready as a whole. Python lets one thread run at a time and changes
between them every 5 ms, and a request asks for its turn several times: so turns are short while a model is loaded, and
of several workers one loads at a time.
"""

import fcntl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.offer.recommend.join import NO_MODEL, Joint
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.logs import Logger
from tailorbird.shell.models import Models, ModelWatch
from tailorbird.shell.ports import Catalogue

LOOK_EVERY_S = 0.1
_TRIES = 5
_SHORT_TURN_S = 0.0005


class _Swap:
    """One change of model: under way in a thread of its own once it was told to begin."""

    def __init__(self, watch: ModelWatch, shelf: Shelf) -> None:
        self._watch, self._shelf = watch, shelf
        self.model: Model | None = None
        self.joint: Joint | None = None  # None where the catalogue was changing all the time
        self._thread = threading.Thread(target=self._aside, name="model", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def _aside(self) -> None:
        with _one_at_a_time(self._watch.folder), _short_turns():
            self.run()

    def done(self) -> bool:
        return not self._thread.is_alive()

    def run(self) -> None:
        """Load and join. A shelf that changed meanwhile may have been read by halves: then once more."""
        self.model = self._watch.now()
        for _ in range(_TRIES):
            before, whole = self._shelf.applied, self._shelf.whole
            try:
                joint = Joint(self._shelf, self.model or NO_MODEL)
            except Exception:  # noqa: S112  # whatever half a change can break
                continue
            if whole and self._shelf.applied == before:
                self.joint = joint
                return


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other worker loads a model. A folder that cannot be written to is waited for by nobody."""
    try:
        lock = (folder / ".loading").open("ab")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SHORT_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class Shelves:
    """The shelf as of at most `LOOK_EVERY_S` ago. While the catalogue cannot be read the last one serves."""

    def __init__(self, catalogue: Catalogue, models: Path, logger: Logger) -> None:
        self._catalogue = catalogue
        self._logger = logger
        self._shelf = Shelf()
        self._watch = ModelWatch(Models(models), lambda detail: logger.emit("model_refused", detail=detail))
        self._model: Model | None = None
        self._swap: _Swap | None = None
        self._started = False
        self._look_at = 0.0

    def now(self) -> tuple[Shelf, Model | None]:
        """What to decide from."""
        if time.monotonic() >= self._look_at:
            self.look()
        return self._shelf, self._model

    def look(self) -> None:
        """Take in what changed. Call it after writing, so that the writer sees what it wrote."""
        self._look_at = time.monotonic() + LOOK_EVERY_S
        try:
            version = self._catalogue.version()
            if version != self._shelf.version:
                self._shelf.apply(self._catalogue.changes(self._shelf.version), version)
        except TailorbirdError as error:
            self._logger.emit("catalogue_unavailable", detail=str(error))
        self._take_model()

    def _take_model(self) -> None:
        if self._swap is not None:
            if self._swap.done():
                self._put_to_use(self._swap)
        elif self._watch.changed():
            swap = _Swap(self._watch, self._shelf)
            if self._started:
                swap.begin()
                self._swap = swap
            else:  # nobody is served yet, and the first caller shall have the model
                swap.run()
                self._put_to_use(swap)
        self._started = True

    def _put_to_use(self, swap: _Swap) -> None:
        self._swap = None
        if swap.model is self._model:  # what came could not be read
            return
        self._model = swap.model
        if swap.joint is not None:
            self._shelf.joint = swap.joint
        if swap.model is not None:
            self._logger.emit("model_loaded", model=swap.model.title)
