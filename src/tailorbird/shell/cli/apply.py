"""`tailorbird apply`: the site's YAML files become definitions."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data
from tailorbird.shell.layout import Layout

if TYPE_CHECKING:
    from tailorbird.shell.site import Change

_STYLES = {"-": "red", "+": "green"}


def apply(
    site: Annotated[Path, typer.Argument(metavar="SITE_DIR", help="Folder with events, placements and consent .yaml.")],
    data: Data = DATA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Put the YAML files of a site folder in force.

    \b
    SITE_DIR/events.yaml       tracking plan: events, properties, what is personal
    SITE_DIR/placements.yaml   where items are offered, and which
    SITE_DIR/consent.yaml      what data may be used for

    \b
    Examples:
      tailorbird apply site --dry-run
      tailorbird apply site --data /srv/shop

    All files are checked first: if one is wrong, none is applied (exit code 5). A file that is not there leaves
    its definitions alone. A running server follows within a second. Every change is a version and can be reverted.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.site import apply as put
    from tailorbird.shell.site import compare, read_site

    wanted = read_site(site)
    definitions = Engines(Layout(data)).definitions
    changes = compare(definitions, wanted)
    for change in changes:
        _show(change)
    if not changes:
        say.note("Nothing changes: all of it is in force already.")
    elif dry_run:
        say.note(f"{len(changes)} would change; nothing was done.")
    else:
        put(definitions, changes, _author())
        say.note(f"{len(changes)} changed.")


def _show(change: "Change") -> None:
    from rich.text import Text

    name = change.name if change.kind == "placement" else ""
    say.out().print(Text(f"{change.verb} {change.kind} {name}".rstrip(), style="bold"))
    for line in change.diff():
        say.out().print(Text(f"  {line}", style=_STYLES.get(line[:1], "dim")))


def _author() -> str:
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container whose user has no name
        return "cli"
