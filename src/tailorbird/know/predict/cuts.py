"""The past split in time: instants at which the model has to say what was then still to come.

            train      train      calibrate      test      the last day known
    --------|----------|----------|==============|=========|
                                  features before, outcome within the span behind

No outcome that one part learns from lies behind the start of the next: what is tested is always the future. Sampled at
random, rows of one person would stand on both sides, and figures would be too good.
"""

from typing import NamedTuple

MOST = 4  # instants that are trained on
APART_DAYS = 28  # at most, so that a long span still gives some
BEFORE_DAYS = 28  # of history before the first of them


class Cuts(NamedTuple):
    """Days since 1970; what is known of a cut is all that happened before that day began."""

    train: tuple[int, ...]  # oldest first
    calibrate: int
    test: int

    @property
    def days(self) -> tuple[int, ...]:
        return (*self.train, self.calibrate, self.test)


def cuts_of(first: int, end: int, span: int) -> Cuts | None:
    """The cuts of a history from day `first` up to the start of day `end`; None where it is too short.

    >>> cuts_of(0, 365, 14)
    Cuts(train=(281, 295, 309, 323), calibrate=337, test=351)
    >>> cuts_of(0, 365, 90).train, cuts_of(0, 100, 90)
    ((39, 67, 95), None)
    """
    test = end - span
    calibrate = test - span
    latest = calibrate - span
    step = min(span, APART_DAYS)
    train = [latest - back * step for back in range(MOST) if latest - back * step >= first + BEFORE_DAYS]
    return Cuts(tuple(reversed(train)), calibrate, test) if train else None


def days_needed(span: int) -> int:
    """How many days of history a model of this span needs.

    >>> days_needed(14)
    70
    """
    return 3 * span + BEFORE_DAYS
