"""People: find somebody by an identifier, or pick one who was here a moment ago."""

from markupsafe import escape
from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.know.profile import Profile
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, join, table
from tailorbird.shell.console.mask import shown
from tailorbird.shell.console.parts import box, button, card, empty, heading, html, note, search
from tailorbird.shell.console.rows import person_link
from tailorbird.shell.console.someone import by_text, recent, strongest

_RECENT = 40


def add(desk: Desk) -> None:
    @ui.page("/people", title="People · Tailorbird")
    async def people(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        lead = f"{numbers.count(visit.people)} people are known. Find one by any of their identifiers."
        with page_frame(visit, "/people", "People", lead) as right:
            _finder(desk)
            await _Recent(desk, right).show()


def _finder(desk: Desk) -> None:
    answer = html()

    async def find() -> None:
        try:
            person = await desk.read(by_text, desk, field.value or "")
        except TailorbirdError as error:
            answer.set_content(escape(str(error)))
            return
        if person:
            ui.navigate.to(f"/people/{person.hex()}")
            return
        answer.set_content("Nobody has this identifier. It is compared as a whole, in any of the known types.")

    with box("tb-row").style("margin-bottom:18px") as row:
        field = search("userId:42, an e-mail address, a device or anonymous id", 420).on("keydown.enter", find)
        button("Find", find, icon="search", primary=True)
    answer.classes("tb-quiet").move(row)


class _Recent:
    """The table of people who were here last, with identifiers masked until they are opened."""

    def __init__(self, desk: Desk, right: ui.element) -> None:
        self._desk = desk
        self._opened = False
        with right:
            self._button = button("Show identifiers", self._open, icon="visibility")
        with card(flush=True) as self._card:
            self._table = html()

    async def show(self) -> None:
        try:
            found = await self._desk.read(recent, self._desk, _RECENT)
        except TailorbirdError as error:
            note(str(error), "bad", "error")
            found = []
        self._card.set_visibility(bool(found))
        self._button.set_visibility(bool(found))
        if not found:
            empty("person_search", "Nobody here yet", "People appear with their first event.")
            return
        self._table.set_content(_table(found, self._desk.now, self._opened))

    async def _open(self) -> None:
        self._opened = not self._opened
        self._button.set_text("Hide identifiers" if self._opened else "Show identifiers")
        await self.show()


def _table(found: list[Profile], now: int, opened: bool) -> str:
    heads = ["Person", "Last seen", "Leans to", "Sessions", "Orders", "Revenue", "Events"]
    rows = [_row(profile, now, opened) for profile in found]
    return join([heading("Here lately", "from the latest events"), table(heads, rows, numeric=(3, 4, 5, 6))])


def _row(profile: Profile, now: int, opened: bool) -> list[Content]:
    named = strongest(profile)
    type, value = (named[0], shown(named[1], opened)) if named else ("forgotten", profile.person.hex()[:12])
    top = max(profile.categories.items(), key=lambda pair: pair[1], default=(numbers.DASH, 0.0))[0]
    return [
        person_link(profile.person, value, type),
        numbers.ago(profile.last_seen_at, now),
        top,
        numbers.count(profile.sessions),
        numbers.count(profile.orders),
        numbers.money(profile.revenue),
        numbers.count(profile.version),
    ]
