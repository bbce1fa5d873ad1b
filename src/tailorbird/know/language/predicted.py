"""Builders of the functions that read predictions."""

from collections.abc import Callable

from tailorbird.know.language.call import Call
from tailorbird.know.language.dialect import place
from tailorbird.know.language.lengths import DAY, spell_length
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.prediction import said
from tailorbird.know.language.spell import quoted, spell
from tailorbird.know.language.tree import Expression

LONGEST = 365 * DAY


def _likely(call: Call) -> Expression:
    (events,) = call.events()
    # Spelled anew and not as it was written: two spellings of one call must name one model.
    arguments = [quoted(events.name), quoted(spell_length(_span(call)))]
    if events.where is not None:
        arguments.append(f"where => {spell(events.where)}")
    if events.each:
        arguments.append(f"each => {quoted(events.each)}")
    return said(f"likely({', '.join(arguments)})")


def _spanned(call: Call) -> Expression:
    """likely_to_leave and expected_value."""
    return said(f"{call.function.name}({quoted(spell_length(_span(call)))})")


def _next_category(call: Call) -> Expression:
    return said("next_category()", "text")


def _span(call: Call) -> int:
    """The span looked ahead: whole days, because people are scored once a day."""
    span = call.length("span")
    if span % DAY or not DAY <= span <= LONGEST:
        raise Mistake("A prediction looks 1 to 365 whole days ahead.", "Write '14 days'.", place(call.only("span")))
    return span


BUILDERS: dict[str, Callable[[Call], Expression]] = {
    "likely": _likely,
    "likely_to_leave": _spanned,
    "expected_value": _spanned,
    "next_category": _next_category,
}
