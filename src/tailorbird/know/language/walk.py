"""Going through a tree without knowing its nodes: parts, all nodes, size and depth."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from tailorbird.know.language.tree import Events, Expression

_NODES: tuple[type, ...] = tuple(
    member for one in get_args(Expression) for member in (get_args(one) or (one,)) if isinstance(member, type)
)


def parts(tree: Expression) -> Iterator[Expression]:
    """The expressions that one is made of, in the order in which they stand; filters of its events among them.

    >>> from tailorbird.know.language.tree import Constant, Not
    >>> list(parts(Not(Constant(True, "boolean"))))
    [Constant(value=True, kind='boolean')]
    """
    for name in tree.__slots__:
        yield from _expressions(getattr(tree, name))


def nodes(tree: Expression) -> Iterator[Expression]:
    """A tree's nodes, each before its parts. What stands in it twice comes twice."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(parts(node))))


class Measure(NamedTuple):
    """How large a tree is, written out: what shares an object counts as often as it stands there."""

    terms: int
    depth: int


def measure(tree: Expression) -> Measure:
    """Terms and depth, in a time that grows with the objects and not with the terms."""
    return _measure(tree, {})


def _measure(tree: Expression, known: dict[int, Measure]) -> Measure:
    found = known.get(id(tree))
    if found is None:
        inner = [_measure(part, known) for part in parts(tree)]
        found = Measure(1 + sum(one.terms for one in inner), 1 + max((one.depth for one in inner), default=0))
        known[id(tree)] = found
    return found


def _expressions(value: Any) -> Iterator[Expression]:
    if isinstance(value, _NODES):
        yield value  # type: ignore[misc]  # _NODES are the classes of Expression
    elif isinstance(value, tuple):
        for one in value:
            yield from _expressions(one)
    elif isinstance(value, Events) and value.where is not None:
        yield value.where
