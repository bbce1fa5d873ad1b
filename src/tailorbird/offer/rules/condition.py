"""A condition on one item, in the language of segments, compiled to a Python function.

    condition("in_stock and price < 100 and category <> 'TOBACCO'").matches(item)

Logic is that of SQL: what an item does not say (no price, an empty category) is NULL, which equals and differs from
nothing, and only TRUE matches. Nothing is bent to fit: an attribute "12" is no number. The language's functions of
number, text and time may be used; those that look at a person or at the clock may not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import fmod
from typing import Any, NoReturn

from sqlglot import exp

from tailorbird.events import Item
from tailorbird.know.language.builders import build
from tailorbird.know.language.dialect import parse, place
from tailorbird.know.language.functions import FUNCTIONS
from tailorbird.know.language.functions import SCALARS as OF_VALUES
from tailorbird.know.language.kinds import OPEN, need
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.reader import Around, Reader
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.tree import Expression, IsNull, Property
from tailorbird.know.language.walk import check_size, rewrite
from tailorbird.know.segment import kinds
from tailorbird.know.segment.logic import Guarded, Logic, literal
from tailorbird.know.segment.scalars import SCALARS, like
from tailorbird.offer.rules.scope import ATTRIBUTES, PROPERTIES, TAGS, OneItem


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition; equal to another one of the same text, so that a shelf keeps one mask for both."""

    text: str
    matches: Callable[[Item], bool] = field(compare=False, repr=False)


@lru_cache(maxsize=1000)
def condition(text: str) -> Condition:
    """The condition of a text.

    >>> cheap = condition("price < 2 and category not in ('TOBACCO', 'LIQUOR') and roast = 'dark'")
    >>> cheap.matches(Item("1", category="COFFEE", price=1.5, attributes={"roast": "dark"}))
    True
    >>> cheap.matches(Item("1", category="COFFEE", attributes={"roast": "dark"}))
    False

    Raises Mistake with line, column, the nearest known name or the next step.
    """
    try:
        tree = _read(text)
    except Mistake as wrong:
        wrong.stand_in(text)
        raise
    return Condition(text, _compiled(tree))


def _read(text: str) -> Expression:
    reader = Reader(Around(text, Schema(), NoSegments(), _build), OneItem())
    tree = need(reader.read(parse(text)), "boolean")
    check_size(tree)
    return rewrite(tree, _whether_said)


def _whether_said(node: Expression) -> Expression | None:
    """`roast is null` asks whether the item says a roast at all, of whatever kind: nobody declared one."""
    if isinstance(node, IsNull) and isinstance(node.value, Property) and node.value.path[0] == ATTRIBUTES:
        return IsNull(replace(node.value, kind=OPEN))
    return None


def _build(reader: Reader, node: exp.Anonymous) -> Expression:
    name = node.name.lower()
    # Masks of a rule are kept until the catalogue changes: time would pass them by.
    if name == "now" or any(isinstance(one, exp.Anonymous) and one.name.lower() == "now" for one in node.expressions):
        raise Mistake(
            "A rule on items does not change with time.",
            "What may be sold when is said by an item's available_from and available_until.",
            place(node),
        )
    if name in FUNCTIONS and name not in OF_VALUES:
        raise Mistake(f"{name}() looks at a person; a rule looks at one item.", "", place(node))
    return build(reader, node)


class NoSegments:
    """In a rule on items no segment can be named."""

    def member(self, name: str, at: int | None) -> NoReturn:
        raise Mistake("segment() looks at a person; a rule looks at one item.", at=at)

    def in_place(self, tree: Expression) -> Expression:
        return tree


# -- the function


def _compiled(tree: Expression) -> Callable[[Item], bool]:
    patterns: dict[tuple[str, bool], str] = {}
    code = Logic(_Leaf(), patterns).true(tree)
    space: dict[str, Any] = {**SCALARS, **_READ, "fmod": fmod}
    space |= {matcher: like(pattern, any_case) for (pattern, any_case), matcher in patterns.items()}
    # No text of a user in it but in literals, as in `know.segment.module`.
    exec(compile(f"def matches(item):\n    return {code}", "<rule>", "exec"), space)  # noqa: S102
    matches: Callable[[Item], bool] = space["matches"]
    return matches


class _Leaf:
    """Writes how a property of `item` is read, each time behind the guard that it is said."""

    def __init__(self) -> None:
        self.names = 0

    def __call__(self, e: Expression) -> Guarded:
        assert isinstance(e, Property), "a rule on items looks at properties alone"
        if e.path[0] == TAGS:
            return Guarded((), f"({literal(e.path[1])} in item.tags)")
        if e.path == ("available",):
            return Guarded((), "item.available")
        self.names += 1
        name = f"r{self.names}"
        # Read once and asked twice: a walrus costs less than a second look into the item.
        return Guarded((f"({name} := {_found(e)}) {'!= ' + literal('') if _can_be_empty(e) else 'is not None'}",), name)


def _can_be_empty(e: Property) -> bool:
    """Of the properties that every item has, texts are empty where nothing is said."""
    return PROPERTIES.get(e.path[0]) == "text"


def _found(e: Property) -> str:
    if e.path[0] != ATTRIBUTES:
        return f"number(item.{e.path[0]})" if e.kind == "number" else f"item.{e.path[0]}"
    found = f"dig(item.attributes, {e.path[1:]!r})"
    return found if e.kind is OPEN else f"{e.kind}({found})"


def _text(value: Any) -> str | None:
    return value if value.__class__ is str else None


def _number(value: Any) -> float | None:
    """A double within MOST; a flag is none."""
    if value.__class__ is not int and value.__class__ is not float:
        return None
    return float(value) if -kinds.MOST <= value <= kinds.MOST else None


def _boolean(value: Any) -> bool | None:
    return value if value.__class__ is bool else None


_READ = {"dig": kinds.dig, "number": _number, "time": kinds.time, "text": _text, "boolean": _boolean}
