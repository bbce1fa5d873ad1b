"""KPI over time: one chart a figure, one line a placement."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tailorbird.events import DAY_MS
from tailorbird.prove.exposure import Windows
from tailorbird.prove.interval import Estimate
from tailorbird.prove.kpi import Kpi
from tailorbird.shell.console import charts
from tailorbird.shell.console.charts import Options, Series
from tailorbird.shell.console.kpi_table import names
from tailorbird.shell.console.theme import Theme


class Drawn(NamedTuple):
    title: str
    remark: str
    options: Options


class _Figure(NamedTuple):
    """How a figure is drawn: `times` turns shares into per cent."""

    title: str
    remark: str
    of: Callable[[Kpi], Estimate]
    times: float
    band: bool


_ENOUGH = 30
_FIGURES = (
    _Figure("CTR", "% of impressions with a click", lambda row: row.ctr, 100.0, True),
    _Figure("Conversion", "% of impressions with an order of an offered item", lambda row: row.conversion, 100.0, True),
    _Figure("AOV", "mean of orders with a credited line", lambda row: row.aov, 1.0, False),
    _Figure("Revenue per visitor", "credited, by people who saw it", lambda row: row.revenue_per_visitor, 1.0, False),
)


def by_day(rows: Sequence[Kpi], start: int, end: int, currency: str, theme: Theme) -> list[Drawn]:
    """The charts of the page; a day without impressions is a gap, not a zero."""
    days = list(range(start // DAY_MS, end // DAY_MS + 1))
    found = {(row.placement, row.day): row for row in rows}
    placements = names(rows)
    shown = [
        Series(name, [(day * DAY_MS, found[name, day].impressions if (name, day) in found else 0) for day in days])
        for name in placements
    ]
    earned = [
        Series(name, [(day * DAY_MS, found[name, day].revenue if (name, day) in found else 0) for day in days])
        for name in placements
    ]
    drawn = [
        Drawn("Impressions", "seen decisions a day", charts.stacked(theme, shown, "")),
        Drawn("Revenue", "of credited order lines", charts.stacked(theme, earned, currency)),
    ]
    for figure in _FIGURES:
        lines = [_series(name, figure, [found.get((name, day)) for day in days], days) for name in placements]
        options = charts.lines(theme, lines, "%" if figure.times == 100 else currency)
        options["yAxis"]["max"] = _ceiling(figure, rows)
        if figure.title != "CTR":
            _mark_open(options, end, theme)
        drawn.append(Drawn(figure.title, figure.remark, options))
    return drawn


def _ceiling(figure: _Figure, rows: Sequence[Kpi]) -> float | None:
    """The top of the axis: a day of a few impressions has an interval up to 100 %, and must not flatten all others."""
    highs = [figure.of(row).high or 0.0 for row in rows if row.day is not None and row.impressions >= _ENOUGH]
    top = 1.15 * figure.times * max(highs, default=0.0)
    return math.ceil(top / 5) * 5 if figure.band and top else None


def _series(name: str, figure: _Figure, rows: Sequence[Kpi | None], days: Sequence[int]) -> Series:
    estimates = [figure.of(row) if row is not None else Estimate(None) for row in rows]

    def scaled(values: list[float | None]) -> list[float | None]:
        return [None if value is None else round(value * figure.times, 4) for value in values]

    points = list(zip((day * DAY_MS for day in days), scaled([one.value for one in estimates]), strict=True))
    if not figure.band:
        return Series(name, points)
    return Series(name, points, scaled([one.low for one in estimates]), scaled([one.high for one in estimates]))


def _mark_open(options: Options, end: int, theme: Theme) -> None:
    """Shade the days whose outcome window is still open."""
    since = end - Windows().outcome_ms
    label = {
        "show": True,
        "position": "insideTopRight",
        "formatter": "still growing",
        "color": theme.quiet,
        "fontSize": 11,
    }
    options["series"][-1]["markArea"] = {
        "silent": True,
        "itemStyle": {"color": theme.quiet, "opacity": 0.08},
        "label": label,
        "data": [[{"xAxis": since}, {"xAxis": end}]],
    }
