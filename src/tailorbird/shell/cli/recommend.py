"""`tailorbird recommend`: what a placement would show somebody now, and why, without a server."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from rich.text import Text

    from tailorbird.events import Choice, Decision
    from tailorbird.offer.recommend.person import Person
    from tailorbird.shell.engines import Engines


def recommend(
    who: Annotated[str, typer.Argument(metavar="TYPE:VALUE", help="An identifier, such as userId:42.")] = "",
    placement: Annotated[
        str, typer.Option("--placement", "-p", help="As `tailorbird placements list` has it.")
    ] = "home",
    item: Annotated[
        list[str] | None, typer.Option("--item", help="What the page is about; repeatable: a cart.")
    ] = None,
    category: Annotated[str, typer.Option("--category", help="The category that the page is about.")] = "",
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="An id that shall not come. Repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, max=100, help="How many items.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="The parts of each score, and what was left out.")] = False,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Show what a placement would show somebody now, and why. Without TYPE:VALUE it is a stranger who asks.

    The model, the catalogue, the placement and the consent of this data folder decide, as they do for a visitor;
    nothing is logged.

    \b
    Examples:
      tailorbird recommend userId:42
      tailorbird recommend userId:42 --placement home --explain
      tailorbird recommend --placement similar --item 1082185
      tailorbird recommend userId:42 -p cart --item 1 --item 2 --json | jq '.items[].id'
    """
    from tailorbird.offer.request import Context, Request
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.recommending import recommend as decided

    engines, items = Engines(existing(data)), tuple(item or ())
    # One item is what the page is about, several are a cart: as the API has it.
    about = Context(items[0] if len(items) == 1 else "", items if len(items) > 1 else (), category)
    try:
        person = _person(engines, who)
        request = Request((placement,), about, tuple(exclude or ()), limit, explain)
        decision = decided(engines, person, request, clock())
    finally:
        engines.close()
    if json:
        print(say.json_text(decision))
        return
    _print(decision)
    if explain:
        _print_left_out(decision)


def _person(engines: "Engines", who: str) -> "Person | None":
    from tailorbird.shell.recommending import person_of

    if not who:
        return None
    kind, colon, value = who.partition(":")
    if not colon or kind not in IDENTIFIER_TYPES:
        raise typer.BadParameter(f"write TYPE:VALUE, with a type of {', '.join(IDENTIFIER_TYPES)}", param_hint="who")
    person = person_of(engines, kind, value)
    if person is None:
        raise NotFound(f"Nobody is known as that {kind} here. Without a name it is a stranger who asks.")
    return person


def _print(decision: "Decision") -> None:
    terms = _step(decision, "score").get("terms", {})
    table = say.table(">", "item", ">score", *(["made of"] if terms else []), "because", ">probability", title=None)
    for place, choice in enumerate(decision.items, 1):
        parts = [_plain(_sum(terms.get(choice.id, {})))] if terms else []
        because = "; ".join(reason.text for reason in choice.reasons)
        table.add_row(
            str(place),
            _plain(_named(choice)),
            f"{choice.score:.4f}",
            *parts,
            _plain(because),
            f"{choice.probability:.3g}",
        )
    say.out().print(table if decision.items else "Nothing to offer here.", soft_wrap=False)
    if decision.ask is not None:
        say.out().print(_plain(f"asks: {decision.ask.text} {', '.join(map(str, decision.ask.options))}"))
    say.out().print()
    model = decision.model or "none: tailorbird train"
    told = f"link {decision.link}, model {model}, probability of the page {decision.probability:.3g}"
    say.out().print(_plain(f"{told}; {decision.why}" if decision.why else told))


def _print_left_out(decision: "Decision") -> None:
    out = _step(decision, "left_out").get("items", [])
    say.out().print()
    if not out:
        say.out().print("Nothing was left out: by score alone the page would be the same.")
        return
    table = say.table("left out, though its score would do", ">score", "by", "because")
    for one in out:
        name = f"{one['name']} ({one['id']})" if one["name"] else one["id"]
        table.add_row(_plain(name), f"{one['score']:.4f}", one["code"], _plain(one["why"]))
    say.out().print(table, soft_wrap=False)


def _step(decision: "Decision", name: str) -> dict[str, Any]:
    return next((step for step in decision.steps if step["step"] == name), {})


def _named(choice: "Choice") -> str:
    import msgspec

    name = msgspec.json.decode(choice.item).get("name")
    return f"{name} ({choice.id})" if name else choice.id


def _sum(terms: dict[str, float]) -> str:
    worth = {name: value for name, value in terms.items() if abs(value) >= 0.0005 or value == max(terms.values())}
    return ", ".join(f"{name} {value:.3g}" for name, value in sorted(worth.items(), key=lambda pair: -pair[1]))


def _plain(text: str) -> "Text":
    from rich.text import Text

    return Text(text)  # never mark-up: names may hold brackets
