"""Going through a tree without knowing its nodes: parts, all nodes, size and depth, and putting others in place."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, cast, get_args

from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.tree import Events, Expression

# Two levels: Expression is a union that has a union, Statistic, in it.
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
        # Reversed, as the last one put there is the first one taken.
        waiting.extend(reversed(list(parts(node))))


class Measure(NamedTuple):
    """How large a tree is, written out: what shares an object counts as often as it stands there."""

    terms: int
    depth: int


TERMS = 2_000  # of one expression with all traits put in place
DEPTH = 50


def check_size(tree: Expression, at: int | None = None) -> None:
    """Raise Mistake where a tree has grown too large to compile; to be asked before anything walks through it."""
    size = measure(tree)
    if size.terms > TERMS or size.depth > DEPTH:
        raise Mistake(
            f"With its traits in place it has {size.terms:,} terms, {size.depth} deep;"
            f" it may have {TERMS:,}, {DEPTH} deep.",
            "Ask for a part of it by segment('…'), which is worked out once.",
            at,
        )


def measure(tree: Expression) -> Measure:
    """Terms and depth, in a time that grows with the objects and not with the terms."""
    return _measure(tree, {})


def _measure(tree: Expression, known: dict[int, Measure]) -> Measure:
    # By identity, because a hash of a tree goes through all of it.
    found = known.get(id(tree))
    if found is None:
        inner = [_measure(part, known) for part in parts(tree)]
        found = Measure(1 + sum(one.terms for one in inner), 1 + max((one.depth for one in inner), default=0))
        known[id(tree)] = found
    return found


def rewrite(tree: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The tree with each node for which `change` gives another replaced by it; what it gives is not looked into."""
    return cast("Expression", _rewritten(tree, change, {}))


def _rewritten(value: Any, change: Callable[[Expression], Expression | None], known: dict[int, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_rewritten(one, change, known) for one in value)
    if not isinstance(value, (*_NODES, Events)):
        return value
    if id(value) not in known:
        found = None if isinstance(value, Events) else change(cast("Expression", value))
        known[id(value)] = _with_parts(value, change, known) if found is None else found
    return known[id(value)]


def _with_parts(node: Any, change: Callable[[Expression], Expression | None], known: dict[int, Any]) -> Any:
    changed = {name: _rewritten(getattr(node, name), change, known) for name in node.__slots__}
    # What stays the same stays the same object, so that what is shared remains so.
    same = all(_same(one, getattr(node, name)) for name, one in changed.items())
    return node if same else replace(node, **changed)


def _same(one: Any, other: Any) -> bool:
    return all(map(_same, one, other)) if isinstance(one, tuple) else one is other


def _expressions(value: Any) -> Iterator[Expression]:
    if isinstance(value, _NODES):
        yield value  # type: ignore[misc]  # _NODES are the classes of Expression
    elif isinstance(value, tuple):
        for one in value:
            yield from _expressions(one)
    elif isinstance(value, Events) and value.where is not None:
        yield value.where
