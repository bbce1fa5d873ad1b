"""From sqlglot's tree to ours: one small reader for each kind of node, and all others refused.

What has no reader here is no part of the language: subqueries, casts, lambdas, window functions, other operators.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Protocol

from sqlglot import exp

from tailorbird.know.language.dialect import foreign_word, place, words_of
from tailorbird.know.language.kinds import OPEN, Read, agree, need
from tailorbird.know.language.mistake import Mistake, shown
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.scope import Scope
from tailorbird.know.language.tree import (
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    Constant,
    Expression,
    In,
    IsNull,
    Like,
    Member,
    Not,
    Or,
)


class Segments(Protocol):
    """The segments that are known so far."""

    def member(self, name: str, at: int | None) -> Member: ...

    def in_place(self, tree: Expression) -> Expression: ...


@dataclass(frozen=True, slots=True)
class Around:
    """What all readers of one text share."""

    text: str
    schema: Schema
    segments: Segments
    build: Callable[["Reader", exp.Anonymous], Expression]  # handed in: builders read their arguments by this reader


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads expressions of one text in one scope."""

    around: Around
    scope: Scope

    @property
    def schema(self) -> Schema:
        return self.around.schema

    def inside(self, scope: Scope) -> "Reader":
        """The same text, with names looked up elsewhere."""
        return replace(self, scope=scope)

    def read(self, node: exp.Expression) -> Read:
        """The expression of this node; raises Mistake with its place."""
        reader, looked_at = _READERS.get(type(node), (None, ""))
        # What no reader looks at could turn the meaning round, as `negate` of sqlglot's Like does.
        unread = {name for name, value in node.args.items() if value} - {*looked_at.split(), "negate"}
        if reader is None or unread:
            raise self.refused(node)
        try:
            tree = reader(self, node)
        except Mistake as wrong:
            # sqlglot keeps no place for null, true and false: theirs is that of what they stand in.
            wrong.at = place(node) if wrong.at is None else wrong.at
            raise
        return Read(Not(tree) if node.args.get("negate") else tree, node, self.around.text)

    def condition(self, node: exp.Expression) -> Expression:
        return need(self.read(node), "boolean")

    def number(self, node: exp.Expression) -> Expression:
        return need(self.read(node), "number")

    def refused(self, node: exp.Expression) -> Mistake:
        """The mistake of a node that is no part of the language."""
        at = place(node)
        known = foreign_word(self.around.text)
        return known or Mistake(
            f"{words_of(node, self.around.text)} is no expression of this language.", _NEXT.get(type(node), ""), at
        )


_NEXT: dict[type[exp.Expression], str] = {
    exp.Alias: "Is an operator, a comma or a bracket missing?",
    exp.Aliases: "Is an operator missing?",
    exp.Concat: "Is an operator or a comma missing?",
    exp.Cast: "Nothing is bent to another kind: declare the kind in the tracking plan.",
    exp.Kwarg: "Named arguments stand inside a call.",
    exp.Star: "Any event is named '*'.",
    exp.Tuple: "A list stands behind in.",
    exp.In: "Behind in stands a list: in ('DE', 'AT').",
}


# -- leaves


def _literal(reader: Reader, node: exp.Literal) -> Expression:
    if node.is_string:
        return Constant(str(node.this), "text")
    try:
        value = float(node.this)
    except ValueError:
        # What sqlglot takes for a number and Python does not: refused below, with what is too large.
        value = float("inf")
    if not isfinite(value):
        raise Mistake(f"{shown(node.this)} is no number.", at=place(node))
    return Constant(value, "number")


def _null(reader: Reader, node: exp.Null) -> Expression:
    return Constant(None, OPEN)


def _boolean(reader: Reader, node: exp.Boolean) -> Expression:
    return Constant(bool(node.this), "boolean")


def _name(reader: Reader, node: exp.Expression) -> Expression:
    path = tuple(_path(node))
    if not all(path):
        raise reader.refused(node)
    return reader.scope.name(path, place(node))


def _path(node: exp.Expression) -> Iterator[str]:
    """The parts of a dotted name; "" for anything that is none."""
    if isinstance(node, exp.Column):
        for part in node.parts:
            yield part.name if isinstance(part, exp.Identifier) else ""
    elif isinstance(node, exp.Dot):
        yield from _path(node.this)
        yield from _path(node.expression)
    else:
        yield node.name if isinstance(node, exp.Identifier) else ""


def _call(reader: Reader, node: exp.Anonymous) -> Expression:
    return reader.around.build(reader, node)


def _inner(reader: Reader, node: exp.Paren) -> Expression:
    return reader.read(node.this).tree


def _links(chain: exp.Expression) -> list[exp.Expression]:
    """The parts of a chain of one operator, so that a hundred of them are one level deep."""
    return list(chain.flatten(unnest=False))  # type: ignore[arg-type]  # sqlglot names its base class in two ways


# -- conditions


def _and(reader: Reader, node: exp.And) -> Expression:
    return And(tuple(reader.condition(part) for part in _links(node)))


def _or(reader: Reader, node: exp.Or) -> Expression:
    return Or(tuple(reader.condition(part) for part in _links(node)))


def _not(reader: Reader, node: exp.Not) -> Expression:
    return Not(reader.condition(node.this))


_COMPARE = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}


def _compare(reader: Reader, node: exp.Binary) -> Expression:
    sides = [reader.read(node.this), reader.read(node.expression)]
    for side in sides:
        if isinstance(side.tree, Constant) and side.tree.value is None:
            raise Mistake("Nothing equals NULL, so this is never true.", "Write is null or is not null.", side.at)
    left, right = agree(sides)
    operator = _COMPARE[type(node)]
    if left.kind == "boolean" and operator not in ("=", "<>"):
        raise Mistake(f"{sides[0].source} is a boolean, which has no order.", at=sides[0].at)
    return Compare(operator, left, right)  # type: ignore[arg-type]  # the table holds the operators of Compare


def _between(reader: Reader, node: exp.Between) -> Expression:
    value, low, high = agree([reader.read(one) for one in (node.this, node.args["low"], node.args["high"])])
    # As SQL defines it: both ends are in, and NULL in either is as in any And.
    return And((Compare(">=", value, low), Compare("<=", value, high)))


def _in(reader: Reader, node: exp.In) -> Expression:
    if not node.expressions:
        raise Mistake("Nothing is in an empty list.", "Write in ('DE', 'AT').", place(node))
    value, *options = agree([reader.read(one) for one in (node.this, *node.expressions)])
    return In(value, tuple(options))


def _like(reader: Reader, node: exp.Like | exp.ILike) -> Expression:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise Mistake(
            "The pattern of like must be text in quotes.", "Write like 'shoes%'.", place(pattern) or place(node)
        )
    return Like(need(reader.read(node.this), "text"), str(pattern.this), isinstance(node, exp.ILike))


def _is(reader: Reader, node: exp.Is) -> Expression:
    value = node.expression
    if isinstance(value, exp.Null):
        return IsNull(reader.read(node.this).settled())
    # `is true` is the one way to say what is to happen with NULL; spelled so, the compilers need not know of it.
    if not isinstance(value, exp.Boolean):
        raise Mistake("Behind is stands null, true or false.", "Values are compared by =.", place(node))
    condition = reader.condition(node.this)
    never = Constant(False, "boolean")
    return Call("coalesce", (condition if value.this else Not(condition), never), "boolean")


def _case(reader: Reader, node: exp.Case) -> Expression:
    branches = node.args["ifs"]
    results = [reader.read(branch.args["true"]) for branch in branches]
    # As SQL has it: without an else it is NULL.
    default = node.args.get("default") or exp.null()
    *then, otherwise = agree([*results, reader.read(default)])
    conditions = [_branch(reader, node.this, branch.this) for branch in branches]
    return Case(tuple(zip(conditions, then, strict=True)), otherwise, otherwise.kind)


def _branch(reader: Reader, operand: exp.Expression | None, condition: exp.Expression) -> Expression:
    if operand is None:
        return reader.condition(condition)
    left, right = agree([reader.read(operand), reader.read(condition)])
    return Compare("=", left, right)


# -- values


_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}


def _arithmetic(reader: Reader, node: exp.Binary) -> Expression:
    left, right = reader.number(node.this), reader.number(node.expression)
    return Arithmetic(_ARITHMETIC[type(node)], left, right)  # type: ignore[arg-type]  # of the table


def _negative(reader: Reader, node: exp.Neg) -> Expression:
    value = reader.number(node.this)
    if isinstance(value, Constant) and isinstance(value.value, float):
        return Constant(-value.value, "number")
    # The tree has no sign of its own: 0 - x is one node less for each compiler.
    return Arithmetic("-", Constant(0.0, "number"), value)


def _joined(reader: Reader, node: exp.DPipe) -> Expression:
    texts = [need(reader.read(part), "text") for part in _links(node)]
    return Call("concat", tuple(texts), "text")


# Each reader takes the node it stands beside, so the table's own type says no more than that it is one; behind it the
# parts of the node that it looks at.
_READERS: dict[type[Any], tuple[Callable[[Reader, Any], Expression], str]] = {
    exp.Literal: (_literal, "this is_string"),
    exp.Null: (_null, ""),
    exp.Boolean: (_boolean, "this"),
    exp.Column: (_name, "this table db catalog"),
    exp.Dot: (_name, "this expression"),
    exp.Anonymous: (_call, "this expressions"),
    exp.Paren: (_inner, "this"),
    exp.And: (_and, "this expression"),
    exp.Or: (_or, "this expression"),
    exp.Not: (_not, "this"),
    **dict.fromkeys(_COMPARE, (_compare, "this expression")),
    exp.Between: (_between, "this low high"),
    exp.In: (_in, "this expressions"),
    exp.Like: (_like, "this expression"),
    exp.ILike: (_like, "this expression"),
    exp.Is: (_is, "this expression"),
    exp.Case: (_case, "this ifs default"),
    **dict.fromkeys(_ARITHMETIC, (_arithmetic, "this expression")),
    exp.Div: (_arithmetic, "this expression typed safe"),  # marks for dialects with whole numbers
    exp.Neg: (_negative, "this"),
    exp.DPipe: (_joined, "this expression safe"),
}
