"""Which definitions an expression names, and an order in which each stands behind those it names."""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

from sqlglot import exp

from tailorbird.know.language.arguments import put
from tailorbird.know.language.functions import FUNCTIONS
from tailorbird.know.language.mistake import Mistake


class Named(NamedTuple):
    """One trait or segment, by name."""

    kind: Literal["trait", "segment"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind} '{self.name}'"


# Names in these are those of an event's properties: a trait `category` may well look at the property `category`.
_OF_EVENTS = ("value", "filter", "list", "event", "window", "length")


def named(tree: exp.Expression, traits: Collection[str]) -> set[Named]:
    """The computed traits and the segments that a text names; raises Mistake for calls that do not fit."""
    found: set[Named] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.Column) and not node.table and node.name in traits:
            found.add(Named("trait", node.name))
        elif isinstance(node, exp.Anonymous) and node.name.lower() == "segment":
            found |= {Named("segment", one.name) for one in node.expressions if isinstance(one, exp.Literal)}
        else:
            waiting.extend(_about_the_person(node))
    return found


def _about_the_person(node: exp.Expression) -> Iterator[exp.Expression]:
    function = FUNCTIONS.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
    if function is None or not isinstance(node, exp.Anonymous):
        yield from node.iter_expressions()
        return
    takes = {parameter.name: parameter.takes for parameter in function.parameters}
    for name, arguments in put(function, node).items():
        if takes[name] not in _OF_EVENTS:
            yield from arguments


def in_order(names: Mapping[Named, Collection[Named]]) -> list[Named]:
    """Each behind those it names, else as they came; those it names that are not among them are left out.

    Raises Mistake that shows the circle where there is one.
    """
    ordered: dict[Named, None] = {}
    for first in names:
        # Without recursion: a chain of definitions may be as long as there are definitions.
        path: list[tuple[Named, Iterator[Named]]] = [(first, iter(sorted(names[first])))]
        while path and first not in ordered:
            on_path = [one for one, _ in path]
            following = next((one for one in path[-1][1] if one in names and one not in ordered), None)
            if following is None:
                ordered[path.pop()[0]] = None
            elif following in on_path:
                raise _circle([*on_path[on_path.index(following) :], following])
            else:
                path.append((following, iter(sorted(names[following]))))
    return list(ordered)


def _circle(names: list[Named]) -> Mistake:
    wrong = Mistake(f"It names itself in a circle: {' → '.join(map(str, names))}.", "Take one of them out.")
    wrong.definition = str(names[0]).capitalize()
    return wrong
