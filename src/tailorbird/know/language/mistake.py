"""What is wrong with a definition, where, and what to write instead."""

from collections.abc import Iterable
from difflib import get_close_matches

from tailorbird.errors import BadDefinition

SHOWN = 12  # known names an error lists before it only counts them


class Mistake(BadDefinition):
    """A text that is no expression of the language: the problem with its value, the place, the next step.

    `definition`, `line` and `column` (both from 1) are filled in by those who know them: the function that meets a
    wrong name knows neither the text around it nor whose definition it reads.

    >>> wrong = Mistake("'ordrs' is no function.", "Did you mean 'orders'?", at=4)
    >>> wrong.stand_in("1 +\\nordrs()")
    >>> wrong.definition = "Segment 'vip'"
    >>> print(wrong)
    Segment 'vip', line 2, column 1: 'ordrs' is no function. Did you mean 'orders'?
    """

    def __init__(self, problem: str, hint: str = "", at: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.at = at  # offset in the text; None: all of it
        self.definition = ""
        self.line = self.column = 0

    def stand_in(self, text: str) -> None:
        """Turn the offset into line and column, unless an inner text did: a trait's mistake lies in the trait."""
        # Once: a mistake in a trait keeps its own place when the segment that names it is read.
        if self.at is not None and not self.line:
            before = text[: self.at]
            self.line = before.count("\n") + 1
            self.column = self.at - (before.rfind("\n") + 1) + 1

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.line else ""
        head = ", ".join(part for part in (self.definition, place) if part)
        return " ".join(part for part in (head and f"{head}:", self.problem, self.hint) if part)


def instead(name: str, known: Iterable[str]) -> str:
    """The next step after an unknown name: the nearest known one, or all there are.

    >>> instead("revnue", ["revenue", "total"])
    "Did you mean 'revenue'? Known: revenue, total."
    >>> instead("x", [])
    'None is known.'
    """
    names = sorted(set(known))
    if not names:
        return "None is known."
    # In small letters: a wrong case alone must not hide the name that was meant.
    lower = {one.lower(): one for one in names}
    near = get_close_matches(name.lower(), lower, n=1)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    listed = f"Known: {', '.join(names[:SHOWN])}{more}."
    return f"Did you mean '{lower[near[0]]}'? {listed}" if near else listed


def shown(value: object) -> str:
    """A value as an error quotes it: in single quotes, cut where it grows long.

    >>> shown("a" * 100)[-4:]
    "aa…'"
    """
    text = str(value)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"
