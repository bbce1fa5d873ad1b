"""What watching has seen: since when it looks, when it last looked closely, and what set a training off.

DIR/models/watched.json; the console shows it.
"""

from pathlib import Path
from typing import Literal

import msgspec

from tailorbird.shell.embedded.files import replace_file

KEPT = 50
Kind = Literal["schedule", "drift", "drop", "refit"]


class Trigger(msgspec.Struct, frozen=True):
    """One time that a training was set off."""

    at: int  # ms
    kind: Kind
    why: str


class Watched(msgspec.Struct, frozen=True):
    """`looked_at`: when drift and drop were looked at last."""

    since: int = 0
    looked_at: int = 0
    triggers: list[Trigger] = []  # oldest first

    def last(self, *kinds: Kind) -> int:
        """When one of these kinds was last set off, 0 for never."""
        return max((one.at for one in self.triggers if one.kind in kinds), default=0)

    def with_trigger(self, trigger: Trigger) -> "Watched":
        """The same with one more, the oldest dropped."""
        return msgspec.structs.replace(self, triggers=[*self.triggers, trigger][-KEPT:])


def read_watched(models: Path) -> Watched:
    """What is known; what cannot be read is forgotten: it costs one look."""
    try:
        return msgspec.json.decode((models / "watched.json").read_bytes(), type=Watched)
    except (OSError, ValueError):
        return Watched()


def write_watched(models: Path, watched: Watched) -> None:
    """Note it, whole or not at all."""
    models.mkdir(parents=True, exist_ok=True)
    replace_file(models / "watched.json", msgspec.json.encode(watched))
