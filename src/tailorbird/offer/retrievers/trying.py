"""Trying settings one after the other until the time for it is over."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar, runtime_checkable

from tailorbird.errors import TailorbirdError

Option = TypeVar("Option")


class Spent(TailorbirdError):
    """Raised by a judge whose time is over: the best of what was tried so far is the answer."""


@runtime_checkable
class Hurried(Protocol):
    """A judge who may be asked whether there is any use in coming with something more."""

    def in_time(self) -> None:
        """Raises Spent where its time is over."""
        ...


def in_time(judge: object) -> None:
    """Raises Spent if this judge has no time any more: what takes long to make need not be made."""
    if isinstance(judge, Hurried):
        judge.in_time()


def best_of(options: Iterable[Option], quality: Callable[[Option], float]) -> Option:
    """The option with the highest quality, the earlier one of equals; options after Spent are not tried.

    Put the default first: it is the answer where there was time for nothing.

    >>> best_of([1, 5, 3], lambda option: -abs(option - 4))
    5
    """
    best, highest = None, -float("inf")
    for option in options:
        if best is None:
            best = option
        try:
            found = quality(option)
        except Spent:
            break
        if found > highest:
            best, highest = option, found
    if best is None:
        raise ValueError("Nothing to choose from: give at least one option.")
    return best
