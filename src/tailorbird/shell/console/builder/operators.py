"""What may be asked of a value, by its kind: the words that the builder shows, and the SQL that it writes."""

from typing import NamedTuple

from tailorbird.shell.console.builder.condition import Kind


class Operator(NamedTuple):
    """`sql` has {x} for the value and {a}, {b} or {all} for what it is compared with."""

    words: str
    sql: str
    operands: int  # -1: as many as one likes
    kinds: tuple[Kind, ...]


_ANY: tuple[Kind, ...] = ("number", "text", "time", "boolean")

# The usual one of each kind first, as the menu shows them.
OPERATORS = {
    ">=": Operator("at least", "{x} >= {a}", 1, ("number",)),
    "<=": Operator("at most", "{x} <= {a}", 1, ("number",)),
    "=": Operator("is", "{x} = {a}", 1, ("number", "text")),
    "<>": Operator("is not", "{x} <> {a}", 1, ("number", "text")),
    ">": Operator("more than", "{x} > {a}", 1, ("number",)),
    "<": Operator("less than", "{x} < {a}", 1, ("number",)),
    "between": Operator("between", "{x} between {a} and {b}", 2, ("number",)),
    "in": Operator("is one of", "{x} in ({all})", -1, ("number", "text")),
    "not in": Operator("is none of", "{x} not in ({all})", -1, ("number", "text")),
    "contains": Operator("contains", "contains({x}, {a})", 1, ("text",)),
    "starts_with": Operator("starts with", "starts_with({x}, {a})", 1, ("text",)),
    "ends_with": Operator("ends with", "ends_with({x}, {a})", 1, ("text",)),
    "like": Operator("is like (% any, _ one)", "{x} like {a}", 1, ("text",)),
    "ilike": Operator("is like, in any case", "{x} ilike {a}", 1, ("text",)),
    "true": Operator("is true", "{x}", 0, ("boolean",)),
    "false": Operator("is not true", "not {x}", 0, ("boolean",)),
    "older": Operator("at least … days ago", "days_ago({x}) >= {a}", 1, ("time",)),
    "younger": Operator("less than … days ago", "days_ago({x}) < {a}", 1, ("time",)),
    "known": Operator("is known", "{x} is not null", 0, _ANY),
    "unknown": Operator("is not known", "{x} is null", 0, _ANY),
}


def operators_of(kind: Kind) -> dict[str, str]:
    """The operators that fit a kind, with their words, the usual one first.

    >>> list(operators_of("boolean").values())
    ['is true', 'is not true', 'is known', 'is not known']
    """
    return {key: one.words for key, one in OPERATORS.items() if kind in one.kinds}
