"""The forms of a row: one for each function that can stand in a condition, in the words of somebody who asks.

What a function means is told by its page in docs/guide/language; here is only how its arguments are asked for.
"""

from typing import Literal, NamedTuple

from tailorbird.shell.console.builder.condition import Condition, Given, Kind, Test

Ask = Literal[
    "event", "events", "property", "each", "window", "length", "number", "text", "choice",
    "trait", "segment", "list", "purpose", "predicate",
]  # fmt: skip


class Field(NamedTuple):
    """One argument: asked for as `ask`, written by place, or as `keyword => ...`."""

    name: str
    ask: Ask
    words: str = ""  # what stands before it in the row
    keyword: str = ""
    default: Given | None = None
    needed: bool = True
    choices: tuple[str, ...] = ()
    shy: bool = False  # not shown until it is asked for


class Form(NamedTuple):
    """`kind` "value": as the property or trait that was chosen."""

    words: str
    section: str
    function: str
    fields: tuple[Field, ...]
    kind: Kind | Literal["value"] = "number"
    test: Test = Test(">=", (1,))
    filters: bool = False


_TRUE = Test("true")
_EVENT = Field("event", "event")
_SEVERAL = Field("steps", "events")
_WINDOW = Field("window", "window", "in the last", needed=False)
_UNTIL = Field("until", "window", "less than … ago", "until", needed=False, shy=True)
_IN = Field("in", "window", "in the last", "in", needed=False, shy=True)
_STEPS = Field("granularity", "window", "in steps of", "granularity", needed=False, shy=True)
_EACH = Field("each", "each", "for each of", "each", needed=False, shy=True)
_KEY = Field("key", "property", "with the same", "key", needed=False, shy=True)
_VALUE = Field("value", "property", "of")
_WITHIN = Field("within", "length", "within", "within", "1 hour")
_AFTER = Field("after", "length", "for", "after", "30 days")
_HALF_LIFE = Field("half_life", "length", "half-life", "half_life", needed=False, shy=True)
_OF = Field("of", "number", "of the last", "of", 4)
_EVERY = Field("every", "length", "times", "every", "7 days")
_TIMES = Field("times", "number", "in at least", default=3)
_LATELY = Field("window", "length", "in the last", default="30 days")
_BACK = Field("within", "length", "less than … ago", "within", "7 days")
_LEANING = (
    Field("of", "choice", default="category", choices=("category", "brand")),
    Field("value", "text"),
    _HALF_LIFE,
)
_PLACES = (Field("lat", "trait", "from"), Field("lon", "trait"), Field("lat0", "number", "to"), Field("lon0", "number"))
_DID, _WHEN, _ORDER, _WHO = "What they did", "When", "In order", "Who they are"
_AHEAD = "What is predicted"
_SOON, _LONG, _SEASON = (
    Field("span", "length", words, default=span)
    for words, span in (("within", "14 days"), ("for", "60 days"), ("within", "90 days"))
)
_HALF = Test(">=", (0.5,))


def _yes(words: str, section: str, function: str, *fields: Field, filters: bool = True) -> Form:
    return Form(words, section, function, fields, "boolean", _TRUE, filters)


def _over(words: str, function: str, test: Test, kind: Kind | Literal["value"] = "value") -> Form:
    return Form(words, _DID, function, (_EVENT, _VALUE, _WINDOW, _EACH, _STEPS), kind, test, True)


def _since(words: str, function: str, usual: int) -> Form:
    return Form(words, _WHEN, function, (_EVENT, _EACH), test=Test(">=", (usual,)), filters=True)


_KNOWN = Test("known")
_THEN = Field("then", "event", "but no", "then")
_IS_SO_FOR = Field("for", "length", "for", "for", "7 days")
_ONE_BY_ONE = (_SEVERAL, _WITHIN, _KEY, _IN, _EACH, _STEPS)
_LAST_AT = (_EVENT, _WINDOW, _EACH, _STEPS)
_GAP = Field("after", "length", "after", "after", "30 days")

FORMS: dict[str, Form] = {
    "count": Form("Did, how often", _DID, "count", (_EVENT, _WINDOW, _EACH, _STEPS), filters=True),
    "orders": Form("Number of orders", _DID, "orders", (_WINDOW, _EACH, _STEPS), filters=True),
    "sum": _over("Sum", "sum", Test(">=", (100,)), "number"),
    "avg": _over("Average", "avg", Test(">=", (10,)), "number"),
    "min": _over("Smallest", "min", Test(">=", (10,))),
    "max": _over("Largest", "max", Test(">=", (10,))),
    "first": _over("First value", "first", _KNOWN),
    "last": _over("Last value", "last", _KNOWN),
    "most_frequent": _over("Most frequent", "most_frequent", _KNOWN),
    "distinct": _over("How many different", "distinct", Test(">=", (3,)), "number"),
    "first_time": _yes("First time ever", _DID, "first_time", _EVENT, _LATELY, _EACH, _STEPS),
    "days_since": _since("Days since", "days_since", 30),
    "hours_since": _since("Hours since", "hours_since", 24),
    "minutes_since": _since("Minutes since", "minutes_since", 30),
    "recency": Form("Recency (1 now, falls to 0)", _WHEN, "recency", (_EVENT, _HALF_LIFE, _EACH),
                    test=Test(">=", (0.5,)), filters=True),
    "first_at": Form("First time of", _WHEN, "first_at", (_EVENT, _EACH), "time", Test("older", (365,)), True),
    "last_at": Form("Last time of", _WHEN, "last_at", _LAST_AT, "time", Test("older", (30,)), True),
    "stopped": _yes("Stopped", _WHEN, "stopped", _EVENT, _AFTER, _EACH),
    "restarted": _yes("Came back to", _WHEN, "restarted", _EVENT, _GAP, _BACK, _EACH),
    "regular": _yes("Regularly", _WHEN, "regular", _EVENT, _TIMES, _OF, _EVERY, _EACH),
    "periods": Form("In how many periods", _WHEN, "periods", (_EVENT, _OF, _EVERY, _EACH), filters=True),
    "sequence": _yes("One after the other", _ORDER, "sequence", *_ONE_BY_ONE),
    "sequences": Form("One after the other, how often", _ORDER, "sequences", _ONE_BY_ONE, filters=True),
    "absent": _yes("Did, but then did not", _ORDER, "absent", _EVENT, _THEN, _WITHIN, _KEY, _UNTIL, _EACH),
    "held": _yes("Has been so for", _ORDER, "held", Field("predicate", "predicate"), _IS_SO_FOR, _STEPS, filters=False),
    "trait": Form("Trait", _WHO, "", (Field("trait", "trait"),), "value", _KNOWN),
    "segment": _yes("In segment", _WHO, "segment", Field("segment", "segment"), filters=False),
    "in_list": _yes("On list", _WHO, "in_list", Field("list", "list"), filters=False),
    "consent": _yes("Allows", _WHO, "consent", Field("purpose", "purpose"), filters=False),
    "affinity": Form("Leans to (0.5: as everyone)", _WHO, "affinity", _LEANING, test=Test(">", (0.5,))),
    "distance": Form("Distance in km", _WHO, "distance", _PLACES, test=Test("<=", (10,))),
    "likely": Form("Chance that they will do", _AHEAD, "likely", (_EVENT, _SOON, _EACH), test=_HALF, filters=True),
    "likely_to_leave": Form("Chance that they stay away", _AHEAD, "likely_to_leave", (_LONG,), test=_HALF),
    "expected_value": Form("Revenue to expect", _AHEAD, "expected_value", (_SEASON,), test=Test(">=", (100,))),
    "next_category": Form("Category of their next order", _AHEAD, "next_category", (), "text", _KNOWN),
    "random_bucket": Form("Random bucket (0 to 100)", _WHO, "random_bucket", (Field("salt", "text", default="a"),),
                          test=Test("<", (10,))),
}  # fmt: skip


def blank(form: str) -> Condition:
    """A new row of this form, filled in as far as there is something usual.

    >>> blank("orders").test
    Test(operator='>=', values=(1,))
    """
    fields = FORMS[form].fields
    given = {field.name: field.default for field in fields if field.default is not None}
    return Condition(form, given, (), FORMS[form].test)


def missing(condition: Condition) -> str:
    """What has to be filled in before the row says anything; empty where nothing has.

    >>> missing(blank("count")), missing(blank("orders"))
    ('event', '')
    """
    for field in FORMS[condition.form].fields:
        given = condition.given.get(field.name)
        if field.needed and (given in (None, "", ()) or (field.ask == "events" and len(_several(given)) < 2)):
            return field.words if field.ask == "number" and field.words else field.ask
    return ""


def _several(given: Given | None) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()
