"""Segments: all of them, with how many people are in each now, and who defined them when."""

from typing import Any

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, bar, div, join, link, pill, span, table
from tailorbird.shell.console.parts import box, button, card, empty, every, heading, html, note, search
from tailorbird.shell.console.segments.census import Count
from tailorbird.shell.ports import Definition

_POLL_S = 2.0
_LEAD = (
    "People who share a condition. Who meets it is in at once; who no longer does is out, also when only time passes."
)


def add(desk: Desk) -> None:
    @ui.page("/segments", title="Segments · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/segments", "Segments", _LEAD) as right:
            view = _View(desk, right)
        every(_POLL_S, view.refresh)


class _View:
    """The tables, filtered, with live counts."""

    def __init__(self, desk: Desk, right: ui.element) -> None:
        self._desk = desk
        self._wanted = ""
        self._shown: Any = None
        with right:
            field = search("Filter by name or words", 240).props('debounce="200" aria-label="Filter segments"')
            field.on_value_change(self._filter)
            button("New segment", lambda: ui.navigate.to("/segment/new"), icon="add", primary=True)
        self._trouble = box()
        with card(flush=True).classes("tb-gap") as self._card:
            self._segments = html()
        with card(flush=True) as self._other:
            self._traits = html()
        self._none = box()
        with self._none, card():
            text = "Put conditions together here, or declare them in site/segments.yaml and apply them:"
            empty("groups", "No segment is defined yet", text, "tailorbird apply --data DIR site")

    async def refresh(self) -> None:
        """Draw again what changed."""
        try:
            segments, traits, count = await self._desk.read(_facts, self._desk)
        except TailorbirdError as error:
            self._shown = None  # else the error would stay where all is as it was
            self._say(str(error))
            return
        shown = (segments, traits, count, self._wanted)
        if shown == self._shown:
            return
        self._shown = shown
        self._say(_trouble(count))
        for place, found in ((self._card, segments), (self._other, traits)):
            place.set_visibility(bool(found))
        self._none.set_visibility(not segments)
        self._segments.set_content(_segments(_fitting(segments, self._wanted), count, self._desk.now))
        self._traits.set_content(_traits(_fitting(traits, self._wanted), self._desk.now))

    async def _filter(self, event: Any) -> None:
        self._wanted = (event.value or "").casefold()
        await self.refresh()

    def _say(self, trouble: str) -> None:
        self._trouble.clear()
        if trouble:
            with self._trouble:
                note(trouble)


def _facts(desk: Desk) -> tuple[list[Definition], list[Definition], Count]:
    definitions = desk.engines.definitions
    return definitions.all("segment"), definitions.all("trait"), desk.census.count()


def _trouble(count: Count) -> str:
    if count.told is None:
        return ""
    if count.told.refused:
        return f"The newest definitions did not come into force: {count.told.refused}"
    return "New definitions are reaching everyone; counts grow for a moment." if count.told.reaching else ""


def _fitting(found: list[Definition], wanted: str) -> list[Definition]:
    return [one for one in found if wanted in f"{one.name} {one.body}".casefold()]


def _segments(found: list[Definition], count: Count, now: int) -> str:
    most = max((count.of(one.name) for one in found), default=0) or 1
    rows = [_segment(one, count, most, now) for one in sorted(found, key=lambda one: -count.of(one.name))]
    heads = ["Segment", "People", "", "Of everyone", "Version", "Author", "Changed"]
    told = f"{numbers.count(len(found))} of them, {numbers.count(count.people)} people"
    return join([heading("In force", told), table(heads, rows, numeric=(1, 3, 4))])


def _segment(one: Definition, count: Count, most: int, now: int) -> list[Content]:
    waits = count.told is not None and one.name not in count.told.segments
    members = pill("coming", "info") if waits else numbers.count(count.of(one.name))
    return [
        _named(one),
        members,
        bar(count.of(one.name) / most, "olive"),
        numbers.percent(count.share(one.name)),
        str(one.version),
        span(one.author, cls="tb-mono tb-quiet"),
        span(numbers.ago(one.at, now), cls="tb-quiet tb-soon"),
    ]


def _named(one: Definition) -> Content:
    label, about = (str(one.body.get(field, "")) for field in ("label", "description"))
    called = span(f" {label}", cls="tb-quiet") if label else None
    return [link(one.name, f"/segments/{one.name}"), called, span(about, cls="tb-sub tb-told")]


def _traits(found: list[Definition], now: int) -> str:
    rows: list[list[Content]] = [
        [
            [span(one.name, cls="tb-name"), span(str(one.body.get("description", "")), cls="tb-sub tb-told")],
            div(str(one.body.get("sql", "")), cls="tb-mono tb-one-line", title=str(one.body.get("sql", ""))),
            str(one.version),
            span(one.author, cls="tb-mono tb-quiet"),
            span(numbers.ago(one.at, now), cls="tb-quiet tb-soon"),
        ]
        for one in found
    ]
    heads = ["Trait", "Computed as", "Version", "Author", "Changed"]
    return join([heading("Computed traits", "to be named in conditions"), table(heads, rows, numeric=(2,))])
