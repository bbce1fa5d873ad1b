"""The still parts of a person's page, as markup."""

from itertools import groupby

from markupsafe import Markup

from tailorbird.events import DAY_MS, Decided, Event
from tailorbird.know.affinity import shares
from tailorbird.know.counters import WINDOWS, window
from tailorbird.know.language.prediction import function_of
from tailorbird.know.predictions import is_fresh
from tailorbird.know.profile import Prediction
from tailorbird.know.segment.move import Move
from tailorbird.know.sessions import GAP_MS
from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, bar, div, join, link, pairs, pill, span, table, tag
from tailorbird.shell.console.mask import shown
from tailorbird.shell.console.parts import heading, stat
from tailorbird.shell.console.someone import Someone, strongest

_TOP = 6
_QUITE_SURE = 0.95
_TONES = {"Order Completed": "good", "Recommendation Clicked": "accent", "Product Added": "accent"}


def lead(found: Someone) -> Content:
    """One sentence about them."""
    profile = found.profile
    here = found.now - profile.session_last_at <= GAP_MS
    return [
        pill("here now", "good") if here else f"Last seen {numbers.ago(profile.last_seen_at, found.now)}",
        f" · since {numbers.day(profile.first_seen_at)} · {numbers.count(profile.version)} events",
    ]


def stats(found: Someone) -> str:
    """Recency, frequency, monetary value and sessions."""
    profile = found.profile
    average = profile.revenue / profile.orders if profile.orders else None
    year = window(profile.revenue_days, found.now, 365)
    latest = numbers.ago(profile.last_order_at, found.now)
    tiles = [
        stat("Last order", latest, f"first {numbers.day(profile.first_order_at)}" if profile.orders else "none yet"),
        stat("Orders", numbers.count(profile.orders), f"{numbers.money(average)} on average"),
        stat("Revenue", numbers.money(profile.revenue), f"{numbers.money(year)} in the last 365 days"),
        stat("Sessions", numbers.count(profile.sessions), _last_session(found)),
    ]
    return join(div(tile, cls="tb-card") for tile in tiles)


def _last_session(found: Someone) -> str:
    profile = found.profile
    if not profile.sessions:
        return ""
    length = profile.session_last_at - profile.session_started_at
    return f"the last one {numbers.span(length)} long" if length else "the last one a single event"


def who(found: Someone, opened: bool) -> str:
    """Identifiers, traits and groups; personal values masked unless opened."""
    profile = found.profile
    named = [
        (type, [div(shown(value, opened), cls="tb-mono") for value in values])
        for type, values in profile.identifiers.items()
    ]
    held = f"held together by {found.evidence} links" if found.evidence else "a single identifier"
    traits: list[tuple[Content, Content]] = [
        (name, [shown(value, opened), _sure(found.sure.get(name))]) for name, value in sorted(profile.traits.items())
    ]
    if profile.groups:
        traits.append(("groups", shown(profile.groups, opened)))
    none = div("No identify call has said anything about them yet.", cls="tb-quiet")
    return join(
        [
            heading("Identifiers", held),
            pairs(named) if named else div("Forgotten: no readable identifier is left.", cls="tb-quiet"),
            div(heading("Traits", "as said last"), style="margin-top:20px"),
            pairs(traits) if traits else none,
            _complete(found),
        ]
    )


def _sure(share: float | None) -> Content:
    """How sure a declared trait still is; what was said lately needs no remark."""
    if share is None or share > _QUITE_SURE:
        return None
    return span(f" {numbers.percent(share, 0)} sure", cls="tb-quiet", title="half as sure two years after it was said")


def _complete(found: Someone) -> Content:
    if found.complete is None:
        return None
    asks = f"; asked next: {found.complete.missing[0].trait}" if found.complete.missing else ""
    score = numbers.percent(found.complete.score, 0)
    return div(f"{score} of what this site asks is known{asks}", bar(found.complete.score, "olive"), cls="tb-foot")


def affinities(found: Someone) -> str:
    """What they lean to, as shares of all decayed contacts."""
    profile = found.profile
    if not profile.categories and not profile.brands:
        return div("No contact with any item yet.", cls="tb-quiet")
    parts = [
        _leaning("Categories", profile.categories, found.now, ""),
        _leaning("Brands", profile.brands, found.now, "teal"),
    ]
    return join(div(part, style="margin-top:14px" if at else "") for at, part in enumerate(parts) if part)


def _leaning(title: str, kinds: dict[str, float], now: int, tone: str) -> Markup | None:
    top = sorted(shares(kinds, now).items(), key=lambda pair: -pair[1])[:_TOP]
    if not top:
        return None
    most = top[0][1] or 1.0
    rows = [
        [span(name, title=name), bar(share / most, tone), span(numbers.percent(share, 0), cls="num")]
        for name, share in top
    ]
    return join([div(title, cls="tb-sub", style="margin-bottom:7px"), div(rows, cls="tb-bars")])


def counters(found: Someone) -> str:
    """How often they did what, by window of days."""
    ordered = sorted(found.profile.counters.items(), key=lambda pair: -pair[1].total)
    rows = [
        [
            name,
            *(numbers.count(window(counter.days, found.now, days)) for days in WINDOWS),
            numbers.count(counter.total),
        ]
        for name, counter in ordered
    ]
    heads = ["Event", *(f"{days} d" for days in WINDOWS), "All"]
    return join([heading("Counters", "by window of days"), table(heads, rows, numeric=range(1, 6)), _predicted(found)])


def _predicted(found: Someone) -> Content:
    """What models said of them within the last fortnight, when, and which version did."""
    words = found.profile.predictions.items()
    rows = [
        [model, _told(model, word), numbers.ago(word.at, found.now), word.version]
        for model, word in sorted(words)
        if is_fresh(word, found.now)
    ]
    if not rows:
        return None
    title = div(heading("Predictions", "the last word of each model"), style="margin-top:20px")
    return join([title, table(["Asked", "Says", "When", "Version"], rows, numeric=(1,))])


def _told(model: str, word: Prediction) -> str:
    if function_of(model) == "expected_value":
        return numbers.money(word.value)
    return f"{word.label}, {numbers.percent(word.value, 0)}" if word.label else numbers.percent(word.value, 0)


def timeline(found: Someone, opened: bool) -> str:
    """What they did and were offered, and which segments they entered and left, by day."""
    records = [record for _, record in found.records]
    # Beyond the oldest record shown, moves without what caused them would say little.
    oldest = _at(records[-1]) if records else 0
    moves = [move for move in reversed(found.moves) if move.at >= oldest]
    happened = sorted([*moves, *records], key=_at, reverse=True)
    parts = [
        [div(numbers.day(day * DAY_MS), cls="day"), [_moment(found, one) for one in of_day]]
        for day, of_day in groupby(happened, key=lambda one: _at(one) // DAY_MS)
    ]
    return div(parts, cls="tb-time") if parts else div("Nothing yet.", cls="tb-quiet")


def _moment(found: Someone, record: Event | Decided | Move) -> Markup:
    if isinstance(record, Move):
        return _moved(record)
    name, about = _offered(record) if isinstance(record, Decided) else _did(found, record)
    time = tag("time", numbers.clock(_at(record)), cls="tb-mono tb-quiet")
    return div(span(name), span(about, cls="what tb-quiet", title=about), time, cls=f"e {_TONES.get(name, '')}")


def _moved(move: Move) -> Markup:
    time = tag("time", numbers.clock(move.at), cls="tb-mono tb-quiet")
    verb = "Entered " if move.entered else "Left "
    about = span(move.because, cls="what tb-quiet")
    name = span(verb, link(move.segment, f"/segments/{move.segment}"))
    return div(name, about, time, cls="e moved in" if move.entered else "e moved")


def _offered(record: Decided) -> tuple[str, str]:
    return f"Offered: {record.placement}", f"{len(record.items)} items by {record.link}"


def _did(found: Someone, record: Event) -> tuple[str, str]:
    properties = record.plain_properties
    about = [str(properties[name]) for name in ("name", "placement", "query", "category") if properties.get(name)]
    if "product_id" in properties and "name" not in properties:
        about.insert(0, found.names.get(str(properties["product_id"]), str(properties["product_id"])))
    if "revenue" in properties:
        about.append(numbers.money(properties["revenue"], str(properties.get("currency", ""))))
    name = record.event if record.type == "track" else f"{record.type} {record.event}".strip()
    return name, " · ".join(about) or _path(record)


def _path(record: Event) -> str:
    return record.plain_context.get("page.path", "") if record.type in ("page", "screen") else ""


def _at(record: Event | Decided | Move) -> int:
    return record.timestamp if isinstance(record, Event) else record.at


def name_of(found: Someone, opened: bool) -> str:
    """Their strongest identifier, masked unless opened."""
    named = strongest(found.profile)
    return shown(named[1], opened) if named else found.profile.person.hex()[:12]
