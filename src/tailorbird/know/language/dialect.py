"""From text to sqlglot's tree, through a dialect that knows nothing but what the language has.

sqlglot's own functions would bend ours (`count(distinct …)`, `min` of one argument): here every call is an anonymous
one with its arguments as they stand, and every word that is no operator is a name.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from sqlglot import Token, TokenType, exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from tailorbird.know.language.mistake import Mistake, shown

CHARACTERS = 10_000
TOKENS = 2_000
DEPTH = 64
NESTING = 24  # sqlglot's parser takes some twenty calls of Python a level
_WORDS = "and or not in between like ilike is null case when then else end true false"
WORDS = frozenset(_WORDS.split())
_SIGNS = frozenset(("||", "<=", ">=", "<>", "!=", "=>"))

FOREIGN = {
    "select": "An expression reads one person's events by itself: count('Order Completed') in place of a subquery.",
    "exists": "count('Order Completed') > 0 says whether there is one.",
    "interval": "Write a length as text: '30 days'.",
    "cast": "Nothing is bent to another kind: declare the kind in the tracking plan.",
    "over": "There are no window functions: a window is the last argument, count('Order Completed', '90 days').",
    "filter": "A filter is written where => inside the call.",
    "escape": "like knows % and _ only; contains() and starts_with() take any text.",
    "lambda": "There are no lambdas: a filter is written where => inside the call.",
    "union": "Conditions are joined by or.",
    "from": "An expression reads one person's events by itself.",
}


class _Dialect(Dialect):
    class Tokenizer(tokens.Tokenizer):
        KEYWORDS: ClassVar = {
            word: kind for word, kind in tokens.Tokenizer.KEYWORDS.items() if word.lower() in WORDS or word in _SIGNS
        }

    class Parser(parser.Parser):
        FUNCTIONS: ClassVar = {}
        FUNCTION_PARSERS: ClassVar = {}
        NO_PAREN_FUNCTIONS: ClassVar = {}
        # Of words that parse by themselves only CASE stays.
        NO_PAREN_FUNCTION_PARSERS: ClassVar = {"CASE": parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}


_DIALECT = _Dialect()


def parse(text: str) -> exp.Expression:
    """sqlglot's tree of one expression.

    Raises Mistake where the text is none, is too long or nested too deep, or is SQL from elsewhere.
    """
    # Counted before it is parsed: sqlglot goes down a level by calling itself, and Python's stack is finite.
    if not text.strip():
        raise Mistake("There is no expression.", "Write a condition such as orders('90 days') >= 3.")
    if len(text) > CHARACTERS:
        raise Mistake(f"The expression has {len(text):,} characters; it may have {CHARACTERS:,}.", _SPLIT)
    found = _tokens(text)
    _check_size(found)
    _check_signs(found)
    try:
        trees = _DIALECT.parser().parse(found, text)
    except SqlglotError as wrong:
        raise foreign_word(text) or _unreadable(wrong, found) from None
    except RecursionError:
        raise Mistake("The expression is nested too deep.", _SPLIT) from None
    tree = _only(trees)
    _check_depth(tree)
    return tree


def place(node: exp.Expression) -> int | None:
    """Where a node begins in the text; of one without a place of its own where its parts begin."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return min(starts) if starts else None


def words_of(node: exp.Expression, text: str) -> str:
    """The words that a node was read from, for errors; of a call only its name."""
    if isinstance(node, exp.Anonymous):
        return f"{node.name}(…)"
    spans = [part.meta for part in node.walk() if "start" in part.meta]
    if not spans:
        return shown(node.sql())
    words = text[min(one["start"] for one in spans) : max(one["end"] for one in spans) + 1]
    return words if words[:1] == "'" and len(words) < 60 else shown(words)


def foreign_word(text: str) -> Mistake | None:
    """What to write in place of the first word that belongs to other SQL, if there is one."""
    for token in _tokens(text):
        hint = FOREIGN.get(token.text.lower()) if token.token_type is TokenType.VAR else None
        if hint:
            return Mistake(f"{shown(token.text)} is no part of this language.", hint, token.start)
    return None


_SPLIT = "Give its parts names of their own, as traits or segments."
_OPEN = frozenset((TokenType.L_PAREN, TokenType.CASE, TokenType.NOT, TokenType.DASH))
_CLOSE = frozenset((TokenType.R_PAREN, TokenType.END))
_VALUES = frozenset((TokenType.VAR, TokenType.STRING, TokenType.NUMBER))
_CHAINS = (exp.And, exp.Or, exp.DPipe)
_PREFIX = frozenset((TokenType.NOT, TokenType.DASH))


def _tokens(text: str) -> list[Token]:
    try:
        found = _DIALECT.tokenize(text)
    except SqlglotError:
        raise Mistake(
            "A quote or comment is opened and never closed.", "Text stands in '…', a ' in it twice."
        ) from None
    for token, following in pairwise(found):
        # `then =>`, `for =>` and `in =>` name arguments; elsewhere they stay the words of SQL.
        if following.token_type is TokenType.FARROW:
            token.token_type = TokenType.VAR
    return list(found)


def _check_size(found: Sequence[Token]) -> None:
    if len(found) > TOKENS:
        raise Mistake(f"The expression has {len(found):,} words and signs; it may have {TOKENS:,}.", _SPLIT)
    depth = signs = 0
    for token in found:
        kind = token.token_type
        # `not not not` and `- - -` go down as deep as brackets do, and no bracket closes them.
        depth += (kind in _OPEN and kind not in _PREFIX) - (kind in _CLOSE)
        signs = signs + 1 if kind in _PREFIX else 0
        if depth + signs > NESTING:
            raise Mistake(f"The expression is nested deeper than {NESTING} levels.", _SPLIT, token.start)


def _check_depth(tree: exp.Expression) -> None:
    """Long sums are deep without a bracket; only chains of and, or and || are read link by link."""
    waiting: list[tuple[exp.Expression, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEPTH:
            raise Mistake(f"The expression is more than {DEPTH} operators deep.", _SPLIT, place(node))
        for part in node.iter_expressions():
            link = isinstance(node, _CHAINS) and type(part) is type(node)
            waiting.append((part, depth if link else depth + 1))


def _check_signs(found: Sequence[Token]) -> None:
    """What sqlglot reads over: a comma with nothing behind it, and a ; with more behind it."""
    for token, following in pairwise(found):
        if token.token_type is TokenType.COMMA and following.token_type in (TokenType.COMMA, TokenType.R_PAREN):
            raise Mistake("Nothing stands behind this comma.", at=token.start)
        if token.token_type is TokenType.SEMICOLON:
            raise Mistake("A definition is one expression, without ;.", "Give each its own name.", token.start)


def _unreadable(wrong: SqlglotError, found: Sequence[Token]) -> Mistake:
    first = (getattr(wrong, "errors", None) or [{}])[0]
    place = (first.get("line"), first.get("col"))
    # sqlglot tells line and column alone; the offset comes from our own token there.
    token = next((one for one in found if (one.line, one.col) == place), found[-1])
    open_brackets = sum((one.token_type is TokenType.L_PAREN) - (one.token_type is TokenType.R_PAREN) for one in found)
    if open_brackets < 0:
        return Mistake("A bracket is closed that was never opened.", at=token.start)
    if token is found[-1] and (open_brackets or token.token_type not in _VALUES):
        return Mistake("The expression ends too early, or a bracket is not closed.", at=token.start)
    return Mistake(
        f"{shown(token.text)} cannot stand here.", "Is an operator, a comma or a bracket missing?", token.start
    )


def _only(trees: Sequence[object]) -> exp.Expression:
    real = [tree for tree in trees if isinstance(tree, exp.Expression)]
    if len(real) != 1:
        raise Mistake("There is no expression.", "Write a condition such as orders('90 days') >= 3.")
    return real[0]
