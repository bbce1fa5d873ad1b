"""What the console reads from: the engines of one data folder, opened to read, and the HTTP API for everything else.

Blocking work goes through `Desk.read`, which runs it in a thread, so that no page ever freezes another.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console.api import Api
from tailorbird.shell.console.feed import Feed
from tailorbird.shell.console.frame import Visit
from tailorbird.shell.console.pulse import Pulse, pulse
from tailorbird.shell.console.segments.census import Census
from tailorbird.shell.console.theme import theme_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.logs import Logger
from tailorbird.shell.standing import Programs

if TYPE_CHECKING:
    from tailorbird.shell.console.segments.world import Worlds

P = ParamSpec("P")
T = TypeVar("T")


class Look(NamedTuple):
    """The pulse, and what kept it from being taken in full."""

    pulse: Pulse
    trouble: str = ""


class Desk:
    """The readers of one data folder. Engines open at first use: most pages need two or three of them."""

    def __init__(self, engines: Engines, address: str, logger: Logger | None = None) -> None:
        self.engines = engines
        self.logger = logger or Logger(None)
        self.layout = engines.layout
        self.address = address.rstrip("/")
        self._opening = threading.Lock()

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.engines.log, self.engines.state)

    @cached_property
    def api(self) -> Api:
        return Api(self.address, self.engines.definitions)

    @cached_property
    def census(self) -> Census:
        return Census(self.engines.state)

    @cached_property
    def worlds(self) -> "Worlds":
        # The language's reader is loaded by its first page.
        from tailorbird.shell.console.segments.world import Worlds

        return Worlds(self.engines)

    @cached_property
    def programs(self) -> Programs:
        return Programs()

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def look(self) -> Look:
        """The pulse of this moment; never raises, so that a page can always be drawn."""
        try:
            self._open()
            self.feed.advance()
            return Look(pulse(self.engines.log, self.engines.state, self.now))
        except TailorbirdError as error:
            return Look(Pulse(), str(error))

    def _open(self) -> None:
        """Make every engine once: LMDB does not bear being opened twice in one process, by two pages at a time."""
        with self._opening:
            engines = self.engines
            _ = engines.log, engines.state, engines.lake, engines.keys, engines.definitions, engines.catalogue
            _ = self.feed, self.api, self.census, self.programs

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The items' names, of those that the catalogue knows."""
        try:
            found = {item_id: self.engines.catalogue.get(item_id) for item_id in ids}
        except TailorbirdError:
            return {}
        return {item_id: item.name for item_id, item in found.items() if item is not None}

    async def visit(self, cookies: dict[str, str]) -> Visit:
        """What a page needs to know before it is drawn."""
        now = (await self.read(self.look)).pulse
        return Visit(self.layout.root.name, self.address, theme_of(cookies), now.rejected, now.people)

    @staticmethod
    def read(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run it in a thread and await its answer."""
        return asyncio.to_thread(work, *args, **kwargs)
