"""How far a training is, for whoever looks: DIR/run/training.json says since when, and what it does now."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tailorbird.shell.embedded.files import replace_file
from tailorbird.shell.layout import Layout

Say = Callable[[str], None]


class Progress(msgspec.Struct, frozen=True):
    """One step of a training that runs."""

    step: str
    began_at: int  # ms: the training
    step_at: int  # ms: this step
    process: int


@contextmanager
def telling(layout: Layout, say: Say) -> Iterator[Say]:
    """A `say` that notes each step in the file as well; the file is gone when the block ends, however it does."""
    path, began = _path(layout), _now()
    layout.run.mkdir(parents=True, exist_ok=True)

    def both(step: str) -> None:
        say(step)
        replace_file(path, msgspec.json.encode(Progress(step, began, _now(), os.getpid())))

    try:
        yield both
    finally:
        path.unlink(missing_ok=True)


def under_way(layout: Layout) -> Progress | None:
    """The training that runs on this folder; None where none does, or where the one that wrote it was killed."""
    try:
        found = msgspec.json.decode(_path(layout).read_bytes(), type=Progress)
        # Signal 0 reaches nobody and fails where there is no such process: a training that was killed left its file
        # behind.
        os.kill(found.process, 0)
    except PermissionError:  # it lives, and is somebody else's
        return found
    except (OSError, ValueError):
        return None
    return found


def _path(layout: Layout) -> Path:
    return layout.run / "training.json"


def _now() -> int:
    return time.time_ns() // 1_000_000
