"""How far the demo came: one small file in the data folder, replaced whole; a kill leaves the old one or the new."""

from pathlib import Path

import msgspec

from tailorbird.shell.demo.week import Shift
from tailorbird.shell.embedded.files import replace_file

# Connections; a household always takes the same one, so its events stay in the order of time.
LANES = 2
VERSION = 1  # of the events that the demo makes; another one means a fresh folder


class Mark(msgspec.Struct):
    """The demo's progress, and the choices that a resumed run must repeat to make the same events."""

    weeks: int
    households: int | None
    lanes: list[int] = msgspec.field(default_factory=lambda: [0] * LANES)  # events surely sent, by lane
    offset: int = 0  # of the log, when this was written
    items: int = 0  # in the catalogue, once all are
    sent: bool = False
    defined: bool = False  # traits and segments; later they are whoever's who looks at the demo
    clustered: bool = False  # the model of who shops alike
    predicted: bool = False  # the models that definitions ask for, and everyone by them
    model: str = ""  # trained on all of it
    version: int = VERSION

    @property
    def shift(self) -> Shift:
        return Shift(self.weeks)

    def save(self, path: Path) -> None:
        """Replace the file; it is there when this returns."""
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, msgspec.json.encode(self))


def read_mark(path: Path) -> Mark | None:
    """The mark of an earlier run, if there was one that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Mark)
    except (OSError, ValueError):
        return None
