"""Which predictions are worth saying: those that moved by more than a step, and those whose last word gets old.

So the log does not fill with what is known, and what a definition reads is never further than a step from the model.
"""

from typing import NamedTuple

from tailorbird.know.language.prediction import FRESH

STEP = 0.02  # of a chance
AGAIN = FRESH // 2  # a word this old is said again, long before it counts as none
_PART = 0.05  # of an amount


class Word(NamedTuple):
    """What was said of one person: at which instant (ms), and what."""

    at: int
    value: float
    label: str = ""


def is_news(value: float, label: str, last: Word | None, now: int, least: float = STEP) -> bool:
    """Whether to say it, after `last`.

    >>> is_news(0.31, "", Word(0, 0.30), now=1), is_news(0.33, "", Word(0, 0.30), now=1)
    (False, True)
    >>> is_news(0.31, "tea", Word(0, 0.30, "milk"), now=1), is_news(0.30, "", Word(0, 0.30), now=AGAIN)
    (True, True)
    """
    if last is None or now - last.at >= AGAIN or label != last.label:
        return True
    return abs(value - last.value) > least + 1e-9


def step_of_amount(amount: float, usual: float) -> float:
    """The step of an amount: a twentieth of it, or a hundredth of what is usual where that is more.

    >>> step_of_amount(100.0, 50.0), step_of_amount(0.0, 50.0)
    (5.0, 0.5)
    """
    return max(_PART * abs(amount), 0.01 * usual)
