"""The builder: rows of conditions and the SQL they write, checked while it grows, with a look at who would be in it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import numbers
from tailorbird.shell.console.builder.condition import Group
from tailorbird.shell.console.builder.draft import Draft
from tailorbird.shell.console.builder.forms import blank
from tailorbird.shell.console.builder.rules import Rules
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import div, join, span, tag
from tailorbird.shell.console.parts import box, button, card, empty, heading, html, note, stat
from tailorbird.shell.console.segments.asking import Answer, ask_audience
from tailorbird.shell.console.segments.audience import draw
from tailorbird.shell.console.segments.functions_help import functions_dialog
from tailorbird.shell.console.segments.job import Job
from tailorbird.shell.console.segments.mistakes import told
from tailorbird.shell.console.segments.saving import AUTHOR_COOKIE, author_of, save
from tailorbird.shell.console.segments.versions import changed
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.ports import Definition

if TYPE_CHECKING:
    from tailorbird.shell.console.segments.world import World

_LEAD = "Put conditions together; the SQL below is what they say, and can be written as well."


def add(desk: Desk) -> None:
    @ui.page("/segment/new", title="New segment · Tailorbird")
    async def new(request: Request) -> None:
        await _page(desk, request, None)

    @ui.page("/segment/{name}/edit", title="Edit segment · Tailorbird")
    async def edit(request: Request, name: str) -> None:
        found = await desk.read(desk.engines.definitions.get, "segment", name)
        if found is not None:
            await _page(desk, request, found)
            return
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/segments", "Segment"), card():
            empty("groups", "No such segment", f"There is none of the name {name!r} to edit.")


async def _page(desk: Desk, request: Request, found: Definition | None) -> None:
    visit = await desk.visit(request.cookies)
    world = await desk.read(desk.worlds.now)
    title = f"Edit {found.name}" if found else "New segment"
    with page_frame(visit, "/segments", title, _LEAD) as right:
        view = _View(desk, world, found, visit.theme, author_of(request.cookies))
        with right:
            view.buttons()


class _View:
    """The page: name, rows, SQL, and the preview. Ctrl+Enter previews, Ctrl+S saves."""

    def __init__(self, desk: Desk, world: "World", found: Definition | None, theme: Theme, author: str) -> None:
        self._desk, self._world, self._found, self._author = desk, world, found, author
        self._draft = Draft(world.read, str(found.body["sql"]) if found else "")
        with box("tb-builder") as self._all:
            if world.trouble:
                note(f"The definitions in force cannot be read, so names of theirs are unknown here: {world.trouble}")
            self._naming()
            with card("Who is in it").classes("tb-gap"):
                self._rules = Rules(world.choices, self._ruled)
            self._sql_card()
            self._place = box()
        self._job: Job[Answer] = Job(self._place, "Asking the lake …", lambda answer: self._drawn(answer, theme))
        self._all.on("keydown.ctrl.enter.prevent", self.preview).on("keydown.ctrl.s.prevent", self.save)
        self._rules.show(self._draft.group if found else Group("all", (blank("orders"),)))
        if not found:
            self._ruled(Group("all", (blank("orders"),)))
        self._judge()

    def buttons(self) -> None:
        """What can be done with the draft."""
        back = f"/segments/{self._found.name}" if self._found else "/segments"
        button("Cancel", lambda: ui.navigate.to(back))
        button("Preview", self.preview, icon="visibility").props('title="Ctrl+Enter"')
        button("Save", self.save, icon="check", primary=True).props('title="Ctrl+S"')

    def _naming(self) -> None:
        body = self._found.body if self._found else {}
        with card().classes("tb-gap"), box("tb-naming"):
            self._name = _field("Name", self._found.name if self._found else "", "high_value")
            self._name.set_enabled(self._found is None)
            self._about = _field("Description", str(body.get("description", "")), "What for, in a sentence")

    def _sql_card(self) -> None:
        with card().classes("tb-gap"):
            with box("tb-row apart").style("align-items:baseline"):
                html(heading("SQL", "what the rows say; written here, the rows follow"))
                button("All functions", functions_dialog().open, icon="menu_book")
            self._area = ui.textarea(value=self._draft.text).props(
                'outlined autogrow debounce="400" spellcheck="false" aria-label="SQL of the segment"'
            )
            # The browser's own event: text that the rows wrote must not come back as if somebody had typed it.
            self._area.classes("tb-input tb-sql").on("update:model-value", lambda event: self._typed(_text(event.args)))
            self._verdict = html(cls="tb-verdict").props('aria-live="polite"')

    def _ruled(self, group: Group) -> None:
        self._draft.change(group)
        self._area.set_value(self._draft.text)
        self._judge()

    def _typed(self, text: str) -> None:
        self._area.set_value(text)
        self._draft.take(text)
        self._rules.show(self._draft.group)
        self._judge()

    def _judge(self) -> None:
        self._verdict.set_content(told(self._draft.text, self._draft.meant, self._draft.trouble))

    async def preview(self) -> None:
        """Ask the lake who would be in it."""
        if not self._draft.valid:
            ui.notify("There is something to put right first; see below the SQL.", type="warning")
            return
        await self._job.ask(*ask_audience(self._desk, self._draft.text, self._found.name if self._found else ""))

    def _drawn(self, answer: Answer, theme: Theme) -> None:
        found = answer.audience
        before = self._desk.census.count().of(self._found.name) if self._found else None
        tiles = [
            stat("People", numbers.count(found.members), _beside(found.members, before)),
            stat("Of everyone", numbers.percent(found.share), f"{numbers.count(found.people)} people are known"),
            stat("Asked in", f"{found.seconds:.2f} s", "over the whole history in the lake"),
        ]
        html(join(div(tile, cls="tb-card") for tile in tiles), cls="tb-grid c3")
        draw(*answer, theme, self._desk.now)

    async def save(self) -> None:
        """Show what changes, ask for the author, and put it in force."""
        name = self._name.value.strip()
        if not self._draft.valid or not name:
            ui.notify("It needs a name." if self._draft.valid else "The SQL is not right yet.", type="warning")
            return
        known = await self._desk.read(self._desk.engines.definitions.all, "segment")
        if self._found is None and name in {one.name for one in known}:
            ui.notify(f"There is a segment {name} already; open it to edit it.", type="warning")
            return
        author = await _confirmed(name, self._found, self._body(), self._author)
        if author is not None:
            await self._saved(name, author)

    def _body(self) -> dict[str, Any]:
        # The label cannot be edited here, and must not be lost by it.
        kept = {key: value for key, value in (self._found.body if self._found else {}).items() if key == "label"}
        about = self._about.value.strip()
        return {"sql": self._draft.text.strip(), **({"description": about} if about else {}), **kept}

    async def _saved(self, name: str, author: str) -> None:
        try:
            await self._desk.read(save, self._desk, "segment", name, self._body(), author)
        except TailorbirdError as error:
            self._verdict.set_content(told("", None, error))
            ui.notify(str(error), type="negative", multi_line=True)
            return
        # By the browser: a page that is open has no response left that could set a cookie.
        ui.run_javascript(f"document.cookie='{AUTHOR_COOKIE}={quote(author)};path=/;max-age=31536000;samesite=lax'")
        ui.navigate.to(f"/segments/{name}")


def _beside(members: int, before: int | None) -> str:
    if before is None:
        return "by the lake, as far as it is archived"
    return "as in force now" if members == before else f"{members - before:+,} beside what is in force"


async def _confirmed(name: str, found: Definition | None, body: dict[str, Any], author: str) -> str | None:
    """What is saved, as a dialog; the author's name, or None."""
    with ui.dialog() as dialog, box("tb-card tb-save"):
        html(heading(f"Save {name}", f"version {found.version + 1 if found else 1}"))
        html(changed(found.body if found else None, body))
        field = _field("Your name, for its history", author, "")
        field.on("keydown.enter", lambda: dialog.submit(field.value))
        with box("tb-row").style("justify-content:flex-end; margin-top:18px"):
            button("Cancel", lambda: dialog.submit(None))
            button("Put in force", lambda: dialog.submit(field.value), primary=True)
    answer = await dialog
    return None if answer is None else str(answer)


def _field(label: str, value: str, example: str) -> ui.input:
    with box("tb-labelled"):
        html(tag("label", span(label)))
        field = ui.input(value=value, placeholder=example)
        return field.props(f'outlined dense aria-label="{label}"').classes("tb-input")


def _text(args: Any) -> str:
    """What the browser says was typed: alone, or before the DOM event."""
    value = args[0] if isinstance(args, list) and args else args
    return str(value or "")
