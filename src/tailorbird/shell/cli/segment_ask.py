"""`tailorbird segment preview|explain`: what a predicate would give, and what becomes of it."""

from typing import Annotated, Any

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.apply import seen_by
from tailorbird.shell.cli.options import DATA, Data, Json, existing
from tailorbird.shell.cli.segment import segment_app


@segment_app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="NAME_OR_PREDICATE", help="A segment, a trait, or an expression.")],
    data: Data = DATA,
    dialect: Annotated[str, typer.Option("--dialect", help="duckdb, spark, snowflake or bigquery.")] = "duckdb",
    json: Json = False,
) -> None:
    """Print what it says, and both compilations: the function that runs per event, and the SQL over the lake.

    \b
    Examples:
      tailorbird segment explain high_value
      tailorbird segment explain "orders('90 days') >= 3" --dialect snowflake

    Both follow from one text, and a test holds them to the same answer. The SQL asks a relation `history`, one row an
    event, that docs/guide/language/sql.md makes from the lake's views.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.explain import explain as both
    from tailorbird.shell.in_force import read_in_force

    engines = Engines(existing(data))
    found = both(read_in_force(engines.definitions).bodies, what, dialect, seen_by(engines))  # type: ignore[arg-type]
    engines.close()
    if json:
        print(say.json_text(found._asdict()))
        return
    print(f"-- {found.name}: {' '.join(found.text.split())}\n\n{found.words}\n")
    print(f"# per event, in Python\n\n{found.python.rstrip()}\n")
    print(f"-- over the lake, in {dialect}'s SQL\n\n{found.sql.rstrip()}")


@segment_app.command()
def preview(
    what: Annotated[str, typer.Argument(metavar="PREDICATE", help="A predicate, or the name of a segment.")],
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Show who a predicate would find, before you save it.

    \b
    Examples:
      tailorbird segment preview "orders('30 days') >= 4"
      tailorbird segment preview "segment('lapsed') and not in_list('called')"
      tailorbird segment preview high_value --json

    How many people now and over the last 90 days, what sets them apart from everyone, ten of them with the reason, and
    how many are in other segments too. It is asked of the lake, which a running server fills every few seconds.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.in_force import read_in_force
    from tailorbird.shell.previewing import previewed

    engines = Engines(existing(data))
    bodies = read_in_force(engines.definitions).bodies
    with engines.state.snapshot() as snapshot, say.err().status("Asking the lake ..."):
        found = previewed(engines.lake, snapshot, bodies, what)
    if json:
        print(say.json_text(found))
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    share = f" of {found['of']:,} ({found['share']:.1%})" if found["share"] is not None else ""
    print(f"{found['people']:,} people{share}, asked in {found['seconds']:.1f} s: {found['in_words']}")
    days = [day["people"] for day in found["days"]]
    if days and max(days):
        print(f"90 days  {bars(days)}  {days[0]:,} to {days[-1]:,}")
    _table(("apart by", "", ">they", ">everyone", ">times"), [_lift(row) for row in found["lifts"]])
    _table(("for example", "because"), [(_who(row), "; ".join(row["because"])) for row in found["examples"]])
    both = [(row["segment"], f"{row['both']:,}", f"{row['jaccard']:.2f}") for row in found["overlaps"][:_OVERLAPS]]
    _table(("also in", ">people", ">Jaccard"), both)


_OVERLAPS = 8
_BARS = " ▁▂▃▄▅▆▇█"


def bars(days: list[int], wide: int = 45) -> str:
    """A line of bars, each the mean of some days, the highest full.

    >>> bars([0, 0, 4, 4, 8, 8], 3)
    ' ▄█'
    """
    step = max(1, len(days) // wide)
    means = [sum(part) / len(part) for i in range(0, len(days), step) if (part := days[i : i + step])]
    top = max(means)
    return "".join(_BARS[round(mean / top * (len(_BARS) - 1))] for mean in means)


def _lift(row: dict[str, Any]) -> tuple[str, ...]:
    times = f"{row['inside'] / row['everyone']:.1f}" if row["everyone"] else ""
    return row["what"], row["value"], f"{row['inside']:.0%}", f"{row['everyone']:.0%}", times


def _who(row: dict[str, Any]) -> str:
    return row["identifier"] or row["person"][:12]


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.text import Text

    if rows:
        table = say.table(*columns)
        for row in rows:
            table.add_row(*map(Text, row))
        say.out().print()
        say.out().print(table)
