"""Live events: what comes in, as it comes in. Personal values stay masked until somebody opens one event."""

from typing import Any

from markupsafe import Markup
from nicegui import ui
from starlette.requests import Request

from tailorbird.events import Decided, Event, Rejected
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.feed import Entry
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import div, link, pairs, span, tag
from tailorbird.shell.console.parts import box, button, card, empty, every, html, search, select
from tailorbird.shell.console.rows import TONES, feed_row, plain_pairs
from tailorbird.shell.console.someone import person_of
from tailorbird.shell.console.unseal import masked_secret, opened_secret, secret_of

_ROWS = 60
_POLL_S = 1.0
_ALL = "everything"


def add(desk: Desk) -> None:
    @ui.page("/live", title="Live events · Tailorbird")
    async def live(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        lead = "Every record of the log as it arrives: events, decisions and what was rejected."
        with page_frame(visit, "/live", "Live events", lead) as right:
            stream = _Stream(desk, right)
        every(_POLL_S, stream.refresh)


class _Stream:
    """The list, its filters, and how far it has come."""

    def __init__(self, desk: Desk, right: ui.element) -> None:
        self._desk = desk
        self._offset = 0
        self._kind = self._source = _ALL
        self._text = ""
        self._paused = False
        self._rows: dict[int, list[ui.element]] = {}
        with right:
            self._pause = button("Pause", self._toggle_pause, icon="pause")
        with box("tb-row apart").style("margin-bottom:14px"):
            self._filters()
        with card(flush=True):
            html(_HEAD, cls="tb-event head")
            self._list = box("tb-feed")
            self._empty = box("")
            with self._empty:
                empty(
                    "hourglass_empty", "Nothing to show", "No recent record fits. New ones appear here by themselves."
                )

    async def refresh(self) -> None:
        """Put what is new on top, unless the page is paused."""
        await self._desk.read(self._desk.look)
        first = not self._offset
        if self._paused and not first:  # a new filter draws once, paused or not
            return
        # The first time all that is kept is gone through: a filter may leave few of it.
        for entry in self._desk.feed.after(self._offset, _ROWS if not first else 400):
            self._offset = entry.offset
            if self._fits(entry):
                self._put(entry, new=not first)
        while len(self._rows) > _ROWS:
            self._drop(min(self._rows))
        self._empty.set_visibility(not self._rows)

    def _filters(self) -> None:
        with box("tb-row"):
            kinds = {_ALL: "All kinds", **{kind: kind for kind in TONES}}
            select(kinds, _ALL, lambda e: self._filter(kind=e.value))
            sources = {entry.source for entry in self._desk.feed.after(0, 400)}
            select(
                {_ALL: "All sources", **{s: s for s in sorted(sources)}}, _ALL, lambda e: self._filter(source=e.value)
            )
        field = search("Filter by name or value", 280).props('debounce="250"')
        field.on_value_change(lambda e: self._filter(text=e.value or ""))

    async def _filter(self, kind: str = "", source: str = "", text: str | None = None) -> None:
        self._kind = kind or self._kind
        self._source = source or self._source
        self._text = self._text if text is None else text.casefold()
        for offset in list(self._rows):
            self._drop(offset)
        self._offset = 0
        await self.refresh()

    def _fits(self, entry: Entry) -> bool:
        if self._kind not in (_ALL, entry.kind) or self._source not in (_ALL, entry.source):
            return False
        return not self._text or self._text in f"{entry.name} {entry.summary}".casefold()

    def _put(self, entry: Entry, new: bool) -> None:
        with self._list:
            row = html(feed_row(entry), cls="tb-event new" if new else "tb-event")
            row.on("click", lambda: self._open(entry))
            row.move(target_index=0)
        self._rows[entry.offset] = [row]

    def _drop(self, offset: int) -> None:
        for element in self._rows.pop(offset):
            element.delete()

    def _open(self, entry: Entry) -> None:
        """Show the record below its row, or hide it again."""
        elements = self._rows[entry.offset]
        if len(elements) > 1:
            elements.pop().delete()
            return
        place = self._list.default_slot.children.index(elements[0]) + 1
        with self._list, box("tb-open") as details:
            _details(self._desk, entry)
        details.move(target_index=place)
        elements.append(details)

    def _toggle_pause(self) -> None:
        self._paused = not self._paused
        self._pause.set_text("Go on" if self._paused else "Pause")
        self._pause.set_icon("play_arrow" if self._paused else "pause")


_HEAD = [span(name) for name in ("Time", "Kind", "Event", "Plain values", "Source", "Leaf")]


def _details(desk: Desk, entry: Entry) -> None:
    record = entry.record
    with box():
        html(tag("h4", "Plain, as in the lake"), pairs(plain_pairs(entry)))
        person = person_of(desk, entry)
        if person is not None:
            html(div(link("What is known of this person", f"/people/{person.hex()}"), style="margin-top:12px"))
    if isinstance(record, Decided):
        html(tag("h4", "Offered, best first"), _offered(record))
        return
    with box("") as place:
        _sealed(desk, record, place)


def _offered(record: Decided) -> Markup:
    rows = zip(record.items, record.scores, record.reasons, strict=False)
    return pairs((item, f"{numbers.decimal(score)}, {reason}") for item, score, reason in rows)


def _sealed(desk: Desk, record: Event | Rejected, place: ui.element) -> None:
    """The sealed part: masked, with the button that opens it."""
    html(tag("h4", "Sealed: personal and undeclared"))
    body = html(masked_secret())

    async def open_it() -> None:
        secret: Any = await desk.read(secret_of, desk, record)
        body.set_content(opened_secret(secret))
        opener.delete()

    with place, box("").style("margin-top:10px"):
        opener = button("Open personal values", open_it, icon="lock_open")
