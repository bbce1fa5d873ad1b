"""One segment: how many are in it, how that moved, what sets them apart, who moved lately, and how it was defined."""

from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup
from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.know.segment.move import Move
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, div, join, pill, pre, span, table
from tailorbird.shell.console.parts import box, button, card, confirm, empty, every, heading, html, stat
from tailorbird.shell.console.rows import person_link
from tailorbird.shell.console.segments.asking import Answer, ask_audience
from tailorbird.shell.console.segments.audience import draw
from tailorbird.shell.console.segments.census import Count
from tailorbird.shell.console.segments.english import in_english
from tailorbird.shell.console.segments.job import Job
from tailorbird.shell.console.segments.lately import Lately, lately
from tailorbird.shell.console.segments.saving import author_of, save, take_back
from tailorbird.shell.console.segments.versions import changed, version_head
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.ports import Definition

_POLL_S = 2.0


class Facts(NamedTuple):
    """What the page shows beside the audience."""

    history: list[Definition]  # newest first
    census: Count
    lately: Lately
    english: Markup


def facts(desk: Desk, name: str) -> Facts:
    """A thread's work: some ms."""
    history = desk.engines.definitions.history("segment", name)
    definition = next((one for one in desk.worlds.now().program.segments if one.name == name), None)
    english = in_english(definition.expression) if definition else Markup()
    return Facts(history, desk.census.count(), lately(desk, name), english)


def add(desk: Desk) -> None:
    @ui.page("/segments/{name}", title="Segment · Tailorbird")
    async def page(request: Request, name: str) -> None:
        visit = await desk.visit(request.cookies)
        found = await desk.read(facts, desk, name)
        if not found.history:
            with page_frame(visit, "/segments", "Segment"), card():
                empty("groups", "No such segment", f"Nobody ever defined {name!r}.")
            return
        told = str(found.history[0].body.get("description", ""))
        with page_frame(visit, "/segments", name, told) as right:
            view = _View(desk, name, found, visit.theme, author_of(request.cookies))
            with right:
                view.buttons()
        ui.timer(0.05, view.ask, once=True)
        every(_POLL_S, view.refresh)


class _View:
    """The page's parts: live figures, and an audience that is asked for once."""

    def __init__(self, desk: Desk, name: str, found: Facts, theme: Theme, author: str) -> None:
        self._desk, self._name, self._found, self._theme, self._author = desk, name, found, theme, author
        self._stats = html(cls="tb-grid c4")
        with card("Who is in it").classes("tb-gap"), box("tb-grid c2").style("margin:0"):
            self._english = html()
            self._sql = html()
        self._audience = box("tb-gap")
        self._job: Job[Answer] = Job(self._audience, "Asking the lake …", lambda a: draw(*a, theme, desk.now))
        with box("tb-grid wide"):
            with card(flush=True):
                self._lately = html()
            with card("History", "every version, newest first"):
                self._versions = box()
        self._draw()
        self._draw_versions()

    def buttons(self) -> None:
        """What can be done with it."""
        button("Ask again", self.ask, icon="refresh")
        if self._found.history[0].author.startswith("cluster:"):
            # The next training would write it anew, and refuses what somebody else wrote.
            button("Made by clusters", lambda: ui.navigate.to("/clusters"), icon="bubble_chart")
            return
        button("Withdraw", self._withdraw, icon="block")
        button("Edit", lambda: ui.navigate.to(f"/segment/{self._name}/edit"), icon="edit", primary=True)

    async def ask(self) -> None:
        """Ask the lake about the segment's people."""
        if not self._found.history[0].deleted:
            sql = str(self._found.history[0].body.get("sql", ""))
            await self._job.ask(*ask_audience(self._desk, sql, self._name))

    async def refresh(self) -> None:
        """Counts and moves as they are now."""
        try:
            found = await self._desk.read(facts, self._desk, self._name)
        except TailorbirdError:
            return  # it is said on the overview; what was shown stays
        old, self._found = self._found, found
        if found != old:
            self._draw()
        if found.history != old.history:
            self._draw_versions()
            await self.ask()

    def _draw(self) -> None:
        newest, count, moves = self._found.history[0], self._found.census, self._found.lately
        tiles = [
            stat("People now", numbers.count(count.of(self._name)), _state(newest, count)),
            stat(
                "Of everyone",
                numbers.percent(count.share(self._name)),
                f"{numbers.count(count.people)} people are known",
            ),
            stat("Moved in 24 hours", f"+{moves.entered} −{moves.left}", moves.told),
            stat("Version", str(newest.version), [newest.author, f", {numbers.ago(newest.at, self._desk.now)}"]),
        ]
        self._stats.set_content(join(div(tile, cls="tb-card") for tile in tiles))
        self._english.set_content(self._found.english)
        self._sql.set_content(pre(str(newest.body.get("sql", ""))))
        self._lately.set_content(_lately_table(moves, self._desk.now))

    def _draw_versions(self) -> None:
        self._versions.clear()
        history = self._found.history
        with self._versions:
            for at, one in enumerate(history):
                before = history[at + 1].body if at + 1 < len(history) else None
                self._draw_version(one, before, newest=not at)

    def _draw_version(self, one: Definition, before: dict[str, Any] | None, newest: bool) -> None:
        with box("tb-version-entry"):
            with box("tb-row apart"):
                html(version_head(one, newest, self._desk.now))
                if not newest and not one.deleted:
                    button("Revert to this", self._reverting(one.version), icon="undo")
            html(changed(before, None if one.deleted else one.body))

    def _reverting(self, version: int) -> Callable[[], Any]:
        async def ask() -> None:
            text = f"What version {version} said becomes a new version. Everyone is looked at anew."
            if await confirm(f"Revert {self._name} to version {version}?", text, "Revert"):
                await self._do(take_back, self._desk, "segment", self._name, version, self._author)

        return ask

    async def _withdraw(self) -> None:
        text = "Its members leave it. The history stays, and any version can be reverted to."
        if await confirm(f"Withdraw {self._name}?", text, "Withdraw"):
            await self._do(save, self._desk, "segment", self._name, None, self._author)

    async def _do(self, work: Callable[..., None], *given: Any) -> None:
        try:
            await self._desk.read(work, *given)
        except TailorbirdError as error:
            ui.notify(str(error), type="negative", multi_line=True)
            return
        ui.notify("Done; it comes into force within a second.", type="positive")
        await self.refresh()


def _state(newest: Definition, count: Count) -> Content:
    if newest.deleted:
        return pill("withdrawn", "bad")
    if count.told is None or newest.name not in count.told.segments:
        return pill("coming into force", "info")
    return "as of the last event or tick"


def _lately_table(moves: Lately, now: int) -> str:
    heads = ["Person", "Moved", "Because", "When"]
    rows = [_move(one, name, now) for one, name in moves.latest]
    shown = table(heads, rows) if rows else div("Nobody has moved yet.", cls="tb-quiet tb-inset")
    return join([heading("Entered and left", "the latest, as they happened"), shown])


def _move(one: Move, name: str, now: int) -> list[Content]:
    return [
        person_link(one.person, name),
        pill("entered", "good") if one.entered else pill("left", "quiet"),
        one.because,
        span(numbers.when(one.at, now), cls="tb-mono tb-quiet"),
    ]
