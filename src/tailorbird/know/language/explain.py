"""A definition laid out for reading: what must hold together, each condition in English with its text behind."""

from collections.abc import Iterator

from tailorbird.know.language.spell import spell
from tailorbird.know.language.tree import And, Case, Expression, Not, Or
from tailorbird.know.language.words import words

_HEADS = {And: "all of", Or: "any of"}


def outline(tree: Expression) -> str:
    """An expression as an outline, traits put in place; a line a condition.

    >>> from tailorbird.know.language.program import read
    >>> from tailorbird.know.language.schema import schema_of
    >>> print(outline(read("orders() > 3 and (plan = 'gold' or logins is null)", schema_of())))
    all of
      the number of 'Order Completed' is above 3  -- orders() > 3
      any of
        plan is 'gold'  -- plan = 'gold'
        logins is unknown  -- logins is null
    """
    return "\n".join(_lines(tree, ""))


def _lines(tree: Expression, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if isinstance(tree, And | Or):
        yield f"{indent}{_HEADS[type(tree)]}"
        for part in tree.parts:
            yield from _lines(part, inner)
    elif isinstance(tree, Not) and isinstance(tree.part, And | Or | Case):
        yield f"{indent}not"
        yield from _lines(tree.part, inner)
    elif isinstance(tree, Case):
        yield from _branches(tree, indent)
    else:
        # A text of a definition may hold line breaks of its own; an outline has one line a condition.
        yield f"{indent}{words(tree)}  -- {spell(tree)}".replace("\n", " ")


def _branches(tree: Case, indent: str) -> Iterator[str]:
    for condition, then in tree.branches:
        yield f"{indent}if"
        yield from _lines(condition, indent + "  ")
        yield f"{indent}then"
        yield from _lines(then, indent + "  ")
    yield f"{indent}else"
    yield from _lines(tree.otherwise, indent + "  ")
