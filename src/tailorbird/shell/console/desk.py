"""What the console reads from: the engines of one data folder, opened to read.

Blocking work belongs in `Desk.read`, which runs it in a thread, so that no page ever freezes another.
"""

import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import NamedTuple, ParamSpec, TypeVar

from nicegui import run

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console.feed import Feed
from tailorbird.shell.console.frame import Visit
from tailorbird.shell.console.pulse import Pulse, pulse
from tailorbird.shell.console.theme import theme_of
from tailorbird.shell.layout import Layout
from tailorbird.shell.ports import Keys, Log, State

P = ParamSpec("P")
T = TypeVar("T")


class Look(NamedTuple):
    """The pulse, and what kept it from being taken in full."""

    pulse: Pulse
    trouble: str = ""


class Desk:
    """The readers of one data folder. Engines open at first use: most pages need two or three of them."""

    def __init__(self, layout: Layout, api: str) -> None:
        self.layout = layout
        self.api = api.rstrip("/")

    @cached_property
    def log(self) -> Log:
        from tailorbird.shell.embedded.segment_log import SegmentLog

        return SegmentLog(self.layout.log)

    @cached_property
    def state(self) -> State:
        from tailorbird.shell.embedded.lmdb_state import LmdbState

        return LmdbState(self.layout.state)

    @cached_property
    def keys(self) -> Keys:
        from tailorbird.shell.embedded.lmdb_keys import LmdbKeys

        return LmdbKeys(self.layout.keys)

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.log, self.state)

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def look(self) -> Look:
        """The pulse of this moment; never raises, so that a page can always be drawn."""
        try:
            self.feed.advance()
            return Look(pulse(self.log, self.state, self.now))
        except TailorbirdError as error:
            return Look(Pulse(), str(error))

    async def visit(self, cookies: dict[str, str]) -> Visit:
        """What a page needs to know before it is drawn."""
        look = await self.read(self.look)
        return Visit(self.layout.root.name, self.api, theme_of(cookies), look.pulse.rejected)

    @staticmethod
    def read(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run it in a thread and await its answer."""
        return run.io_bound(work, *args, **kwargs)
