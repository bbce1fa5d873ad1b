"""`tailorbird segment list|show|members|moves|history|snapshot`: segments as they stand now."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.ports import Definition

segment_app = typer.Typer(
    name="segment", help="Segments: who is in them, why, and how that moves.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

Name = Annotated[str, typer.Argument(metavar="NAME", help="The segment's name.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


@segment_app.command("list")
def list_segments(data: Data = DATA, json: Json = False) -> None:
    """List the segments, largest first, with how many people are in each now.

    \b
    Examples:
      tailorbird segment list
      tailorbird segment list --json | jq '.[] | select(.people == 0)'
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.people import iso
    from tailorbird.shell.standing import counts, told

    engines = Engines(existing(data))
    found = engines.definitions.all("segment")
    with engines.state.snapshot() as snapshot:
        people, work = counts(snapshot), told(snapshot)
    rows = [{"name": one.name, "people": people[one.name], **one.body, "changed_at": iso(one.at)} for one in found]
    rows.sort(key=lambda row: (-row["people"], row["name"]))
    if json:
        print(say.json_text(rows))
        return
    table = say.table("segment", ">people", "what")
    for row in rows:
        live = row["name"] in work.segments
        table.add_row(row["name"], f"{row['people']:,}" if live else "-", _text(_says(row)))
    say.out().print(table if rows else "No segments yet: write site/segments.yaml, then tailorbird apply site")
    _warn(work, {one.name for one in found})


@segment_app.command()
def show(name: Name, data: Data = DATA, json: Json = False) -> None:
    """Show one segment: its text, its size, and who came and went last.

    \b
    Example:
      tailorbird segment show high_value
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.people import iso
    from tailorbird.shell.standing import counts, latest_moves, show_move

    engines = Engines(existing(data))
    one = _known(engines, name)
    with engines.state.snapshot() as snapshot:
        people = counts(snapshot)[name]
        moves = [show_move(move) for move in latest_moves(snapshot, 10, name)]
    body: dict[str, Any] = {"name": name, **one.body, "people": people, "version": one.version, "author": one.author}
    body["changed_at"] = iso(one.at)
    if json:
        print(say.json_text({**body, "moves": moves}))
        return
    table = say.table("segment", name)
    for field, value in body.items():
        if field != "name" and value != "":
            table.add_row(field, _text(f"{value:,}" if field == "people" else str(value)))
    say.out().print(table)
    _print_moves(moves)


@segment_app.command()
def members(name: Name, data: Data = DATA, limit: Limit = 1_000_000, json: Json = False) -> None:
    """Print who is in a segment, one identifier a line.

    \b
    Examples:
      tailorbird segment members lapsed > lapsed.txt
      tailorbird segment members lapsed | tailorbird list add called -
      tailorbird segment members lapsed --json --limit 10
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.members import page_of_members

    engines = Engines(existing(data))
    _known(engines, name)
    with engines.state.snapshot() as snapshot:
        rows = page_of_members(snapshot, name, limit)
    if json:
        print(say.json_text(rows))
        return
    for row in rows:
        print(row["identifier"] or f"person:{row['person']}")


@segment_app.command()
def moves(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One segment; all, if not said.")] = "",
    data: Data = DATA,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Show who entered and left, and why, newest first.

    \b
    Examples:
      tailorbird segment moves
      tailorbird segment moves abandoned_cart --limit 100 --json
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.standing import latest_moves, show_move

    engines = Engines(existing(data))
    with engines.state.snapshot() as snapshot:
        rows = [show_move(move) for move in latest_moves(snapshot, limit, name)]
    if json:
        print(say.json_text(rows))
        return
    _print_moves(rows)


@segment_app.command()
def history(name: Name, data: Data = DATA) -> None:
    """Show the versions of a segment's definition: who changed it when, newest first.

    \b
    Examples:
      tailorbird segment history high_value
      tailorbird revert segment high_value --to 1
    """
    from tailorbird.shell.cli.apply import show_versions
    from tailorbird.shell.engines import Engines

    found = Engines(existing(data)).definitions.history("segment", name)
    if not found:
        raise NotFound(f"There never was a segment '{name}' in {data}.")
    show_versions(found)


@segment_app.command()
def snapshot(name: Name, data: Data = DATA) -> None:
    """Keep who is in a segment today as the static list NAME@DATE, with the definition's version.

    \b
    Example:
      tailorbird segment snapshot lapsed

    in_list('lapsed@2026-11-22') then holds for exactly these people, whatever they do. Taken twice a day, it is one.
    """
    from tailorbird.shell.cli.sending import send
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.members import named_members

    engines = Engines(existing(data), writes_state=False)
    one = _known(engines, name)
    with engines.state.snapshot() as state:
        taken = named_members(state, name, one.version, clock())
    engines.close()
    # Opened anew: LMDB must not be open twice in one process, and the reader above is closed by now.
    writing = Engines(existing(data), writes_state=True)
    sent = send(writing, taken.calls)
    writing.close()
    print(f"{taken.list}: {sent.taken:,} {'person' if sent.taken == 1 else 'people'}.")


def _known(engines: "Engines", name: str) -> "Definition":
    from difflib import get_close_matches

    one = engines.definitions.get("segment", name)
    if one is not None:
        return one
    known = [found.name for found in engines.definitions.all("segment")]
    near = get_close_matches(name, known, 1)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    raise NotFound(f"There is no segment '{name}'. {hint}Known: {', '.join(known) or 'none'}.")


def _print_moves(rows: list[dict[str, Any]]) -> None:
    table = say.table("when", "what", "segment", "person", "because")
    for row in rows:
        when, person = row["at"][:19].replace("T", " "), row["person"][:12]
        table.add_row(when, row["event"].removeprefix("Segment "), row["segment"], person, _text(row["because"]))
    say.out().print(table if rows else "Nobody has moved yet.")


def _says(row: dict[str, Any]) -> str:
    return row.get("label") or row.get("description") or " ".join(str(row.get("sql", "")).split())


def _warn(work: Any, names: set[str]) -> None:
    """What the numbers do not say by themselves."""
    if work.refused:
        say.note(f"The newest definitions are not in force: {work.refused}")
    elif names != set(work.segments):
        say.note("A running server puts new definitions in force within a second: tailorbird serve")
    elif work.reaching:
        say.note("People are still being looked at for the newest definitions: numbers will grow for some seconds.")


def _text(text: str) -> Any:
    from rich.text import Text

    return Text(text)  # never mark-up: definitions may hold brackets
