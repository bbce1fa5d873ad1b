"""`tailorbird rejected list|replay`: what could not be understood, and another chance for it."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import exits, say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.events import Rejected
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.sink import LogSink

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
    from tailorbird.shell import quarantine
    from tailorbird.shell.engines import Engines

    engines = Engines(existing(data))
    with engines.state.snapshot() as snapshot:
        rows = [quarantine.shown(at, one) for at, one in quarantine.newest(snapshot, reason, limit=limit)]
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

    They keep source, time and messageId: two replays within 24 hours count once. Exit code 3 if some are refused again.
    """
    from tailorbird.shell import quarantine
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.sink import LogSink, plan_of

    engines = Engines(existing(data))
    with engines.state.snapshot() as snapshot:
        newest = quarantine.newest(snapshot, reason, limit=limit) if offset is None else []
        found = newest if offset is None else quarantine.one_at(snapshot, offset)
    sink = LogSink(engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, "replay", clock)
    outcomes = Counter(_again(engines, sink, one) for _, one in reversed(found))
    engines.close()
    print(
        f"{outcomes['accepted']:,} accepted, {outcomes['rejected']:,} rejected again, {outcomes['forgotten']:,} erased."
    )
    if outcomes["rejected"]:
        raise typer.Exit(exits.REJECTED)


def _again(engines: "Engines", sink: "LogSink", one: "Rejected") -> str:
    from tailorbird.shell import quarantine

    accepted = quarantine.again(one, engines.keys, sink.plan, engines.site_key, clock())
    if accepted is None:
        return "forgotten"
    return "accepted" if sink.store(accepted).taken and not accepted.rejected else "rejected"
