"""From rows to SQL: what somebody would have written by hand."""

import re

from tailorbird.shell.console.builder.condition import Condition, Given, Group, Part, Test, Value, Written
from tailorbird.shell.console.builder.forms import FORMS, Field, missing
from tailorbird.shell.console.builder.operators import OPERATORS

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*")
# Words that SQL would take for its own; a property of such a name is written in double quotes.
RESERVED = {
    "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "desc", "distinct", "else", "end",
    "escape", "exists", "false", "from", "group", "having", "ilike", "in", "interval", "is", "join", "like",
    "limit", "not", "null", "offset", "on", "or", "order", "over", "select", "then", "true", "union", "using",
    "when", "where", "with",
}  # fmt: skip
_JOINED = {"all": " and ", "any": " or "}


def sql(group: Group) -> str:
    r"""The predicate of a group; rows that lack something are left out, and an empty group is "".

    >>> sql(Group("all", (Condition("orders", {"window": "90 days"}, (), Test(">=", (3,))), Written("a = 1"))))
    "orders('90 days') >= 3\nand a = 1"
    """
    written = [_part(part, alone=len(group.parts) == 1) for part in complete(group).parts]
    if not group.negated:
        return f"\n{_JOINED[group.of].lstrip()}".join(one.rstrip("\n") for one in written)
    return f"not ({_JOINED[group.of].join(written)})" if written else ""


def complete(group: Group) -> Group:
    """The same without rows that lack something, and without groups of nothing."""
    kept: list[Part] = []
    for part in group.parts:
        inner = complete(part) if isinstance(part, Group) else part
        if not _says_nothing(inner):
            kept.append(inner)
    return Group(group.of, tuple(kept), group.negated)


def _says_nothing(part: Part) -> bool:
    if isinstance(part, Group):
        return not part.parts
    if isinstance(part, Written):
        return not part.sql.strip()
    return bool(missing(part)) or _lacks_operand(part.test) or any(_lacks_operand(one.test) for one in part.filters)


def _lacks_operand(test: Test) -> bool:
    wanted = OPERATORS[test.operator].operands
    return len(test.values) < (1 if wanted < 0 else wanted) or "" in test.values


def _part(part: Part, alone: bool) -> str:
    if isinstance(part, Written):
        # What was written may hold an `or` that must not reach its neighbours.
        text = _ended(part.sql)
        return text if alone or not re.search(r"\bor\b", text, re.IGNORECASE) else f"({text})"
    if isinstance(part, Condition):
        return asked(call(part), part.test)
    inside = _JOINED[part.of].join(_part(one, alone=len(part.parts) == 1) for one in part.parts)
    return f"not ({inside})" if part.negated else f"({inside})"


def _ended(text: str) -> str:
    """What somebody wrote, with an end to a comment in its last line: it must not swallow what stands behind."""
    return f"{text}\n" if "--" in text.rpartition("\n")[2] else text


def call(condition: Condition) -> str:
    """The function of a row with its arguments; a trait is its bare name.

    >>> from tailorbird.shell.console.builder.condition import Filter
    >>> call(Condition("count", {"event": "Product Viewed"}, (Filter("price", Test(">", (9,))),)))
    "count('Product Viewed', where => price > 9)"
    """
    form, arguments = FORMS[condition.form], []
    for field in form.fields:
        if (given := condition.given.get(field.name)) not in (None, "", ()):
            text = _argument(field, given)
            arguments.append(f"{field.keyword} => {text}" if field.keyword else text)
    if condition.filters:
        joined = _JOINED["any" if condition.either else "all"]
        arguments.append("where => " + joined.join(asked(name(one.property), one.test) for one in condition.filters))
    return f"{form.function}({', '.join(arguments)})" if form.function else ", ".join(arguments)


def _argument(field: Field, given: Given) -> str:
    if isinstance(given, tuple):
        return ", ".join(map(literal, given))
    if field.ask in ("trait", "predicate") or (field.ask == "property" and not _plain(str(given))):
        return _ended(str(given))
    return literal(given)


def _plain(property: str) -> bool:
    """Whether it names a property of the event; anything else is an expression and stands as it is."""
    return _NAME.fullmatch(property) is not None and not property.startswith("context.")


def asked(left: str, test: Test) -> str:
    """What is asked of an expression, as SQL.

    >>> asked("price", Test("between", (1, 2.5))), asked("brand", Test("in", ("a", "b's")))
    ('price between 1 and 2.5', "brand in ('a', 'b''s')")
    """
    values = [literal(value) for value in test.values]
    places = dict(zip("ab", values, strict=False))
    return OPERATORS[test.operator].sql.format(x=left, all=", ".join(values), **places)


def literal(value: Value) -> str:
    """A value as SQL.

    >>> literal("it's"), literal(3.0), literal(True)
    ("'it''s'", '3', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        # A float holds every integer as far as 9e15; beyond, its digits would be made up.
        return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    return "'" + value.replace("'", "''") + "'"


def name(property: str) -> str:
    """A property as SQL: bare where that is clear, else in double quotes.

    >>> name("shipping.country"), name("Unit Price"), name("order")
    ('shipping.country', '"Unit Price"', '"order"')
    """
    if _NAME.fullmatch(property) and not RESERVED & set(property.lower().split(".")):
        return property
    return '"' + property.replace('"', '""') + '"'
