"""From SQL back to rows: whatever the builder writes it reads again; the rest stays as it was written.

It reads forms, not meaning. Whoever shows the rows checks that they say what the text said (`draft.Draft`).
"""

from tailorbird.shell.console.builder.atom import condition_of
from tailorbird.shell.console.builder.condition import Group, Part, Written
from tailorbird.shell.console.builder.tokens import Token, split, tokens


def rows(text: str) -> Group:
    """The predicate as a group of rows.

    >>> rows("orders('90 days') >= 3 and a + 1 > 2").parts[1]
    Written(sql='a + 1 > 2')
    """
    found = tokens(text)
    whole = _group(found, text) if found else None
    if whole is None:
        return Group("all", (Written(text.strip()),) if text.strip() else ())
    return whole if isinstance(whole, Group) else Group("all", (whole,))


def _group(found: list[Token], text: str) -> Part | None:
    """`a or b`, else `a and b`, else one; None where the text is cut off."""
    # The loosest binding first, as SQL has it: `a or b and c` is `a`, or both of the others.
    for key, of in (("or", "any"), ("and", "all")):
        parts = split(found, key)
        if parts is None or not all(parts):
            return None
        if len(parts) > 1:
            inner = [_group(part, text) for part in parts]
            return None if None in inner else Group(of, tuple(inner))  # type: ignore[arg-type]
    return _one(found, text)


def _one(found: list[Token], text: str) -> Part | None:
    condition = condition_of(found, text)
    if condition is not None:
        return condition
    if found[0].key == "not":
        return _negated(_group(found[1:], text) if len(found) > 1 else None)
    if _enclosed(found):
        inner = _group(found[1:-1], text) if len(found) > 2 else None
        return inner if isinstance(inner, Group) or inner is None else Group("all", (inner,))
    return Written(text[found[0].start : found[-1].end])


def _negated(inner: Part | None) -> Part | None:
    if inner is None:
        return None
    if isinstance(inner, Group) and not inner.negated:
        return Group(inner.of, inner.parts, negated=True)
    return Group("all", (inner,), negated=True)


def _enclosed(found: list[Token]) -> bool:
    """Whether the first parenthesis closes with the last token."""
    if found[0].key != "(" or found[-1].key != ")":
        return False
    inside = split(found[1:-1], ",")
    return inside is not None and len(inside) == 1
