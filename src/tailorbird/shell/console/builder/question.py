"""What is asked of a value in a predicate, and the literals it is compared with."""

from collections.abc import Iterator

from tailorbird.shell.console.builder.condition import Test, Value
from tailorbird.shell.console.builder.tokens import Token, split

_SIGNS = (">=", "<=", "=", "<>", ">", "<")
_WRAPPING = ("contains", "starts_with", "ends_with")


def asked_of(found: list[Token]) -> Iterator[tuple[list[Token], Test]]:
    """What may be asked here, and of which tokens: more than one answer where a call may be either."""
    if found and found[0].key == "not":
        yield found[1:], Test("false")
        return
    at = _end_of_operand(found)
    left, rest = found[:at], found[at:]
    # Both readings, the wrapped one first: `contains(x, 'a')` is a question about x, or a truth by itself.
    wrapped = _wrapped(left, rest)
    if wrapped is not None:
        yield wrapped
    test = _test(rest)
    if test is not None:
        yield left, test


def _end_of_operand(found: list[Token]) -> int:
    """Behind a word, or behind the parenthesis that closes its call."""
    if len(found) < 2 or found[1].key != "(":
        return min(1, len(found))
    depth = 0
    for at, token in enumerate(found):
        depth += (token.key == "(") - (token.key == ")")
        if at and depth == 0:
            return at + 1
    return len(found)


def _wrapped(left: list[Token], rest: list[Token]) -> tuple[list[Token], Test] | None:
    """`contains(x, 'a')` and `days_ago(x) >= 30` as questions about x."""
    arguments = split(left[2:-1], ",") if len(left) > 3 else None
    if not arguments:
        return None
    if left[0].key in _WRAPPING and len(arguments) == 2 and not rest:
        value = literal_of(arguments[1])
        return (arguments[0], Test(left[0].key, (value,))) if isinstance(value, str) else None
    if left[0].key == "days_ago" and len(arguments) == 1 and len(rest) > 1 and rest[0].key in (">=", "<"):
        value = literal_of(rest[1:])
        return None if value is None else (arguments[0], Test("older" if rest[0].key == ">=" else "younger", (value,)))
    return None


def _test(rest: list[Token]) -> Test | None:
    keys = [token.key for token in rest]
    if not rest:
        return Test("true")
    if keys in (["is", "null"], ["is", "not", "null"]):
        return Test("unknown" if len(keys) == 2 else "known")
    if keys[0] in (*_SIGNS, "like", "ilike"):
        return _values(keys[0], [rest[1:]])
    if keys[0] == "between" and "and" in keys:
        middle = keys.index("and")
        return _values("between", [rest[1:middle], rest[middle + 1 :]])
    if keys[:2] == ["in", "("] or keys[:3] == ["not", "in", "("]:
        start = keys.index("(")
        options = split(rest[start + 1 : -1], ",") if keys[-1] == ")" else None
        return None if options is None else _values(" ".join(keys[:start]), options)
    return None


def _values(operator: str, parts: list[list[Token]]) -> Test | None:
    values = tuple(literal_of(part) for part in parts)
    return None if None in values else Test(operator, values)  # type: ignore[arg-type]


def literal_of(part: list[Token]) -> Value | None:
    """The value that a literal stands for; None for anything else."""
    if len(part) == 1 and part[0].sort == "string":
        return text_of(part[0])
    if len(part) == 1 and part[0].key in ("true", "false"):
        return part[0].key == "true"
    negative = len(part) == 2 and part[0].key == "-"
    if (len(part) == 1 or negative) and part[-1].sort == "number":
        number = float(part[-1].text) * (-1 if negative else 1)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return None


def text_of(token: Token) -> str:
    """What stands between the quotes."""
    quote = token.text[0]
    return token.text[1:-1].replace(quote * 2, quote)
