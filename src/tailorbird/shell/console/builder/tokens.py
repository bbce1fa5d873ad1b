"""SQL cut into tokens, with where each stands: all that the builder needs to find rows in a predicate."""

import re
from typing import Literal, NamedTuple

Sort = Literal["string", "quoted", "number", "word", "sign"]

# Neither sign begins a comment (`--`, `/*`): no row could keep one, so text with comments stays as it was written.
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<quoted>\"(?:[^\"]|\"\")*\")"
    r"|(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<sign>=>|<=|>=|<>|!=|\|\||(?!--|/\*)[-+*/%(),=<>]))"
)


class Token(NamedTuple):
    """One token. `text` is as written; `key` is what it is compared by: a word in small letters."""

    sort: Sort
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return self.text.lower() if self.sort in ("word", "sign") else ""


def tokens(text: str) -> list[Token] | None:
    """All tokens; None where the text holds something else, such as a comment.

    >>> [token.text for token in tokens("a >= 'it''s'") or ()]
    ['a', '>=', "'it''s'"]
    """
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            return None
        sort: Sort = match.lastgroup  # type: ignore[assignment]
        found.append(Token(sort, match[sort], match.start(sort), match.end()))
        at = match.end()
    return found


def split(found: list[Token], *keys: str) -> list[list[Token]] | None:
    """The parts between tokens of these keys that stand in no parenthesis; None where parentheses do not match.

    The `and` of a `between`, and whatever stands in a `case`, divides nothing.
    """
    parts: list[list[Token]] = [[]]
    depth = pending = 0  # pending: a `between` whose `and` is still to come
    for token in found:
        depth += (token.key in ("(", "case")) - (token.key in (")", "end"))
        if depth < 0:
            return None
        outside = depth == 0 and token.key in keys
        if outside and not (token.key == "and" and pending):
            parts.append([])
            continue
        pending += depth == 0 and token.key == "between"
        pending -= depth == 0 and token.key == "and"
        parts[-1].append(token)
    return None if depth else parts
