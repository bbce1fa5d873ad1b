"""KPI as tiles and as a table in which intervals can be compared at a glance."""

from collections.abc import Sequence

from markupsafe import Markup

from tailorbird.prove.interval import Estimate
from tailorbird.prove.kpi import Kpi
from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, div, join, span, table, tag
from tailorbird.shell.console.parts import heading, stat
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.measure import ShopDay

_HEADS = [
    "Placement",
    "Impressions",
    "Visitors",
    "CTR",
    "",
    "Conversion",
    "",
    "Orders",
    "AOV",
    "Revenue",
    "Per visitor",
]

_NUMERIC = (1, 2, 3, 5, 7, 8, 9, 10)


def names(rows: Sequence[Kpi]) -> list[str]:
    """The placements, in the order in which they keep their colours."""
    return sorted({row.placement for row in rows if row.placement is not None})


def tiles(rows: Sequence[Kpi], shop: Sequence[ShopDay], currency: str) -> str:
    """The figures of all placements together."""
    every = next(row for row in rows if row.placement is None and row.day is None)
    revenue = sum(day.revenue for day in shop)
    part = f"{numbers.percent(every.revenue / revenue, 0)} of {numbers.money(revenue, currency)}" if revenue else ""
    shown = [
        stat("Impressions", numbers.count(every.impressions), f"{numbers.count(every.visitors)} people saw them"),
        stat("CTR", numbers.percent(every.ctr.value), between(every.ctr)),
        stat("Conversion", numbers.percent(every.conversion.value), between(every.conversion)),
        stat("AOV", numbers.money(every.aov.value, currency), f"{numbers.count(every.orders)} orders"),
        stat(
            "Revenue per visitor",
            numbers.money(every.revenue_per_visitor.value, currency),
            part and f"credited: {part}",
        ),
    ]
    return join(div(tile, cls="tb-card") for tile in shown)


def between(estimate: Estimate) -> str:
    """The interval of a rate in words."""
    if estimate.low is None:
        return ""
    return f"{numbers.percent(estimate.low)} to {numbers.percent(estimate.high)}"


def placements(rows: Sequence[Kpi], currency: str, theme: Theme) -> Markup:
    """One row a placement; the dots and bars of a column share one scale."""
    totals = [row for row in rows if row.placement is not None and row.day is None]
    ctr, conversion = (_scale([getattr(row, name) for row in totals]) for name in ("ctr", "conversion"))
    colours = {name: theme.colour(at) for at, name in enumerate(names(rows))}
    body = [_row(row, colours[str(row.placement)], ctr, conversion, currency) for row in totals]
    return join(
        [
            heading("By placement", "dot: the figure; bar: its 95 % interval"),
            table(_HEADS, body, _NUMERIC),
        ]
    )


def _row(row: Kpi, colour: str, ctr: float, conversion: float, currency: str) -> list[Content]:
    dot = tag("i", style=f"background:{colour}")
    return [
        span(dot, str(row.placement), cls="tb-person tb-name"),
        numbers.count(row.impressions),
        numbers.count(row.visitors),
        numbers.percent(row.ctr.value),
        _range(row.ctr, ctr, colour),
        numbers.percent(row.conversion.value),
        _range(row.conversion, conversion, colour),
        numbers.count(row.orders),
        numbers.money(row.aov.value, currency),
        numbers.money(row.revenue, currency),
        numbers.money(row.revenue_per_visitor.value, currency),
    ]


def _scale(estimates: Sequence[Estimate]) -> float:
    return max((estimate.high or 0.0 for estimate in estimates), default=0.0) * 1.08 or 1.0


def _range(estimate: Estimate, scale: float, colour: str) -> Content:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    low, at, high = (100 * value / scale for value in (estimate.low, estimate.value, estimate.high))
    return div(
        div(cls="axis"),
        div(cls="span", style=f"left:{low:.1f}%; width:{high - low:.1f}%; background:{colour}"),
        div(cls="at", style=f"left:{at:.1f}%; background:{colour}"),
        cls="tb-range",
        title=between(estimate),
    )
