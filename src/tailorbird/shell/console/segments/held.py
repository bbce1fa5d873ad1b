"""What a person's page shows of segments and computed traits, with why and how sure."""

from datetime import datetime
from typing import Any

from markupsafe import Markup

from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, div, join, link, pairs, pill, span
from tailorbird.shell.console.parts import heading

_REASONS = 3
_APPROXIMATE = "leans on a statistic that passed its cap, so it may be off"


def segments_card(view: dict[str, Any], now: int) -> Markup:
    """The segments they are in, since when and why; the latest entered first."""
    rows = sorted(view["segments"].items(), key=lambda pair: -millis(pair[1]["since"]))
    note = "as of now" if not view.get("reaching") else "new definitions are reaching them"
    title = heading("Segments", note)
    if not rows:
        return join([title, div("They are in none.", cls="tb-quiet")])
    approximate = set(view.get("approximate", ()))
    return join([title, [_segment(name, one, now, name in approximate) for name, one in rows]])


def _segment(name: str, one: dict[str, Any], now: int, approximate: bool) -> Content:
    since = f"since {numbers.when(millis(one['since']), now)}"
    reasons = [div(reason, cls="tb-because") for reason in one.get("because", ())[:_REASONS]]
    sign = pill("approximate", "warn") if approximate else None
    head = div(
        link(name, f"/segments/{name}"), span(sign, span(since, cls="tb-quiet"), cls="right"), cls="tb-held-head"
    )
    return div(head, reasons, cls="tb-held", title=_APPROXIMATE if approximate else None)


def computed_card(view: dict[str, Any], confidence: dict[str, float]) -> Markup:
    """Computed traits. They follow from plain values alone, so there is nothing in them to mask."""
    title = heading("Computed traits", "by this site's definitions")
    if not view["computed"]:
        return join([title, div("None is defined, or none has a value yet.", cls="tb-quiet")])
    approximate = set(view.get("approximate", ()))
    shown = [
        (name, _value(value, name in approximate, confidence.get(name))) for name, value in view["computed"].items()
    ]
    return join([title, pairs(shown)])


def _value(value: Any, approximate: bool, sure: float | None) -> Content:
    marks = [
        pill("approximate", "warn") if approximate else None,
        span(f"{numbers.percent(sure, 0)} sure", cls="tb-quiet") if sure is not None and sure < 1 else None,
    ]
    return div(written(value), marks, cls="tb-computed")


def millis(iso: str) -> int:
    """A time back from ISO 8601.

    >>> millis("1970-01-01T00:00:01.000Z")
    1000
    """
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def written(value: Any) -> Content:
    """A trait's value, as people write it.

    >>> written(1204.3), written(None), written(True), written("gold")
    ('1,204.3', '–', 'yes', 'gold')
    """
    if value is None:
        return numbers.DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{round(value, 3):,}".removesuffix(".0") if isinstance(value, int | float) else str(value)
