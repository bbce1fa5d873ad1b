"""`tailorbird apply`, `diff` and `revert`: YAML files become definitions, and every change has its reverse."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.errors import BadDefinition, StateUnavailable
from tailorbird.shell.cli import say
from tailorbird.shell.cli.author import Author, author_of
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, existing
from tailorbird.shell.layout import Layout

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.ports import Definition
    from tailorbird.shell.site import Change

_STYLES = {"-": "red", "+": "green"}
_NAMED = ("placement", "trait", "segment", "cluster")

SiteDir = Annotated[Path, typer.Argument(metavar="SITE_DIR", help="Folder with events, segments and other .yaml.")]
Prune = Annotated[
    bool, typer.Option("--prune", help="Remove what was made in the console or over the API and is in no file.")
]


def apply(
    site: SiteDir,
    data: Data = DATA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    prune: Prune = False,
    author: Author = "",
) -> None:
    """Put the YAML files of a site folder in force.

    \b
    SITE_DIR/events.yaml       tracking plan: events, properties, what is personal
    SITE_DIR/placements.yaml   where items are offered, and which
    SITE_DIR/consent.yaml      what data may be used for
    SITE_DIR/traits.yaml       values computed of each person
    SITE_DIR/segments.yaml     people who share a condition, live
    SITE_DIR/clusters.yaml     groups that a model finds

    \b
    Examples:
      tailorbird apply site --dry-run
      tailorbird apply site --data /srv/shop --author "anna, loyalty team"

    All files are checked first, with all that is in force already: if one is wrong, none is applied (exit code 5).
    A file that is not there leaves its definitions alone; what is gone from a file is removed, but for what was made
    in the console or over the API. A running server follows within a second. Every change can be reverted.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.site import apply_checked

    engines = Engines(Layout(data))
    changes = _checked(engines, site, prune)
    if not changes:
        say.note("Nothing changes: all of it is in force already.")
    elif dry_run:
        say.note(f"{len(changes)} would change; nothing was done.")
    else:
        apply_checked(engines.definitions, changes, seen_by(engines), author_of(author))
        say.note(f"{len(changes)} changed.")
    engines.close()


def diff(site: SiteDir, data: Data = DATA, prune: Prune = False) -> None:
    """Show what applying a site folder would change, and change nothing.

    \b
    Examples:
      tailorbird diff site
      tailorbird diff site --data /srv/shop --prune

    The same as `apply --dry-run`: the files are checked, and a wrong one is refused (exit code 5).
    """
    apply(site, data, dry_run=True, prune=prune)


def revert(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="plan, placement, consent, trait, segment or cluster.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, as `apply` shows it.")],
    to: Annotated[int | None, typer.Option("--to", min=1, help="The version; without it the one before.")] = None,
    versions: Annotated[bool, typer.Option("--versions", help="List the versions, and change nothing.")] = False,
    data: Data = DATA,
    author: Author = "",
) -> None:
    """Take a definition back to an earlier version, as a new version.

    \b
    Examples:
      tailorbird revert segment high_value
      tailorbird revert segment high_value --versions
      tailorbird revert plan events --to 3

    What is deleted comes back the same way. It is checked with all that is in force, and refused if they do not agree.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.site import apply_checked, check_changes
    from tailorbird.shell.site import revert as back

    engines = Engines(existing(data))
    if versions:
        history = engines.definitions.history(kind, name)
        if not history:
            raise NotFound(f"There never was a {kind} '{name}' in {data}.")
        show_versions(history)
        return
    change = back(engines.definitions, kind, name, to)
    if change.before == change.after:
        say.note("Nothing changes: that version is in force already.")
        return
    check_changes(engines.definitions, [change], seen_by(engines))
    show(change)
    apply_checked(engines.definitions, [change], seen_by(engines), author_of(author))
    say.note("1 changed.")
    engines.close()


def _checked(engines: "Engines", site: Path, prune: bool) -> "list[Change]":
    """The changes, checked and shown."""
    from tailorbird.shell.site import check_changes, compare, kept, read_site

    wanted = read_site(site)
    changes = compare(engines.definitions, wanted, prune=prune)
    try:
        check_changes(engines.definitions, changes, seen_by(engines))
    except BadDefinition as error:
        raise BadDefinition(f"{error} Nothing was applied.") from None
    for change in changes:
        show(change)
    # What the console made is in no file: taking it away because a file is silent would undo other people's work.
    for one in [] if prune else kept(engines.definitions, wanted):
        say.note(f"{one.kind} {one.name} is in no file and stays: {one.author} made it. --prune removes it.")
    return changes


def seen_by(engines: "Engines") -> set[str]:
    """Names of the events that came; none where there is no state yet, for looking must not make one."""
    from tailorbird.shell.in_force import seen_events

    if not (engines.layout.state / "data.mdb").exists():
        return set()
    try:
        with engines.state.snapshot() as snapshot:
            return seen_events(snapshot)
    except StateUnavailable:  # it is being built anew; what the plan declares is known all the same
        return set()


def show(change: "Change") -> None:
    """What goes and what comes."""
    from rich.text import Text

    name = change.name if change.kind in _NAMED else ""
    say.out().print(Text(f"{change.verb} {change.kind} {name}".rstrip(), style="bold"))
    for line in change.diff():
        say.out().print(Text(f"  {line}", style=_STYLES.get(line[:1], "dim")))


def show_versions(history: "list[Definition]") -> None:
    """Who changed it when, newest first."""
    from rich.text import Text

    from tailorbird.shell.people import iso

    table = say.table(">version", "when", "who", "what")
    for one in history:
        what = "deleted" if one.deleted else one.body.get("sql", "")
        table.add_row(str(one.version), iso(one.at)[:16].replace("T", " "), Text(one.author), Text(what))
    say.out().print(table)
