"""`tailorbird segment preview|explain`: what a predicate would give, and what becomes of it."""

from typing import Annotated

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
