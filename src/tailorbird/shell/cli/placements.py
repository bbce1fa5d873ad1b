"""`tailorbird placements`: the places of a page that ask for items, in words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, existing

if TYPE_CHECKING:
    from tailorbird.offer.placement import Placements

placements_app = typer.Typer(
    name="placements", help="Where items are offered, and by which rules: list, show.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `tailorbird placements list` names it.")]


@placements_app.command("list")
def list_placements(data: Data = DATA, json: Json = False) -> None:
    """List the placements in force: what fills each, and its rules.

    \b
    Examples:
      tailorbird placements list
      tailorbird placements list --json | jq '.home'
    """
    from rich.text import Text

    from tailorbird.offer.rules.spoken import spoken

    found = _in_force(data)
    if json:
        print(say.json_text(found))
        return
    table = say.table("placement", "title", "in words")
    for name, one in sorted(found.items()):
        table.add_row(Text(name), Text(one.title), Text("; ".join(spoken(one))))
    say.out().print(table, soft_wrap=False)
    say.note("Try one: tailorbird recommend userId:42 --placement home --explain")


@placements_app.command()
def show(name: Name, data: Data = DATA, json: Json = False) -> None:
    """Show one placement, a rule a line.

    \b
    Examples:
      tailorbird placements show home
      tailorbird placements show home --json
    """
    from tailorbird.offer.rules.spoken import spoken

    found = _in_force(data)
    if name not in found:
        raise NotFound(f"There is no placement '{name}'. Known: {', '.join(sorted(found))}.")
    print(say.json_text(found[name]) if json else "\n".join([f"{name}: {found[name].title}", *spoken(found[name])]))


def _in_force(data: Path) -> "Placements":
    from tailorbird.shell.declared import placements_of
    from tailorbird.shell.engines import Engines

    engines = Engines(existing(data))
    try:
        return placements_of(engines.definitions)
    finally:
        engines.close()
