"""Overview: is it well, is it live, who is there, what serves."""

from collections.abc import Sequence

from nicegui import ui
from starlette.requests import Request

from tailorbird.events import DAY_MS
from tailorbird.shell.console import charts, numbers
from tailorbird.shell.console.desk import Desk, Look
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import bar, div, join, link, span, table, tag
from tailorbird.shell.console.parts import box, card, chart, empty, every, heading, html, note, stat
from tailorbird.shell.console.pulse import Pulse
from tailorbird.shell.console.rows import kind_pill, leaf_tag
from tailorbird.shell.console.served import served_card
from tailorbird.shell.console.theme import Theme

_LATEST = 8
_KINDS = 7
_DAYS = 30


def add(desk: Desk) -> None:
    @ui.page("/", title="Overview · Tailorbird")
    async def overview(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/", "Overview", "What comes in, who is known, and what serves them."):
            look = await desk.read(desk.look)
            if look.trouble:
                note(look.trouble, "bad", "error")
            if look.pulse.end == 0:
                _nothing_yet(desk)
                return
            board = _Board(desk, visit.theme)
        every(2.0, board.refresh)


def _nothing_yet(desk: Desk) -> None:
    with card():
        send = f'curl -u KEY: {desk.address}/v1/track -d \'{{"userId": "1", "event": "Product Viewed"}}\''
        told = ["Make a key with ", span("tailorbird keys create", cls="tb-mono"), ", then send the first:"]
        empty("bolt", "No event has come in yet", told, send)

    async def look_again() -> None:
        if (await desk.read(desk.look)).pulse.end:
            ui.navigate.reload()

    every(3.0, look_again)


class _Board:
    """The page's moving parts; `refresh` brings all of them up to date."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        self._desk = desk
        self._stats = html(cls="tb-grid c4")
        with box("tb-grid wide"):
            with box("tb-column"):
                with card("Events per second", "last ten minutes, in steps of 10 s"):
                    self._rate = chart(charts.sparkline(theme, [], "/s"), 190)
                with card(flush=True):
                    self._latest = html()
            with box("tb-column"):
                with card():
                    self._kinds = html()
                with card("Events a day", "by the day they reached us"):
                    self._days = chart(charts.sparkline(theme, [], "events", bars=True), 120)
                with card():
                    self._served = html()

    async def refresh(self) -> None:
        look = await self._desk.read(self._desk.look)
        rates = self._desk.feed.rates(self._desk.now)
        minute = [rate for _, rate in rates[-6:]]
        self._stats.set_content(_stats(look, sum(minute) / max(1, len(minute))))
        self._kinds.set_content(_kinds(look.pulse))
        self._latest.set_content(_latest(self._desk))
        self._served.set_content(await self._desk.read(served_card, self._desk))
        _redraw(self._rate, rates)
        _redraw(self._days, [(day * DAY_MS, count) for day, count in list(look.pulse.by_day.items())[-_DAYS:]])


def _redraw(drawn: ui.echart, points: Sequence[charts.Point]) -> None:
    if drawn.options["series"][0]["data"] != points:  # an unchanged chart is not sent again
        drawn.options["series"][0]["data"] = points
        drawn.update()


def _stats(look: Look, rate: float) -> str:
    pulse, written = look.pulse, numbers.compact(rate) if rate >= 10 else f"{rate:.1f}"
    behind = pulse.behind
    health = ("Healthy", "good") if not look.trouble and behind < 1_000_000 else ("Look here", "warn")
    lag = "every event is folded" if not behind else "of the log are not folded yet"
    tiles = [
        stat("State", health[0], link("all checks", "/health"), health[1]),
        stat("Events per second", [written, tag("small", " last minute")],
             f"{numbers.count(pulse.events)} in all, {numbers.count(pulse.today)} today"),
        stat("Lag", numbers.size(behind), lag),
        stat("People", numbers.count(pulse.people), f"{numbers.count(pulse.decisions)} decisions logged"),
    ]  # fmt: skip
    return join(div(tile, cls="tb-card") for tile in tiles)


def _kinds(pulse: Pulse) -> str:
    kinds = list(pulse.by_event.items())[:_KINDS]
    most = max((count for _, count in kinds), default=1)
    rows = [
        [span(name, title=name), bar(count / most, "teal"), span(numbers.compact(count), cls="num")]
        for name, count in kinds
    ]
    sources = ", ".join(f"{name} {numbers.compact(count)}" for name, count in list(pulse.by_source.items())[:3])
    return join(
        [heading("What came in", "since the beginning"), div(rows, cls="tb-bars"), div("From ", sources, cls="tb-foot")]
    )


def _latest(desk: Desk) -> str:
    rows = [
        [
            span(numbers.clock(entry.at), cls="tb-mono tb-quiet"),
            kind_pill(entry.kind),
            entry.name or numbers.DASH,
            leaf_tag(entry.leaf),
        ]
        for entry in reversed(desk.feed.after(0, _LATEST))
    ]
    title = heading("Latest", "", link("Watch live", "/live"))
    return join([title, table(["Time", "Kind", "Event", "Leaf"], rows)])
