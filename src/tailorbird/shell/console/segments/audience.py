"""Who a segment's people are, as the console shows it: how many, since when, and what sets them apart."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from tailorbird.shell.console import charts, numbers
from tailorbird.shell.console.markup import Content, div, join, link, span, table, tag
from tailorbird.shell.console.parts import box, card, chart, html
from tailorbird.shell.console.rows import person_link
from tailorbird.shell.console.theme import Theme

if TYPE_CHECKING:
    from tailorbird.shell.audience import Audience, Lift, Overlap

_REASONS = 4
_OVERLAPS = 12


def days_chart(found: "Audience", theme: Theme, height: int = 220) -> None:
    """How many there were, day by day."""
    points = list(found.days)
    with card("The last 90 days", "members at the end of each day, as the definition reads now"):
        chart(charts.sparkline(theme, points, "people", dated=True), height)


def apart(found: "Audience") -> Markup:
    """What sets them apart, as bars: the segment's share over everyone's."""
    if not found.lifts:
        return div("Nothing sets them apart from everyone, or they are too few to tell.", cls="tb-quiet")
    most = max(max(one.inside, one.everyone) for one in found.lifts) or 1.0
    return div([_lift(one, most) for one in found.lifts], cls="tb-lifts")


def _lift(one: "Lift", most: float) -> Content:
    times = f"{one.inside / one.everyone:.1f} ×" if one.everyone else "only here"
    tone = "up" if one.inside >= one.everyone else "down"
    told = f"{numbers.percent(one.inside)} of the segment, {numbers.percent(one.everyone)} of everyone"
    bars = div(
        div(cls=f"inside {tone}", style=f"width:{100 * one.inside / most:.1f}%"),
        div(cls="everyone", style=f"left:{100 * one.everyone / most:.1f}%"),
        cls="tb-lift-bar", title=told,
    )  # fmt: skip
    name = span(one.value, span(one.what, cls="tb-sub"), cls="tb-lift-name", title=f"{one.what}: {one.value}")
    return [name, bars, span(numbers.percent(one.inside, 0), cls="num"), span(times, cls=f"tb-lift-times {tone}")]


def examples(found: "Audience", names: Mapping[bytes, str], now: int) -> Markup:
    """Ten of them, each with the conditions that hold."""
    if not found.examples:
        return div("Nobody is in it.", cls="tb-quiet tb-inset")
    rows = [
        [
            person_link(
                one.person,
                names.get(one.person, numbers.DASH),
                f"since {numbers.when(one.since, now)}" if one.since else "",
            ),
            [div(reason, cls="tb-because") for reason in one.because[:_REASONS]],
        ]
        for one in found.examples
    ]
    return table(["Person", "In it because"], rows)


def overlaps(found: "Audience") -> Markup:
    """The segments that share the most people with it."""
    shared = [one for one in found.overlaps if one.both][:_OVERLAPS]
    if not shared:
        return div("It shares nobody with any other segment.", cls="tb-quiet")
    return div([_overlap(one, found.members) for one in shared], cls="tb-overlaps")


def _overlap(one: "Overlap", members: int) -> Content:
    share = one.both / members if members else 0.0
    told = f"{one.both:,} in both; Jaccard {one.jaccard:.2f}: the part of both among all of either"
    return [
        link(one.segment, f"/segments/{one.segment}"),
        div(div(cls="fill teal", style=f"width:{100 * min(1.0, share):.1f}%"), cls="tb-bar", title=told),
        span(numbers.count(one.both), cls="num"),
        span(numbers.percent(share, 0), cls="num"),
        span(f"{one.jaccard:.2f}", cls="num tb-quiet", title=told),
    ]


def draw(found: "Audience", names: Mapping[bytes, str], theme: Theme, now: int) -> None:
    """Chart, lifts, examples and overlap, below each other in two columns."""
    with box("tb-grid wide"):
        with box("tb-column"):
            days_chart(found, theme)
            with card(flush=True):
                html(_titled("Ten of them", "each with what makes them a member", examples(found, names, now)))
        with box("tb-column"):
            with card("What sets them apart", "bar: their share; mark: everyone's"):
                html(apart(found))
            with card("Also in", "people in both, and as a part of this segment"):
                html(overlaps(found))


def _titled(title: str, note: str, content: Content) -> Markup:
    return join([div(title, tag("small", note), cls="tb-title"), content])
