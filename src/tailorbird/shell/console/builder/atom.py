"""One condition of a predicate read as a row: a known function or a trait, and what is asked of it."""

from dataclasses import replace

from tailorbird.shell.console.builder.condition import Condition, Filter, Given, Test
from tailorbird.shell.console.builder.forms import FORMS, Field, Form, missing
from tailorbird.shell.console.builder.question import asked_of, literal_of, text_of
from tailorbird.shell.console.builder.tokens import Token, split
from tailorbird.shell.console.builder.writing import RESERVED

_BY_FUNCTION = {form.function: key for key, form in FORMS.items() if form.function}
_EXPRESSIONS = ("property", "predicate", "trait")
_TEXTS = ("event", "window", "length", "text", "choice", "segment", "list", "purpose", "each", "property")


def condition_of(found: list[Token], text: str) -> Condition | None:
    """The row that says the same; None where no form fits.

    >>> from tailorbird.shell.console.builder.tokens import tokens
    >>> condition_of(tokens("tier = 'gold'"), "").test
    Test(operator='=', values=('gold',))
    """
    for left, test in asked_of(found):
        condition = _call(left, text)
        if condition is not None:
            return replace(condition, test=test)
    return None


def _call(left: list[Token], text: str) -> Condition | None:
    if len(left) == 1 and left[0].sort == "word" and left[0].key not in RESERVED:
        return Condition("trait", {"trait": left[0].text})
    key = _BY_FUNCTION.get(left[0].key) if left else None
    if key is None or len(left) < 3 or left[1].key != "(":
        return None
    # A call without arguments has three tokens: name and parentheses.
    arguments = split(left[2:-1], ",") if len(left) > 3 else []
    if left[0].key.endswith("_since") and arguments and len(arguments) == 1 and arguments[0][0].key == "last_at":
        # days_since(last_at(E, where => ...)) is days_since(E, where => ...), said at length.
        arguments = split(arguments[0][2:-1], ",")
    return None if arguments is None else _filled(key, FORMS[key], arguments, text)


def _filled(key: str, form: Form, arguments: list[list[Token]], text: str) -> Condition | None:
    places = [field for field in form.fields if not field.keyword]
    by_keyword = {field.keyword: field for field in form.fields if field.keyword}
    given: dict[str, Given] = {}
    filters: tuple[Filter, ...] | None = ()
    either = False
    positional = [argument for argument in arguments if not _keyword(argument)]
    if not _by_place(places, positional, given, text):
        return None
    for argument in (argument for argument in arguments if _keyword(argument)):
        keyword, value = argument[0].key, argument[2:]
        if keyword == "where" and form.filters:
            either = len(split(value, "or") or ()) > 1
            filters = _filters(value, "or" if either else "and")
        elif keyword not in by_keyword or not _give(by_keyword[keyword], value, given, text):
            return None
    row = Condition(key, given, filters or (), either=either)
    # A row that lacks something would be left out of the SQL that it writes, so it must not stand for text.
    return None if filters is None or missing(row) else row


def _by_place(places: list[Field], arguments: list[list[Token]], given: dict[str, Given], text: str) -> bool:
    if places and places[0].ask == "events":
        steps = [literal_of(argument) for argument in arguments]
        given[places[0].name] = tuple(str(step) for step in steps)
        return all(isinstance(step, str) for step in steps)
    if len(arguments) > len(places):
        return False
    return all(_give(field, argument, given, text) for field, argument in zip(places, arguments, strict=False))


def _keyword(argument: list[Token]) -> bool:
    return len(argument) > 2 and argument[0].sort == "word" and argument[1].key == "=>"


def _give(field: Field, value: list[Token], given: dict[str, Given], text: str) -> bool:
    """Fill in one field; False where what stands there does not fit it."""
    if not value:
        return False
    literal = literal_of(value)
    if literal is None and field.ask in _EXPRESSIONS:
        given[field.name] = text[value[0].start : value[-1].end]
        return True
    fits = field.ask in _TEXTS if isinstance(literal, str) else field.ask == "number" and not isinstance(literal, bool)
    if literal is not None and fits:
        given[field.name] = literal
    return literal is not None and fits


def _filters(value: list[Token], joined: str) -> tuple[Filter, ...] | None:
    """`where` as conditions on properties, joined by one word; None where it says more than that."""
    found = []
    for part in split(value, joined) or [[]]:
        one = next((_filter(left, test) for left, test in asked_of(part) if len(left) == 1), None)
        if one is None:
            return None
        found.append(one)
    return tuple(found)


def _filter(left: list[Token], test: Test) -> Filter | None:
    if left[0].sort == "quoted":
        return Filter(text_of(left[0]), test)
    return Filter(left[0].text, test) if left[0].sort == "word" and left[0].key not in RESERVED else None
