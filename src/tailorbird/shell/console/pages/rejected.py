"""Rejected: what could not be understood, why, where, and another try once the cause is mended."""

from typing import Any, NamedTuple

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.events import Rejected
from tailorbird.shell import quarantine
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import bar, div, join, pairs, pill, span, tag
from tailorbird.shell.console.parts import box, button, card, confirm, empty, every, heading, html, note, select
from tailorbird.shell.console.unseal import opened_secret, secret_of

_ROWS = 50
_POLL_S = 5.0
_ALL = "all reasons"
_STEPS = {
    "json": "The bytes are no JSON. Look at the sender's serialiser.",
    "shape": "A batch must hold JSON objects. Look at the sender.",
    "size": "Send less with an event: at most 32 KB each.",
    "depth": "Flatten what is nested so deep.",
    "type": "Use one of track, identify, page, screen, group, alias.",
    "event": "Give the track call an event name.",
    "derived": "Tailorbird says this itself. Another name, or a key that may 'admin'.",
    "identifier": "Send a userId or an anonymousId that is not a placeholder such as 'null'.",
    "required": "The tracking plan requires this property: send it, or make it optional in site/events.yaml.",
    "kind": "The tracking plan declares another type: mend the sender or site/events.yaml.",
    "unknown_event": "Declare the event in site/events.yaml, or keep unknown ones.",
    "timestamp": "Send ISO 8601 or a number of seconds or milliseconds.",
}


class Refusals(NamedTuple):
    """What the quarantine holds."""

    newest: list[tuple[int, Rejected]]
    reasons: dict[str, int]


def refusals(desk: Desk, reason: str) -> Refusals:
    """The newest of a reason ("" for all), and how many there are of each."""
    with desk.engines.state.snapshot() as snapshot:
        return Refusals(quarantine.newest(snapshot, reason, limit=_ROWS), quarantine.reasons(snapshot))


def add(desk: Desk) -> None:
    @ui.page("/rejected", title="Rejected · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        lead = "Calls that could not be understood. They are kept sealed and can be tried again."
        with page_frame(visit, "/rejected", "Rejected", lead):
            view = _View(desk)
        every(_POLL_S, view.refresh)


class _View:
    """The page; it is only drawn anew when something came in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reason = ""
        self._drawn: tuple[Any, ...] = ()
        self._body = box()

    async def refresh(self) -> None:
        try:
            found = await self._desk.read(refusals, self._desk, self._reason)
        except TailorbirdError as error:
            self._drawn = ()  # the error took its place: the same content has to be drawn again
            self._body.clear()
            with self._body:
                note(str(error), "bad", "error")
            return
        drawn = (self._reason, found.newest[:1], found.reasons)
        if drawn != self._drawn:
            self._drawn = drawn
            self._body.clear()
            with self._body:
                self._draw(found)

    def _draw(self, found: Refusals) -> None:
        if not found.reasons:
            with card():
                empty("task_alt", "Nothing was rejected", "Every call so far could be understood.")
            return
        with card().classes("tb-gap"):
            html(_reasons(found.reasons))
        with box("tb-row apart").style("margin-bottom:14px"):
            options = {"": _ALL, **{reason: f"{reason} ({count})" for reason, count in found.reasons.items()}}
            select(options, self._reason, self._choose)
            button("Try these again", self._replay_all, icon="replay")
        with card(flush=True):
            html([span(name) for name in ("Received", "Reason", "Where", "What was wrong", "Source", "")], cls=_HEAD)
            for offset, record in found.newest:
                _Row(self._desk, offset, record)

    async def _choose(self, event: Any) -> None:
        self._reason = event.value
        await self.refresh()

    async def _replay_all(self) -> None:
        which = f"with reason '{self._reason}'" if self._reason else "of all reasons"
        text = "They are accepted by the tracking plan in force now. Nothing counts twice: message ids are kept."
        if await confirm(f"Try up to 1,000 calls {which} again?", text, "Try again"):
            await _replay(self._desk, reason=self._reason)


_HEAD = "tb-event tb-refusal head"


def _reasons(reasons: dict[str, int]) -> str:
    most = max(reasons.values())
    rows = [
        [
            span(pill(reason, "bad"), span(_STEPS.get(reason, ""), cls="tb-quiet tb-step")),
            bar(count / most),
            span(numbers.count(count), cls="num"),
        ]
        for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])
    ]
    return join([heading("Why", "and what to do about it"), div(rows, cls="tb-bars tb-why")])


class _Row:
    """One rejected call; a click opens what is known of it."""

    def __init__(self, desk: Desk, offset: int, record: Rejected) -> None:
        self._desk, self._offset, self._record = desk, offset, record
        self._row = html(_cells(record, desk.now), cls="tb-event tb-refusal").on("click", self._open)
        self._details: ui.element | None = None

    def _open(self) -> None:
        if self._details is not None:
            self._details.set_visibility(not self._details.visible)
            return
        parent = self._row.parent_slot
        assert parent is not None
        with parent.parent, box("tb-open") as self._details:
            html(tag("h4", "What is known"), pairs(self._known()))
            with box():
                html(tag("h4", "As received, sealed"))
                raw = html(div("Open it to see what was sent; it may hold personal values.", cls="tb-quiet"))
                with box("tb-row").style("margin-top:12px"):
                    button("Open", lambda: self._unseal(raw), icon="lock_open")
                    button("Try again", lambda: _replay(self._desk, offset=self._offset), icon="replay")
        self._details.move(target_index=parent.children.index(self._row) + 1)

    def _known(self) -> list[tuple[str, str]]:
        record = self._record
        posted = numbers.moment(record.received_at)
        return [
            ("received", posted),
            ("posted to", record.path),
            ("where", record.where or "the whole call"),
            ("reason", record.reason),
            ("detail", record.detail),
            ("next step", _STEPS.get(record.reason, "See the detail.")),
            ("offset", f"{self._offset:,}"),
        ]

    async def _unseal(self, place: ui.html) -> None:
        place.set_content(opened_secret(await self._desk.read(secret_of, self._desk, self._record)))


def _cells(record: Rejected, now: int) -> str:
    return join(
        [
            span(
                numbers.when(record.received_at, now), cls="tb-mono tb-quiet", title=numbers.moment(record.received_at)
            ),
            span(pill(record.reason, "bad")),
            span(record.where or "the whole call", cls="tb-mono"),
            span(record.detail, title=record.detail),
            span(record.source, cls="tb-quiet"),
            span(tag("i", "expand_more", cls="material-icons tb-quiet")),
        ]
    )


async def _replay(desk: Desk, **which: Any) -> None:
    try:
        outcomes = await desk.api.replay(**which)
    except TailorbirdError as error:
        ui.notify(str(error), type="negative")
        return
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "none was found"
    ui.notify(f"Tried again: {told}", type="positive" if outcomes.get("accepted") else "warning")
