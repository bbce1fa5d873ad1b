"""`tailorbird demo`."""

from pathlib import Path
from typing import Annotated

import typer

from tailorbird.shell.cli.options import Data


def demo(
    data: Data = Path("demo-data"),
    port: Annotated[
        int, typer.Option(help="TCP port of the API; the console gets the next, the shop the one after.")
    ] = 8700,
    people: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many households, for a quick look.")
    ] = None,
    keep_dates: Annotated[bool, typer.Option("--keep-dates", help="Leave the year 2017 where it was.")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Import and train, then stop.")] = False,
) -> None:
    """See it work on a year of real shopping, with a shop.

    \b
    Examples:
      tailorbird demo                     about two minutes the first time, seconds the next
      tailorbird demo --people 100        a small one
      tailorbird demo --port 9000 --data /tmp/demo

    The data is The Complete Journey: 155,848 baskets of 2,469 households, moved by whole weeks so that the last one
    lies in this week. Interrupted, it goes on where it was. Ctrl-C stops everything. docs/guide/demo.md says more.
    """
    from tailorbird.shell.demo.run import run_demo

    run_demo(data, port, people, keep_dates=keep_dates, serve=not no_serve)
