"""What `tailorbird doctor` finds."""

from typing import Literal, NamedTuple

Level = Literal["ok", "note", "bad"]
MARKS: dict[Level, str] = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "bad": "[red]bad[/]"}


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    level: Level  # "note": works, but you should know; "bad": something does not work
    found: str
    todo: str = ""


def ok(what: str, found: str) -> Finding:
    return Finding(what, "ok", found)


def note(what: str, found: str, todo: str) -> Finding:
    return Finding(what, "note", found, todo)


def bad(what: str, found: str, todo: str) -> Finding:
    return Finding(what, "bad", found, todo)
