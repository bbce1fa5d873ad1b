"""KPI: whether what is shown helps, by placement and day, with how sure the figures are."""

from typing import Any, NamedTuple

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.events import DAY_MS
from tailorbird.prove.kpi import Kpi
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.kpi_charts import by_day
from tailorbird.shell.console.kpi_table import placements, tiles
from tailorbird.shell.console.markup import div
from tailorbird.shell.console.parts import box, card, chart, empty, every, html, note, toggle
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.measure import ShopDay, currency, kpi, shop_days

_RANGES = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
_POLL_S = 60.0
_LEAD = "What people saw, what they clicked, and what they bought of it within seven days."
_FOOT = (
    "95 % intervals; they know that one person's impressions are alike. A figure belongs to the day of its impression, "
    "so the last seven days still grow. It says what followed, not what was caused: for that, run an experiment."
)


class Figures(NamedTuple):
    """All that the page shows of one range."""

    start: int
    end: int
    rows: list[Kpi]
    shop: list[ShopDay]
    currency: str


def figures(desk: Desk, days: int) -> Figures:
    """Ask the lake; takes a moment."""
    lake, end = desk.engines.lake, desk.now
    start = (end // DAY_MS - days + 1) * DAY_MS
    return Figures(start, end, kpi(lake, start, end), shop_days(lake, start, end), currency(lake, start))


def add(desk: Desk) -> None:
    @ui.page("/kpi", title="KPI · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/kpi", "KPI", _LEAD) as right:
            view = _View(desk, visit.theme, right)
        every(_POLL_S, view.refresh)


class _View:
    """The page for one range of days."""

    def __init__(self, desk: Desk, theme: Theme, right: ui.element) -> None:
        self._desk, self._theme = desk, theme
        self._days = 30
        with right:
            toggle(_RANGES, self._days, self._choose)
        self._body = box()
        with self._body:
            html(div("Asking the lake…", cls="tb-wait"))

    async def refresh(self) -> None:
        found: Figures | str
        days = self._days
        try:
            found = await self._desk.read(figures, self._desk, days)
        except TailorbirdError as error:
            found = str(error)
        if days != self._days:  # a year takes longer than the week that was chosen after it
            return
        self._body.clear()
        with self._body:
            self._draw(found)

    async def _choose(self, event: Any) -> None:
        self._days = event.value
        await self.refresh()

    def _draw(self, found: Figures | str) -> None:
        if isinstance(found, str):
            note(found, "bad", "error")
        elif not found.rows:
            _nothing_shown()
        else:
            _tables(found, self._theme)
            _charts(found, self._theme)
            html(div(_FOOT, cls="tb-foot"))


def _nothing_shown() -> None:
    text = "Figures begin with the first block that a person really saw. The browser SDK reports that by itself:"
    with card():
        empty("insights", "Nothing was seen in these days", text, '<div data-placement="home"></div>')


def _tables(found: Figures, theme: Theme) -> None:
    html(tiles(found.rows, found.shop, found.currency), cls="tb-grid c5")
    with card(flush=True).classes("tb-gap"):
        html(placements(found.rows, found.currency, theme))


def _charts(found: Figures, theme: Theme) -> None:
    drawn = by_day(found.rows, found.start, found.end, found.currency, theme)
    with box("tb-grid c2"):
        for title, remark, options in drawn:
            with card(title, remark):
                chart(options, 250)
