"""`tailorbird person`: what is known of one person."""

from typing import Annotated, Any

import typer

from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

_SHOWN = 8


def person(
    who: Annotated[str, typer.Argument(metavar="TYPE:VALUE", help="An identifier, such as userId:42.")],
    data: Data = DATA,
    json: Json = False,
    events: Annotated[int, typer.Option("--events", min=0, help="How many of the latest events to show.")] = 5,
) -> None:
    """Show what is known of one person.

    Identifiers, traits, segments with since and why, counters, affinities, recent items, consent, latest events.

    \b
    Examples:
      tailorbird person userId:42
      tailorbird person email:ann@example.com --events 20
      tailorbird person anonymousId:9f8c --json
    """
    from tailorbird.shell import people
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.standing import Programs
    from tailorbird.shell.standing import view as standing

    kind, colon, value = who.partition(":")
    if not colon or kind not in IDENTIFIER_TYPES:
        raise typer.BadParameter(f"write TYPE:VALUE, with a type of {', '.join(IDENTIFIER_TYPES)}", param_hint="who")
    engines = Engines(existing(data))
    try:
        with engines.state.snapshot() as snapshot:
            found = people.find(snapshot, engines.site_key, kind, value)
            profile = people.read_profile(snapshot, found) if found else None
            if found is None or profile is None:
                raise NotFound(f"Nobody is known as that {kind} in {data}. Events are folded within milliseconds.")
            now = clock()
            view = {**people.view(profile, now), **standing(snapshot, Programs(), found, now)}
            timeline = people.timeline(snapshot, engines.keys, found, events)
        names = {} if json else _names(engines.catalogue, view)
    finally:
        engines.close()
    if json:
        print(say.json_text({**view, "events": timeline}))
        return
    _print(view, names)
    _print_segments(view["segments"])
    _print_events(timeline)


def _names(catalogue: Any, view: dict[str, Any]) -> dict[str, str]:
    ids = [row["item"] for row in (*view["recent"][:_SHOWN], *view["bought"][:_SHOWN])]
    found = {id: catalogue.get(id) for id in dict.fromkeys(ids)}
    return {id: item.name if item is not None and item.name else id for id, item in found.items()}


def _print(view: dict[str, Any], names: dict[str, str]) -> None:
    known = [f"{kind}:{value}" for kind, values in view["identifiers"].items() for value in values]
    rfm = view["rfm"]
    rows = {
        "identifiers": ", ".join(known),
        "seen": f"{_day(view['first_seen_at'])} to {_day(view['last_seen_at'])}, {view['version']} events",
        "traits": ", ".join(f"{name} {value}" for name, value in view["traits"].items()),
        "computed": ", ".join(f"{name} {value}" for name, value in view["computed"].items() if value is not None),
        "events": ", ".join(f"{name} {counter['total']}" for name, counter in view["counters"].items()),
        "orders": f"{rfm['frequency']} orders, {rfm['monetary']:,.2f} in all, last {rfm['recency_days']} days ago"
        if rfm["frequency"]
        else "",
        "categories": _shares(view["affinities"]["category"]),
        "brands": _shares(view["affinities"]["brand"]),
        "recent": ", ".join(f"{row['kind']} {names[row['item']]}" for row in view["recent"][:_SHOWN]),
        "bought": ", ".join(f"{names[row['item']]} x{row['times']}" for row in view["bought"][:_SHOWN]),
        "consent": ", ".join(f"{n} {'granted' if c['granted'] else 'withdrawn'}" for n, c in view["consent"].items())
        or "nothing said; the site's defaults hold",
    }
    table = say.table("person", view["person"][:16])
    for name, value in rows.items():
        if value:
            table.add_row(_plain(name), _plain(value))
    say.out().print(table, soft_wrap=False)


def _print_segments(segments: dict[str, dict[str, Any]]) -> None:
    table = say.table("segment", "since", "because")
    for name, one in segments.items():
        table.add_row(name, _day(one["since"]), _plain("; ".join(one.get("because", ()))))
    if segments:
        say.out().print()
        say.out().print(table, soft_wrap=False)


def _print_events(timeline: list[dict[str, Any]]) -> None:
    table = say.table("when", "what", "offset")
    for row in timeline:
        what = row.get("event") or (f"offered in {row['placement']}" if row["type"] == "decision" else row["type"])
        table.add_row(row["at"][:19].replace("T", " "), _plain(what), row["offset"])
    if timeline:
        say.out().print()
        say.out().print(table, soft_wrap=False)


def _shares(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{row['name']} {row['share']:.0%}" for row in rows[:_SHOWN])


def _day(at: str) -> str:
    return at[:10]


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)  # never mark-up: names may hold brackets
