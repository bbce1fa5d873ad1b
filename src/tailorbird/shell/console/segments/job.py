"""A long question put to the lake: off the event loop, with the time it takes shown, and a way to give it up."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from nicegui import ui

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console.markup import div, span
from tailorbird.shell.console.parts import box, button, html, note

T = TypeVar("T")
_TICK_S = 0.2
_SHOWN_AFTER_S = 0.3  # what is quicker needs no sign


class Job(Generic[T]):
    """Asks in `place`, and draws the answer there. A new question gives up the one before it."""

    def __init__(self, place: ui.element, words: str, draw: Callable[[T], None]) -> None:
        self._place, self._words, self._draw = place, words, draw
        self._task: asyncio.Future[T] | None = None
        self._give_up: Callable[[], None] = lambda: None
        self._since = 0.0
        self._sign: ui.html | None = None  # what says how long it takes already

    async def ask(self, work: Awaitable[T], give_up: Callable[[], None] = lambda: None) -> T | None:
        """The answer, drawn; None where it was given up or failed. `give_up` stops the work itself."""
        self.cancel()
        self._task, self._give_up = asyncio.ensure_future(work), give_up
        task, clock = self._task, ui.timer(_TICK_S, self._tick)
        self._since, self._sign = time.monotonic(), None
        try:
            answer = await task
        except asyncio.CancelledError:
            self._said(task, "Given up.")
            return None
        except TailorbirdError as error:
            self._said(task, str(error))
            return None
        finally:
            clock.deactivate()
        if task is self._task:
            self._redraw(lambda: self._draw(answer))
        return answer

    def cancel(self) -> None:
        """Give up what is asked now."""
        if self._task is not None and not self._task.done():
            self._give_up()
            self._task.cancel()

    def _tick(self) -> None:
        taken = time.monotonic() - self._since
        if taken >= _SHOWN_AFTER_S and self._sign is None:
            self._redraw(self._waiting)
        if self._sign is not None:
            self._sign.set_content(span(f"{self._words} {taken:.1f} s", cls="tb-quiet"))

    def _waiting(self) -> None:
        with box("tb-asking"):
            ui.linear_progress(show_value=False, size="3px").props("indeterminate")
            with box("tb-row apart"):
                self._sign = html(div(self._words))
                button("Cancel", self.cancel)

    def _said(self, task: asyncio.Future[T], text: str) -> None:
        if task is self._task:
            self._redraw(lambda: note(text, "info" if text == "Given up." else "bad"))

    def _redraw(self, draw: Callable[[], None]) -> None:
        self._place.clear()
        with self._place:
            draw()
