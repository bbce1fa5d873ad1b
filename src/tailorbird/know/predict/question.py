"""What a model is asked: its outcome and the people it is about, in the language of definitions.

A model is named by the call that reads it. Its outcome is an expression too, asked at the end of the span: as `count`
takes the arguments of `likely`, `likely(X)` is right where `count(X) > 0` is true a span later.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from sqlglot import exp

from tailorbird.errors import BadDefinition
from tailorbird.events import DAY_MS
from tailorbird.know.language.dialect import parse
from tailorbird.know.language.lengths import read_length
from tailorbird.know.language.prediction import Function, function_of, model_of
from tailorbird.know.language.tree import Program
from tailorbird.know.language.walk import nodes

# Who was not here for so long is not scored: there is nothing to go by, and they would fill the log.
ACTIVE_DAYS = 180
NEXT_ORDER_DAYS = 30  # a next order that is further away is none
_SEEN = "count('session', '{days} days') > 0"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is predicted of everyone who fits `about`."""

    model: str  # the call: "likely('Order Completed', '14 days')"
    function: Function
    days: int  # of the span
    outcome: str  # an expression, true or a number at the end of the span; "" for next_category
    about: str  # a predicate at the start of the span
    event: str = "Order Completed"  # whose history is looked at most closely
    narrowed: str = ""  # ", where => …, each => …": what `event` is narrowed by

    @property
    def slug(self) -> str:
        """Its name in paths and commands.

        >>> question_of("likely('Order Completed', '14 days')").slug, question_of("next_category()").slug
        ('likely_order_completed_14_days', 'next_category')
        """
        slug = re.sub(r"[^a-z0-9]+", "_", self.model.lower()).strip("_")
        plain = re.fullmatch(r"[a-z_]+\((('([A-Z][a-z0-9]*)( [A-Z][a-z0-9]*)*', )?'\d+ days?')?\)", self.model)
        # Two models must not share a folder: only where the slug says all of it does it stand alone.
        return slug if plain and len(slug) <= 60 else f"{slug[:50]}_{sha256(self.model.encode()).hexdigest()[:6]}"


def question_of(model: str) -> Question:
    """The question of a model.

    >>> question_of("likely('Order Completed', '14 days')").outcome
    "count('Order Completed', '14 days') > 0"

    Raises BadDefinition for text that is no such call.
    """
    function, arguments = function_of(model), model.partition("(")[2].removesuffix(")")
    texts = _texts(model)
    seen = _SEEN.format(days=ACTIVE_DAYS)
    if function == "likely" and len(texts) >= 2:
        narrowed = arguments[len(_quoted(texts[0])) + len(_quoted(texts[1])) + 2 :]
        days = _days(texts[1])
        return Question(model, function, days, f"count({arguments}) > 0", seen, texts[0], narrowed)
    if function == "likely_to_leave" and texts:
        days = _days(texts[0])
        return Question(model, function, days, f"count('session', {arguments}) = 0", _SEEN.format(days=days), "session")
    if function == "expected_value" and texts:
        outcome = f"coalesce(sum('Order Completed', 'revenue', {arguments}), 0)"
        return Question(model, function, _days(texts[0]), outcome, seen)
    if function == "next_category":
        return Question(model, function, NEXT_ORDER_DAYS, "", seen)
    raise BadDefinition(f"{model[:80]!r} names no model. Write likely('Order Completed', '14 days').")


def asked(program: Program) -> dict[str, list[str]]:
    """The models that definitions ask for, by name, each with the definitions that do."""
    found: dict[str, list[str]] = {}
    for one in (*program.traits, *program.segments):
        for model in sorted({name for node in nodes(one.expression) if (name := model_of(node))}):
            found.setdefault(model, []).append(one.name)
    return dict(sorted(found.items()))


def _texts(model: str) -> list[str]:
    try:
        call = parse(model)
    except BadDefinition:
        return []
    return [str(one.this) for one in call.expressions if isinstance(one, exp.Literal) and one.is_string]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _days(text: str) -> int:
    return read_length(text) // DAY_MS
