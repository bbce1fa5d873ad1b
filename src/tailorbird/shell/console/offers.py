"""What a person would see now: the decisions of the running engine, asked over HTTP, with their reasons."""

from typing import Any

from markupsafe import Markup

from tailorbird.errors import TailorbirdError
from tailorbird.offer.placement import BUILT_IN, Placements
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import div, join, pill, span
from tailorbird.shell.console.parts import box, card, heading, html, toggle
from tailorbird.shell.declared import placements_of

_SHOWN = 8
_FOLLOW_MS = 5_000
_WITHOUT_CONTEXT = ("home", "popular", "again")  # the others need an item or a cart to go with


class Offers:
    """A card with one placement's decision at a time."""

    def __init__(self, desk: Desk, named: tuple[str, str] | None) -> None:
        self._desk, self._named = desk, named
        self._asked_at = 0
        placements = _placements(desk)
        self._placement = next(iter(placements), "home")
        with card() as block, box("tb-row apart").style("margin-bottom:8px; align-items:baseline"):
            html(heading("What they see now", "asked of the running engine"))
            toggle({name: name for name in placements}, self._placement, self._choose)
        with block:
            self._body = html(div("Asking…", cls="tb-wait"))

    async def follow(self) -> None:
        """Ask again because the person did something; not too often, since every decision goes into the log."""
        if self._desk.now - self._asked_at >= _FOLLOW_MS:
            await self.refresh()

    async def refresh(self) -> None:
        """Ask again."""
        self._asked_at, asked = self._desk.now, self._placement
        answer = await self._answer(asked)
        # Else another was chosen meanwhile, and its answer comes or stands there already.
        if asked == self._placement:
            self._body.set_content(answer)

    async def _answer(self, placement: str) -> Markup:
        if self._named is None:
            return div("Nobody can be asked about: no readable identifier is left.", cls="tb-quiet")
        type, value = self._named
        try:
            decisions = await self._desk.api.decide({type: value}, [placement], limit=_SHOWN)
        except TailorbirdError as error:
            return _away(str(error))
        return _decision(decisions[placement])

    async def _choose(self, event: Any) -> None:
        self._placement = event.value
        await self.refresh()


def _placements(desk: Desk) -> Placements:
    known = placements_of(desk.engines.definitions)
    return {name: known[name] for name in known if name in _WITHOUT_CONTEXT or name not in BUILT_IN}


def _away(why: str) -> Markup:
    return div(why, " Start ", span("tailorbird serve", cls="tb-mono"), " and this fills by itself.", cls="tb-quiet")


def _decision(decision: dict[str, Any]) -> Markup:
    rows = [_choice(at, choice) for at, choice in enumerate(decision.get("items", []), 1)]
    spoke = ["Spoke: ", pill(decision["link"], "accent"), f" · model {decision.get('model') or numbers.DASH}"]
    why = f" · {decision['why']}" if decision.get("why") else ""
    nothing = div("Nothing to offer here.", cls="tb-quiet")
    return join([rows or nothing, div(spoke, why, f" · probability {decision['probability']:g}", cls="tb-foot")])


def _choice(at: int, choice: dict[str, Any]) -> Markup:
    item = choice.get("item") or {}
    reasons = "; ".join(reason["text"] for reason in choice.get("reasons", []))
    price = numbers.money(item.get("price"), item.get("currency", "")) if item.get("price") is not None else ""
    return div(
        span(str(at), cls="tb-quiet"),
        div(item.get("name") or choice["id"], span(f"  {price}", cls="tb-quiet"), div(reasons, cls="why")),
        span(numbers.decimal(choice.get("score")), cls="tb-mono tb-quiet", title="score"),
        cls="tb-rec",
    )
