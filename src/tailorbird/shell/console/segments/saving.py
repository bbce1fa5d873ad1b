"""Changing a definition from the console: checked beside all others, one step, with the author's name."""

from typing import Any
from urllib.parse import unquote

from tailorbird.shell.console.desk import Desk
from tailorbird.shell.in_force import seen_events
from tailorbird.shell.site import Change, apply_checked, revert

AUTHOR_COOKIE = "tailorbird_author"


def author_of(cookies: dict[str, str]) -> str:
    """Who said last that it was them in this browser; "" at first."""
    return unquote(cookies.get(AUTHOR_COOKIE, ""))


def save(desk: Desk, kind: str, name: str, body: dict[str, Any] | None, author: str) -> None:
    """Put a definition (None: withdraw it); raises BadDefinition with name, value, place and next step."""
    from tailorbird.shell.expressions import expression_body

    before = desk.engines.definitions.get(kind, name)
    checked = None if body is None else expression_body(kind, name, body)
    _apply(desk, Change(kind, name, before.body if before else None, checked), author)


def take_back(desk: Desk, kind: str, name: str, version: int, author: str) -> None:
    """A new version with the body of an old one."""
    _apply(desk, revert(desk.engines.definitions, kind, name, version), author)


def _apply(desk: Desk, change: Change, author: str) -> None:
    with desk.engines.state.snapshot() as snapshot:
        seen = seen_events(snapshot)
    said_by = f"console:{author.strip()}" if author.strip() else "console"
    apply_checked(desk.engines.definitions, [change], seen, said_by)
