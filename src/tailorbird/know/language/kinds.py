"""Which kinds go together: every expression has one, and nothing is bent to fit but a time written as text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlglot import exp

from tailorbird.collect.times import parse_time
from tailorbird.know.language.dialect import place, words_of
from tailorbird.know.language.mistake import Mistake, shown
from tailorbird.know.language.tree import Aggregate, Call, Case, Constant, Expression, Kind, Property

# Of NULL, and of properties whose kind nobody declared, until the place where they stand settles it.
OPEN = cast("Kind", "any")
DEFAULT: Kind = "text"


@dataclass(frozen=True, slots=True)
class Read:
    """An expression, and what it was read from: errors name the place and the words."""

    tree: Expression
    node: exp.Expression
    text: str

    @property
    def at(self) -> int | None:
        return place(self.node)

    @property
    def source(self) -> str:
        return words_of(self.node, self.text)

    @property
    def kind(self) -> Kind:
        return self.tree.kind

    def settled(self) -> Expression:
        """The expression, as text where its kind is still open."""
        return settle(self.tree, DEFAULT)


def settle(tree: Expression, kind: Kind) -> Expression:
    """The same expression with `kind` wherever its kind was open."""
    if tree.kind is not OPEN:
        return tree
    match tree:
        case Constant() | Property():
            return replace(tree, kind=kind)
        case Aggregate(value=value) if value is not None:
            return replace(tree, value=settle(value, kind), kind=kind)
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(settle(one, kind) for one in arguments), kind=kind)
        case Case(branches=branches, otherwise=otherwise):
            settled = tuple((condition, settle(then, kind)) for condition, then in branches)
            return replace(tree, branches=settled, otherwise=settle(otherwise, kind), kind=kind)
    raise AssertionError(f"{type(tree).__name__} cannot be of an open kind")


def need(read: Read, kind: Kind) -> Expression:
    """The expression if it is, or can be settled to be, of this kind; raises Mistake with both kinds otherwise."""
    # The one thing that is bent: there is no other way to write a time down.
    if kind == "time" and isinstance(read.tree, Constant) and isinstance(read.tree.value, str):
        return _time(read.tree.value, read.at)
    tree = settle(read.tree, kind)
    if tree.kind != kind:
        raise Mistake(
            f"{read.source} is a {tree.kind}; a {kind} must stand here.", _HINT.get((tree.kind, kind), ""), read.at
        )
    return tree


def agree(reads: Sequence[Read]) -> tuple[Expression, ...]:
    """All of one kind: that of the first that has one, or times where one is a time. Open ones take it over.

    Raises Mistake where two kinds meet; all stay open where none has a kind.
    """
    kinds = [read.kind for read in reads if read.kind is not OPEN]
    # Nothing but NULLs and undeclared properties: whoever holds them may still tell.
    if not kinds:
        return tuple(read.tree for read in reads)
    # A time wins over text: times are written as text, and nothing else is.
    kind = "time" if "time" in kinds else kinds[0]
    first = next(read for read in reads if read.kind is not OPEN)
    for read in reads:
        if read.kind not in (OPEN, kind) and not (kind == "time" and isinstance(read.tree, Constant)):
            raise Mistake(
                f"{first.source} is a {first.kind} and {read.source} a {read.kind}; they cannot be compared.",
                _HINT.get((first.kind, read.kind), ""),
                read.at,
            )
    return tuple(need(read, kind) for read in reads)


_HINT = {
    ("number", "text"): "Numbers stand without quotes.",
    ("text", "number"): "Numbers stand without quotes, text in '…'.",
    ("number", "time"): "A length of time is days_since(…), a number.",
    ("time", "number"): "days_since(…) makes a number of a time.",
    ("number", "boolean"): "Compare it: … > 0.",
    ("text", "boolean"): "Compare it: … = 'value'.",
}


def _time(text: str, at: int | None) -> Constant:
    try:
        return Constant(parse_time(text), "time")
    except ValueError:
        raise Mistake(f"{shown(text)} is no time.", "Write '2026-11-21' or '2026-11-21T20:53:16Z'.", at) from None
