"""What a person allows, with switches; a change becomes an event in the log like any other."""

import asyncio
from typing import Any

from nicegui import ui

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import div
from tailorbird.shell.console.parts import box, card, html
from tailorbird.shell.console.someone import Someone, strongest

_PATIENCE_S = 2.0


class Consents:
    """A card with one switch a purpose."""

    def __init__(self, desk: Desk, found: Someone) -> None:
        self._desk = desk
        self._named = strongest(found.profile)
        self._switches: dict[str, ui.switch] = {}
        self._whys: dict[str, ui.html] = {}
        with card("Consent", "asked before every use"):
            for purpose in found.verdicts:
                self._row(purpose)
        self.show(found)

    def show(self, found: Someone) -> None:
        """Set the switches to what holds now."""
        for purpose, verdict in found.verdicts.items():
            if purpose not in self._switches:  # declared since the page was opened
                continue
            self._switches[purpose].set_value(verdict.allowed)
            said = found.profile.consent.get(purpose)
            when = f", {numbers.ago(said.at, found.now)} by {said.source}" if said else ""
            self._whys[purpose].set_content(div(verdict.why, when, cls="tb-sub"))

    def _row(self, purpose: str) -> None:
        with box("tb-row apart").style("margin-bottom:8px; flex-wrap:nowrap"):
            with box():
                html(div(purpose))
                self._whys[purpose] = html()
            # The browser's own event: setting a switch from here must never pass for the person's word.
            switch = ui.switch().on("update:model-value", lambda event: self._say(purpose, _turned_on(event.args)))
            switch.props(f'color="secondary" aria-label="{purpose}"').set_enabled(self._named is not None)
            self._switches[purpose] = switch

    async def _say(self, purpose: str, granted: bool) -> None:
        if self._named is None:
            return
        try:
            offset = await self._desk.api.consent(*self._named, {purpose: granted})
            await self._folded(offset)
        except TailorbirdError as error:
            self._switches[purpose].set_value(not granted)
            ui.notify(str(error), type="negative")
            return
        ui.notify(f"{purpose}: {'granted' if granted else 'withdrawn'}, in force now", type="positive")

    async def _folded(self, offset: int) -> None:
        """Wait until the state knows, so that the page that follows shows it."""
        for _ in range(int(_PATIENCE_S / 0.05)):
            if await self._desk.read(self._desk.engines.state.offset) >= offset:
                return
            await asyncio.sleep(0.05)


def _turned_on(args: Any) -> bool:
    """What the browser says: the new value, alone or before the DOM event. Raises TypeError for anything else."""
    value = args[0] if isinstance(args, list) and args else args
    if not isinstance(value, bool):
        raise TypeError(f"A switch told {type(value).__name__} instead of a boolean.")
    return value
