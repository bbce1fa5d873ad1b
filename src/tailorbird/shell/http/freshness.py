"""Reading one's own writes: wait until the state has folded what a token stands for, but not for long."""

import asyncio

from tailorbird.errors import BadRequest, Unavailable
from tailorbird.shell.ports import State

_LOOK_EVERY_S = 0.0005
_MOST_DIGITS = 19


def offset_of(token: str | int) -> int:
    """The offset that a token names; raises BadRequest.

    >>> offset_of("1187"), offset_of(1187)
    (1187, 1187)
    """
    text = str(token) if isinstance(token, int) else token.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise BadRequest('`after` is not a token: send the `offset` of an earlier answer, such as "1187".')
    return int(text)


class Freshness:
    """Waits for the stream worker; at most `wait_ms`."""

    def __init__(self, state: State, wait_ms: int) -> None:
        self._state = state
        self._wait_s = wait_ms / 1000

    def reached_already(self, offset: int) -> bool:
        """Whether the state is at or behind `offset` now."""
        try:
            return self._state.offset() >= offset
        except Unavailable:
            return False

    async def reached(self, offset: int) -> bool:
        """Whether the state is at or behind `offset` now, or became so within the wait."""
        try:
            if self._state.offset() >= offset:
                return True
            return await self._wait(offset)
        except Unavailable:
            return False

    async def _wait(self, offset: int) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait_s
        while loop.time() < until:
            # The worker is another process and tells nobody when it commits; a look at its offset costs next to
            # nothing.
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._state.offset() >= offset:
                return True
        return False
