"""Placements: what each serves, in words; and what it would show somebody now, with reasons and what was left out."""

from typing import Any

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.offer.placement import FROM_AN_ITEM, Placements
from tailorbird.offer.rules.spoken import spoken
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.explained import explained, person_hint
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, div, pill, span, table, tag
from tailorbird.shell.console.parts import box, button, card, heading, html, note, search, select
from tailorbird.shell.declared import placements_of

_LEAD = "Where items are offered, by which rules, and what each would show somebody now, with every reason."


def add(desk: Desk) -> None:
    @ui.page("/placements", title="Placements · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/placements", "Placements", _LEAD):
            try:
                found = await desk.read(placements_of, desk.engines.definitions)
            except TailorbirdError as error:
                note(str(error), "bad", "error")
                return
            _Try(desk, found, request.query_params.get("person", ""), request.query_params.get("placement", "home"))
            with card(flush=True).classes("tb-gap"):
                html(heading("In force", "changed in site/placements.yaml, with tailorbird apply"), _table(found))


def _table(found: Placements) -> Content:
    rows = [
        [
            [tag("b", name), div(one.title, cls="tb-quiet")],
            pill(one.recipe, "info"),
            tag("ul", [tag("li", line) for line in spoken(one)], cls="tb-words"),
        ]
        for name, one in sorted(found.items())
    ]
    return table(["Placement", "Recipe", "In words"], rows)


class _Try:
    """The form, and the answer below it."""

    def __init__(self, desk: Desk, found: Placements, person: str, placement: str) -> None:
        self._desk, self._found = desk, found
        self._placement = placement if placement in found else next(iter(found))
        with card().classes("tb-gap"):
            html(heading("Try it", "asked of the running engine; logged as a decision that nobody saw"))
            with box("tb-row"):
                select({name: name for name in sorted(found)}, self._placement, self._choose)
                self._person = search("who: userId:42, or nobody", 210)
                self._person.value = person
                self._items = search("page's items: id, id", 175)
                self._category = search("page's category", 150)
                self._exclude = search("without: id, id", 140)
                button("Ask", self._ask, icon="search", primary=True)
            for field in (self._person, self._items, self._category, self._exclude):
                field.on("keydown.enter", self._ask)
            self._answer = html(person_hint()).style("margin-top:14px; display:block; width:100%")

    async def _choose(self, event: Any) -> None:
        self._placement = event.value
        await self._ask()

    async def _ask(self) -> None:
        try:
            self._answer.set_content(str(explained(await self._decided())))
        except TailorbirdError as error:
            self._answer.set_content(str(div(span(str(error)), cls="tb-note warn")))

    async def _decided(self) -> dict[str, Any]:
        # As it is now: another may be chosen while the engine decides.
        items, placement = _ids(self._items.value), self._placement
        if self._found[placement].recipe in FROM_AN_ITEM and not items:
            raise _Incomplete(f"{placement!r} starts from what the page is about: name at least one item.")
        about: dict[str, Any] = {"item": items[0]} if len(items) == 1 else {"items": items}
        if category := (self._category.value or "").strip():
            about["category"] = category
        decisions = await self._desk.api.decide(
            _who(self._person.value), [placement], context=about, exclude=_ids(self._exclude.value), debug=True
        )
        return decisions[placement]  # type: ignore[no-any-return]


class _Incomplete(TailorbirdError):
    """The form lacks something."""


def _ids(text: str | None) -> list[str]:
    return [one for one in (text or "").replace(",", " ").split() if one]


def _who(text: str | None) -> dict[str, str]:
    """The person of the form: a bare value is a userId; nothing is a stranger."""
    kind, colon, value = (text or "").strip().partition(":")
    if colon and kind in IDENTIFIER_TYPES:
        return {kind: value}
    return {"userId": (text or "").strip()} if (text or "").strip() else {}
