"""`tailorbird import events|items FILE`."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.errors import BadRequest
from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.options import DATA, Data, clock
from tailorbird.shell.layout import Layout

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.ledger import Ledger

import_app = typer.Typer(
    name="import",
    help="Import events or items from JSONL, CSV or Parquet.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]
Format = Annotated[str | None, typer.Option(help="jsonl, csv or parquet, where the file's ending does not say it.")]
Columns = Annotated[
    list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="Read a column as a field. Repeatable.")
]


@import_app.command()
def events(
    file: File,
    data: Data = DATA,
    format: Format = None,
    map: Columns = None,
    type: Annotated[str, typer.Option(help="Type of rows that name none: track, identify, page ...")] = "",
    event: Annotated[str, typer.Option(help='Name of track events that have none, such as "Order Completed".')] = "",
    source: Annotated[str, typer.Option(help="Where the events come from, as reports show it.")] = "import",
) -> None:
    """Import events: one JSON call a line (the Segment format), or a table with a row an event.

    \b
    Examples:
      tailorbird import events history.jsonl.gz
      tailorbird import events orders.csv --event "Order Completed" --map customer=userId
      tailorbird import events people.parquet --type identify --data /srv/shop

    Columns type, event, userId, anonymousId, timestamp and messageId are fields of the call; properties.x, traits.x
    and context.x go there; any other column is a property (a trait, for identify).

    Run it again after Ctrl-C, kill -9 or a power cut: it goes on where it was, without a repeat or a gap. It works
    beside a running server; without one it also folds and seals. Rows that cannot be taken are listed in a report
    with line, reason and next step, and the exit code is 3. docs/guide/import.md says more.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.event_row import EventShape
    from tailorbird.shell.importing.events import Importing
    from tailorbird.shell.importing.files import RowFile
    from tailorbird.shell.importing.resume import sent_since
    from tailorbird.shell.importing.sink import LogSink, plan_of

    rows = RowFile(file, _format(format))
    engines = Engines(Layout(data), writes_state=True)
    folder, ledger = _begin(engines, "events", file, source)
    if ledger.finished:
        _fold(engines)  # the run before may have ended between the last row and this
        print(f"This file is imported already: {ledger.taken:,} events, {ledger.refused:,} rows refused.")
        _point_to_report(ledger, folder)
        return
    sink = LogSink(engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, source, clock)
    already = sent_since(engines.log, engines.lake, source, ledger.offset) if ledger.rows or ledger.offset else set()
    # Where the log ended before the first row, on disk before it is sent: a run that is killed asks from there on which
    # rows it has sent.
    if not ledger.offset:
        ledger.offset = sink.end()
        ledger.save(folder)
    shape = EventShape(ledger.file_id, type, event, _columns(map))
    started, before = time.monotonic(), ledger.taken + ledger.refused
    with say.progress(f"Importing {file.name}", "events") as step:
        Importing(rows, shape, ledger, sink, folder).run(
            already, lambda now, part: step(part, now.taken + now.refused, _refused(now))
        )
    _fold(engines)
    engines.close()
    _end(ledger, folder, "events", time.monotonic() - started, before)


@import_app.command()
def items(file: File, data: Data = DATA, format: Format = None, map: Columns = None) -> None:
    """Import items into the catalogue: one item a row, added or replaced by its id.

    \b
    Examples:
      tailorbird import items products.csv --map sku=id --map title=name
      tailorbird import items products.jsonl --data /srv/shop

    Fields: id, name, category, brand, price, currency, available, available_from, available_until, url, image_url,
    text, tags (separated by commas); every other column becomes an attribute. A running server shows them at once.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.files import RowFile
    from tailorbird.shell.importing.items import ImportingItems

    rows = RowFile(file, _format(format))
    engines = Engines(Layout(data))
    folder, ledger = _begin(engines, "items", file, "")
    if ledger.finished:  # an item put in again does no harm, and may have been removed since
        ledger.rows = ledger.position = ledger.taken = ledger.refused = ledger.report_bytes = 0
        ledger.finished = False
    started, before = time.monotonic(), ledger.taken + ledger.refused
    with say.progress(f"Importing {file.name}", "items") as step:
        ImportingItems(rows, ledger, engines.catalogue, folder, _columns(map)).run(
            lambda now, part: step(part, now.taken + now.refused, _refused(now))
        )
    _end(ledger, folder, "items", time.monotonic() - started, before)


def _begin(engines: "Engines", kind: str, file: Path, source: str) -> "tuple[Path, Ledger]":
    from tailorbird.shell.importing.ledger import open_ledger

    folder = engines.layout.imports
    ledger = open_ledger(folder, kind, file)
    if ledger.rows and ledger.source != source:
        raise BadRequest(f"{file} was begun with --source {ledger.source}; go on with that one.")
    ledger.source = source
    if ledger.rows and not ledger.finished:
        say.note(f"Going on behind row {ledger.rows:,}.")
    return folder, ledger


def _fold(engines: "Engines") -> None:
    from tailorbird.shell.importing.catch_up import fold_and_seal

    with say.progress("Folding", "bytes") as step:
        folded = fold_and_seal(engines, lambda offset, end: step(offset / max(end, 1), offset))
    if not folded:
        say.note("A server runs on this folder: it folds the events now.")


def _end(ledger: "Ledger", folder: Path, what: str, took_s: float, before: int) -> None:
    # Of this run: what an interrupted one did `before` took time of its own.
    rate = (ledger.taken + ledger.refused - before) / max(took_s, 0.001)
    print(f"{ledger.taken:,} {what} imported, {ledger.refused:,} rows refused, {say.seconds(took_s)} ({rate:,.0f}/s).")
    _point_to_report(ledger, folder)


def _point_to_report(ledger: "Ledger", folder: Path) -> None:
    from tailorbird.shell.importing.events import report_path

    if ledger.refused:
        print(f"Refused rows, with reason and next step: {report_path(folder, ledger)}")
        raise typer.Exit(exits.REJECTED)


def _refused(ledger: "Ledger") -> str:
    return f"{ledger.refused:,} refused" if ledger.refused else ""


def _format(format: str | None) -> str | None:
    from tailorbird.shell.importing.files import FORMATS

    if format is not None and format not in FORMATS:
        raise typer.BadParameter(f"choose one of {', '.join(FORMATS)}", param_hint="--format")
    return format


def _columns(pairs: Sequence[str] | None) -> dict[str, str]:
    found = dict(pair.partition("=")[::2] for pair in pairs or ())
    if not all(found) or not all(found.values()):
        raise typer.BadParameter("write COLUMN=FIELD, such as customer=userId", param_hint="--map")
    return found
