"""All segments of a site at work: one generated function per event name, and what calls it."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tailorbird.know.language.tree import Program, Value
from tailorbird.know.segment.move import Cause, Move
from tailorbird.know.segment.standing import Standing

Baseline = Mapping[str, Mapping[str, float]]  # "category" | "brand" -> value -> share of everyone


class Act(Protocol):
    """What a statistic may look at of an event; `Live.read` decodes just that much of one."""

    @property
    def type(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def received_at(self) -> int: ...
    @property
    def plain_properties(self) -> Mapping[str, Any]: ...
    @property
    def plain_context(self) -> Mapping[str, Any]: ...
    @property
    def plain_traits(self) -> Mapping[str, Any]: ...
    @property
    def consent(self) -> Mapping[str, bool]: ...


class Live:
    """A compiled program. It keeps nothing of anybody: all that it knows of a person is in their standing."""

    key: bytes  # of statistics and expressions; standings of another key are to be refolded
    source: str  # the generated Python, for `--explain`
    baseline: int  # version of the baseline that segments are evaluated with

    def new(self) -> Standing:
        """The standing of somebody of whom nothing is known."""
        raise NotImplementedError

    def decode(self, value: bytes) -> Standing | None:
        """A standing with its slots; None where they are of another program. Raises Corrupt on foreign bytes."""
        raise NotImplementedError

    def read(self, payload: bytes) -> Act:
        """An encoded event, decoded as far as this program looks at it."""
        raise NotImplementedError

    def apply(self, standing: Standing, person: bytes, act: Act, offset: int, moves: list[Move]) -> bool:
        """Count one event: first what fell due by then, then the event, then only the segments that it can change.

        False, with the standing in an unknown state: the event came too late to be counted in its turn; `refold`.
        """
        raise NotImplementedError

    def advance(self, standing: Standing, person: bytes, to: int, moves: list[Move], offset: int = 0) -> None:
        """Let time pass until `to`: each due edge at its own instant."""
        raise NotImplementedError

    def refold(
        self, standing: Standing, person: bytes, acts: Iterable[Act], to: int, cause: Cause, moves: list[Move]
    ) -> Standing:
        """A new standing as of max(to, standing.at) from all events of the person, in order of (at, offset).

        `standing` (of any program, or `Live.new()`) says who was in which segment until now: moves are the difference.
        """
        raise NotImplementedError

    def merge(self, standing: Standing, other: Standing, person: bytes, cause: Cause, moves: list[Move]) -> bool:
        """Take all of `other`, of a person found to be the same, into `standing`; False: `refold` instead.

        Members of either are members before the segments are evaluated anew, with the earlier since.
        """
        raise NotImplementedError

    def rebase(self, standing: Standing, person: bytes, at: int, cause: Cause, moves: list[Move]) -> None:
        """Evaluate all segments at `at`: the baseline is another one."""
        raise NotImplementedError

    def values(self, standing: Standing, person: bytes, now: int) -> dict[str, Value]:
        """All traits at `now` (not before `standing.at`)."""
        raise NotImplementedError

    def why(self, standing: Standing, person: bytes, segment: str, now: int) -> list[str]:
        """What is true of the person that makes them a member, with present values."""
        raise NotImplementedError

    def approximate(self, standing: Standing) -> list[str]:
        """Traits and segments that lean on a statistic which passed its cap."""
        raise NotImplementedError


def compile_live(program: Program, baseline: Baseline | None = None, version: int = 0) -> Live:
    """The program at work; equal programs share what is generated."""
    raise NotImplementedError
