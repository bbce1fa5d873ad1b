"""ECharts options, drawn in the console's colours. Each chart says its unit in the tooltip and keeps its axes quiet."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tailorbird.shell.console.numbers import SIGNS
from tailorbird.shell.console.theme import Theme

Options = dict[str, Any]
FONT = "Roboto, sans-serif"
_TIMES = {"year": "{yyyy}", "month": "{d} {MMM}", "day": "{d} {MMM}", "hour": "{HH}:{mm}", "minute": "{HH}:{mm}"}
_DAY = "{day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'}"
_CLOCK = "{hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'UTC'}"
Point = tuple[int, float | None]  # (ms, value)


class Series(NamedTuple):
    """One line: its points, and where known the interval around each."""

    name: str
    points: Sequence[Point]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


def sparkline(theme: Theme, points: Sequence[Point], unit: str, bars: bool = False, dated: bool = False) -> Options:
    """A small filled line, or small bars, with quiet axes; hover says value and time, or with `dated` the day."""
    line = {"showSymbol": False, "lineStyle": {"width": 2, "color": theme.accent}, "areaStyle": {"opacity": 0.14}}
    shape = {"type": "bar", "barMaxWidth": 12} if bars else {"type": "line", **line}
    axis = {"type": "value", "min": 0, "splitNumber": 2, "axisLabel": _label(theme)}
    return {
        "useUTC": True,
        "textStyle": {"fontFamily": FONT},
        "animation": False,
        "grid": {"left": 4, "right": 22 if dated else 14, "top": 8, "bottom": 2, "containLabel": True},
        "tooltip": _tooltip(theme, unit),
        "xAxis": {**_time_axis(theme, _DAY if bars or dated else _CLOCK), "splitLine": {"show": False}},
        "yAxis": {**axis, "splitLine": {"lineStyle": {"color": theme.line, "type": [3, 4]}}},
        "series": [{**shape, "data": list(points), "itemStyle": {"color": theme.accent}}],
    }


def lines(theme: Theme, series: Sequence[Series], unit: str, colours: Sequence[int] = ()) -> Options:
    """Lines over days; a series with an interval gets a band of its colour."""
    drawn: list[Options] = []
    for at, one in enumerate(series):
        colour = theme.colour(colours[at] if colours else at)
        drawn += _band(one, colour) if one.low else []
        drawn.append(_line(one, colour))
    return {**_time_chart(theme, unit, [one.name for one in series]), "series": drawn}


def stacked(theme: Theme, series: Sequence[Series], unit: str) -> Options:
    """Bars over days, series upon each other."""
    drawn = [
        {
            "type": "bar",
            "name": one.name,
            "stack": "all",
            "data": list(one.points),
            "barMaxWidth": 26,
            "itemStyle": {"color": theme.colour(at)},
        }
        for at, one in enumerate(series)
    ]
    return {**_time_chart(theme, unit, [one.name for one in series]), "series": drawn}


def grouped(theme: Theme, names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Options:
    """Bars side by side over names: each measure of each model."""
    drawn = [
        {
            "type": "bar",
            "name": name,
            "data": list(values),
            "barMaxWidth": 34,
            "barGap": "12%",
            "itemStyle": {"color": theme.colour(at), "borderRadius": [3, 3, 0, 0]},
        }
        for at, (name, values) in enumerate(series)
    ]
    chart = _time_chart(theme, "", [name for name, _ in series])
    axis = {**_time_axis(theme), "type": "category", "axisPointer": {"type": "shadow"}}
    chart["xAxis"] = {**axis, "data": list(names), "axisLabel": {**_label(theme), "interval": 0}}
    chart["yAxis"]["max"] = 1
    return {**chart, "series": drawn}


def _line(one: Series, colour: str) -> Options:
    return {
        "type": "line",
        "name": one.name,
        "data": list(one.points),
        "showSymbol": len(one.points) < 3,
        "symbolSize": 6,
        "connectNulls": False,
        "lineStyle": {"width": 2, "color": colour},
        "itemStyle": {"color": colour},
        "z": 3,
    }


def _band(one: Series, colour: str) -> list[Options]:
    """Two stacked lines without a stroke: an unseen floor, and the height of the interval filled."""
    days = [day for day, _ in one.points]
    # ECharts has no bands: it stacks, so the second line is drawn as high above the first as the interval is wide.
    height = [None if lo is None or hi is None else hi - lo for lo, hi in zip(one.low, one.high, strict=True)]
    parts: list[Options] = []
    for values, opacity in ((one.low, 0.0), (height, 0.16)):
        parts.append(
            {
                "type": "line",
                "name": f"{one.name} interval",
                "stack": f"band {one.name}",
                "data": list(zip(days, values, strict=True)),
                "symbol": "none",
                "silent": True,
                "lineStyle": {"opacity": 0},
                "areaStyle": {"color": colour, "opacity": opacity},
                "tooltip": {"show": False},
                "z": 1,
            }
        )
    return parts


def _time_chart(theme: Theme, unit: str, names: list[str]) -> Options:
    legend = {"data": names, "top": 0, "left": 0, "icon": "circle", "itemWidth": 9, "itemHeight": 9, "itemGap": 18,
              "textStyle": {"color": theme.ink, "fontSize": 12}}  # fmt: skip
    return {
        "useUTC": True,
        "textStyle": {"fontFamily": FONT},
        "animationDuration": 250,
        "grid": {"left": 4, "right": 22, "top": 40 if len(names) > 1 else 14, "bottom": 4, "containLabel": True},
        "legend": {**legend, "show": len(names) > 1},
        "tooltip": _tooltip(theme, unit),
        "xAxis": _time_axis(theme),
        "yAxis": {
            "type": "value",
            "splitNumber": 4,
            "min": 0,
            "axisLabel": {**_label(theme), ":formatter": _written(unit)},
            "splitLine": {"lineStyle": {"color": theme.line, "type": [3, 4]}},
        },
    }


def _tooltip(theme: Theme, unit: str) -> Options:
    return {
        "trigger": "axis",
        "backgroundColor": theme.card,
        "borderColor": theme.line,
        "textStyle": {"color": theme.ink, "fontSize": 12.5},
        "axisPointer": {"lineStyle": {"color": theme.quiet, "type": "dashed"}, "shadowStyle": {"opacity": 0.06}},
        # A colon before the name: NiceGUI then takes the text for JavaScript.
        ":valueFormatter": _written(unit, cents=unit in SIGNS),
    }


def _label(theme: Theme) -> Options:
    return {"color": theme.quiet, "fontSize": 11.5}


def _time_axis(theme: Theme, moment: str = _DAY) -> Options:
    return {
        "type": "time",
        "axisPointer": {"label": {":formatter": f"(p) => new Date(p.value).toLocaleString('en-GB', {moment})"}},
        "axisLine": {"lineStyle": {"color": theme.line}},
        "axisTick": {"show": False},
        "axisLabel": {**_label(theme), "hideOverlap": True, "formatter": _TIMES},
    }


def _written(unit: str, cents: bool = False) -> str:
    """JavaScript that writes a value with its unit, like `numbers.py`; `cents` writes money to the cent."""
    digits = "minimumFractionDigits: 2, maximumFractionDigits: 2" if cents else "maximumFractionDigits: 2"
    number = f"Number(v).toLocaleString('en-US', {{{digits}}})"
    empty = "v === null || v === undefined || v === '-' ? '–' : "
    if unit in SIGNS:
        return f"(v) => {empty}{SIGNS[unit]!r} + {number}"
    return f"(v) => {empty}{number} + {(' ' + unit if unit else '')!r}"
