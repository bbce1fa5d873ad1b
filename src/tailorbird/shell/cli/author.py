"""Who changes a definition, as its history will show it."""

import getpass
from typing import Annotated

import typer

Author = Annotated[str, typer.Option("--author", help="Who changes it, for its history; you if not said.")]


def author_of(said: str) -> str:
    """The author of a change made here."""
    if said.strip():
        return f"cli:{said.strip()}"
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container whose user has no name
        return "cli"
