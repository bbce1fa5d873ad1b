"""`tailorbird rejected list|replay`: what could not be understood, and another chance for it."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.errors import TailorbirdError
from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.events import Rejected
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.sink import LogSink
    from tailorbird.shell.ports import Snapshot

rejected_app = typer.Typer(
    name="rejected",
    help="Events that were not understood: list, replay.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Reason = Annotated[str, typer.Option(help='Only this reason, such as "timestamp".')]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, newest first.")]


@rejected_app.command("list")
def list_rejected(data: Data = DATA, reason: Reason = "", limit: Limit = 20, json: Json = False) -> None:
    """List rejected events with reason, place and next step, newest first.

    \b
    Examples:
      tailorbird rejected list
      tailorbird rejected list --reason timestamp --limit 100 --json
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.people import iso

    engines = Engines(existing(data))
    with engines.state.snapshot() as snapshot:
        rows = [
            {"offset": str(offset), "received_at": iso(one.received_at), **_public(one)}
            for offset, one in _newest(snapshot, reason, limit)
        ]
    engines.close()
    if json:
        print(say.json_text(rows))
        return
    table = say.table("offset", "received", "source", "reason", "where", "what to do")
    for row in rows:
        when = row["received_at"][:19].replace("T", " ")
        table.add_row(row["offset"], when, row["source"], row["reason"], row["where"], row["detail"])
    say.out().print(table if rows else "Nothing was rejected.", markup=False, soft_wrap=False)


@rejected_app.command()
def replay(
    data: Data = DATA,
    offset: Annotated[int | None, typer.Option(help="Only the one with this offset, as the list shows it.")] = None,
    reason: Reason = "",
    limit: Limit = 1_000,
) -> None:
    """Accept rejected events again, by the tracking plan in force now.

    \b
    Examples:
      tailorbird apply site && tailorbird rejected replay --reason required
      tailorbird rejected replay --offset 18211

    They keep source, time of receipt and messageId, so nothing counts twice. Exit code 3 if some are refused again.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.sink import LogSink, plan_of

    engines = Engines(existing(data))
    with engines.state.snapshot() as snapshot:
        found = [one for at, one in _newest(snapshot, reason, limit, offset)]
    sink = LogSink(engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, "replay", clock)
    outcomes = Counter(_again(engines, sink, one) for one in reversed(found))
    engines.close()
    print(
        f"{outcomes['accepted']:,} accepted, {outcomes['rejected']:,} rejected again, {outcomes['forgotten']:,} erased."
    )
    if outcomes["rejected"]:
        raise typer.Exit(exits.REJECTED)


def _newest(snapshot: "Snapshot", reason: str, limit: int, only: int | None = None) -> "Iterator[tuple[int, Rejected]]":
    from tailorbird.events import Rejected, decode_record
    from tailorbird.know.tables import REJECTED, offset_key, offset_of

    span = (b"", None) if only is None else (offset_key(only), offset_key(only + 1))
    for key, payload in reversed(list(snapshot.scan(REJECTED, *span))):
        record = decode_record(payload)
        if isinstance(record, Rejected) and reason in ("", record.reason):
            yield offset_of(key), record
            limit -= 1
        if not limit:
            return


def _again(engines: "Engines", sink: "LogSink", one: "Rejected") -> str:
    from tailorbird.collect.draft import Call
    from tailorbird.collect.seal import open_bytes

    key = engines.keys.get(one.leaf)
    if key is None:
        return "forgotten"
    try:
        sent = sink.put(one.path, open_bytes(key, one.leaf, one.sealed), Call(one.received_at, one.source))
    except TailorbirdError:
        return "rejected"
    return "accepted" if sent.taken and not sent.refused else "rejected"


def _public(one: "Rejected") -> dict[str, str]:
    return {"source": one.source, "reason": one.reason, "where": one.where, "detail": one.detail, "path": one.path}
