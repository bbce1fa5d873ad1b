"""Which models the definitions in force ask for: nothing else declares one."""

from collections.abc import Sequence
from typing import NamedTuple

from tailorbird.errors import BadRequest
from tailorbird.know.language.program import load
from tailorbird.know.predict.question import Question, asked, question_of
from tailorbird.shell.in_force import program_body, read_in_force, seen_events
from tailorbird.shell.ports import Definitions, State


class Asking(NamedTuple):
    """A question, and the definitions that ask it."""

    question: Question
    by: list[str]


def asked_in(definitions: Definitions, state: State) -> list[Asking]:
    """The models that the definitions in force ask for, by their calls."""
    with state.snapshot() as snapshot:
        seen = seen_events(snapshot)
    program = load(program_body(read_in_force(definitions).bodies, seen))
    return [Asking(question_of(model), by) for model, by in asked(program).items()]


def asked_by_name(found: Sequence[Asking], name: str) -> Asking:
    """One of them by its name, its call, or a trait or segment that asks for it; BadRequest names the known ones."""
    for one in found:
        if name in (one.question.slug, one.question.model, *one.by):
            return one
    known = ", ".join(one.question.slug for one in found) or "none; write likely('Order Completed', '14 days')"
    raise BadRequest(f"No definition asks for a prediction {name!r}. Known: {known}.")
