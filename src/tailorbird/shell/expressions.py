"""Traits and segments as a site writes them: the shape of one definition, and whether all make sense together."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.shell.in_force import Bodies, program_body

Body = dict[str, Any]

_FIELDS = ("sql", "description", "label")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def expression_bodies(kind: str, file: Mapping[str, Any]) -> dict[str, Body]:
    """name -> body of a file's definitions; the short form `name: expression` becomes {"sql": expression}.

    >>> expression_bodies("segment", {"loyal": "orders() >= 3"})
    {'loyal': {'sql': 'orders() >= 3'}}
    """
    return {name: expression_body(kind, name, body) for name, body in file.items()}


def expression_body(kind: str, name: str, body: Any) -> Body:
    """One definition as it is stored. Raises BadDefinition naming what is wrong and what to write instead.

    >>> expression_body("trait", "Loyal!", "orders() >= 3")
    Traceback (most recent call last):
    tailorbird.errors.BadDefinition: Trait 'Loyal!' cannot be named so: use a-z, 0-9 and _, a letter first, at most 64.
    """
    what = f"{kind.capitalize()} '{name}'"
    if not _NAME.fullmatch(name):
        raise BadDefinition(f"{what} cannot be named so: use a-z, 0-9 and _, a letter first, at most 64.")
    body = {"sql": body} if isinstance(body, str) else body
    if not isinstance(body, Mapping):
        raise BadDefinition(f"{what} is {body!r}; write an expression, or a mapping with {', '.join(_FIELDS)}.")
    for field, value in body.items():
        if field not in _FIELDS:
            near = get_close_matches(str(field), _FIELDS, 1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise BadDefinition(f"{what} has {field!r}, which means nothing. {hint}Known: {', '.join(_FIELDS)}.")
        if not isinstance(value, str):
            raise BadDefinition(f"{what} has {field} {value!r}; it must be text. Put it in quotes.")
    if not body.get("sql", "").strip():
        raise BadDefinition(
            f"{what} has no expression. Write {name}: \"orders('90 days') >= 3\", or sql: ... below it."
        )
    return dict(body)


def check(bodies: Bodies, seen: Iterable[str] = ()) -> None:
    """Read all traits and segments together, and see that clusters ask for what there is.

    Raises BadDefinition with the definition, line and column, the value, and the nearest known name.
    """
    if not (bodies.get("trait") or bodies.get("segment")):
        return
    from tailorbird.know.language.program import load

    load(program_body(bodies, seen))
