"""`tailorbird list add|remove|show`: who is on a static list."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from tailorbird.errors import BadRequest
from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.options import DATA, Data, Json, existing

list_app = typer.Typer(
    name="list", help="Static lists of people: add, remove, show.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The list: a-z, 0-9 and _.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="One person a line; - for standard input.", allow_dash=True)]
Type = Annotated[str, typer.Option("--type", help="What a line is that does not say: userId, email, ...")]


@list_app.command()
def add(name: Name, file: File, data: Data = DATA, type: Type = "userId") -> None:
    """Put the people of a file on a list.

    \b
    Examples:
      tailorbird list add spring_letter customers.txt
      tailorbird list add spring_letter mails.txt --type email
      tailorbird segment members lapsed | tailorbird list add called -

    A line is TYPE:VALUE, or a bare value of --type. Each becomes a 'List Joined' event, so it survives logins and
    rebuilds, and in_list('spring_letter') holds in any segment from that instant on.
    """
    from tailorbird.shell.lists import joined

    _send(name, file, data, type, joined)


@list_app.command()
def remove(name: Name, file: File, data: Data = DATA, type: Type = "userId") -> None:
    """Take the people of a file off a list.

    \b
    Examples:
      tailorbird list remove spring_letter unsubscribed.txt
      echo email:ann@example.com | tailorbird list remove spring_letter -
    """
    from tailorbird.shell.lists import left

    _send(name, file, data, type, left)


@list_app.command()
def show(data: Data = DATA, json: Json = False) -> None:
    """Show all lists and snapshots, with how many people are on each now.

    \b
    Example:
      tailorbird list show

    It is asked of the lake, which a running server fills every few seconds.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.lists import on_lists
    from tailorbird.shell.people import iso

    found = on_lists(Engines(existing(data)).lake)
    rows = [{**row, "changed_at": iso(row["changed_at"])} for row in found]
    if json:
        print(say.json_text(rows))
        return
    table = say.table("list", ">people", "changed")
    for row in rows:
        table.add_row(row["list"], f"{row['people']:,}", row["changed_at"][:16].replace("T", " "))
    say.out().print(table if rows else "No lists yet: tailorbird list add NAME FILE")


def _send(name: str, file: Path, data: Path, type: str, calls: Callable[[str, Iterable[str]], Iterator[bytes]]) -> None:
    from tailorbird.shell.cli.sending import send
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.lists import checked_name, names_of

    if type not in IDENTIFIER_TYPES:
        raise typer.BadParameter(f"choose one of {', '.join(IDENTIFIER_TYPES)}", param_hint="--type")
    checked_name(name)
    # All of them are read before the first is sent: a file that turns out to be no text sends nothing.
    people = list(names_of(_lines(file), type))
    if not people:
        raise BadRequest(f"{file} names nobody. Write one person a line, as TYPE:VALUE or a bare {type}.")
    engines = Engines(existing(data), writes_state=True)
    sent = send(engines, calls(name, people))
    engines.close()
    print(f"{sent.taken:,} {'person' if sent.taken == 1 else 'people'}.")
    if sent.refused:
        say.note(f"{sent.refused:,} lines name nobody, such as 'null' or 'guest'; they were left out.")
        raise typer.Exit(exits.REJECTED)


def _lines(file: Path) -> list[str]:
    try:
        # Excel begins a file with a mark (BOM), which would become a part of the first name.
        return sys.stdin.readlines() if str(file) == "-" else file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadRequest(f"{file} is not UTF-8 text (byte {error.start:,}). Save it as UTF-8 and try again.") from None
