"""What several commands have in common: the data folder, --json, and refusing a folder that is not there."""

from pathlib import Path
from typing import Annotated

import typer

from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.layout import Layout

Data = Annotated[Path, typer.Option("--data", metavar="DIR", file_okay=False, help="The data folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="A setting for this run, such as batch.train_every_h=0. Repeatable."
    ),
]

DATA = Path("data")


def existing(data: Path) -> Layout:
    """The layout of a folder that was used before; raises NotFound with the next step otherwise."""
    layout = Layout(data)
    # Any of them will do: definitions may be applied before the first event comes.
    if not layout.definitions.exists() and not layout.log.exists() and not layout.lake.exists():
        raise NotFound(f"{data} is not a Tailorbird data folder yet. Name one with --data, or start one with `serve`.")
    return layout


def clock() -> int:
    """Now, in milliseconds since 1970."""
    import time

    return time.time_ns() // 1_000_000
