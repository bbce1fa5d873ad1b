"""Questions to the lake about a predicate, asked in a thread and given up when nobody waits for the answer."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tailorbird.know.force import BASELINE, Spoken
from tailorbird.know.tables import META
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.segments.lately import name_of
from tailorbird.shell.patience import PREVIEW_S, at_most

if TYPE_CHECKING:
    from tailorbird.shell.audience import Audience

_decode = msgspec.msgpack.Decoder(Spoken).decode


class Answer(NamedTuple):
    """An audience, with masked names for the examples."""

    audience: "Audience"
    names: dict[bytes, str]


def ask_audience(desk: Desk, sql: str, name: str = "") -> tuple[Awaitable[Answer], Callable[[], None]]:
    """The answer to wait for, and what gives the question up. `name`: the segment that the predicate is, if it is one.

    The answer raises BadDefinition for what cannot be read, StateUnavailable where the lake cannot tell.
    """
    question = _Question(desk, sql, name)
    return asyncio.to_thread(question.ask), question.give_up


class _Question:
    """One question; its thread is known from the moment it runs."""

    def __init__(self, desk: Desk, sql: str, name: str) -> None:
        self._desk, self._sql, self._name = desk, sql, name
        self._thread: int | None = None

    def ask(self) -> Answer:
        # The compiler and DuckDB, when somebody asks.
        from tailorbird.shell.audience import preview
        from tailorbird.shell.trait_names import TraitNames

        # Known only now: a question waits for a free thread, and another one's must not be interrupted in its place.
        self._thread = threading.get_ident()
        desk, world = self._desk, self._desk.worlds.now()
        try:
            with at_most(desk.engines.lake, PREVIEW_S, "The preview"), desk.engines.state.snapshot() as snapshot:
                spoken = snapshot.get(META, BASELINE)
                baseline = _decode(spoken).body if spoken else None
                predicate = world.read(self._sql)
                found = preview(desk.engines.lake, snapshot, world.program, predicate,
                                now=desk.now, baseline=baseline, name=self._name)  # fmt: skip
                names = {one.person: name_of(snapshot, one.person) for one in found.examples}
            put = TraitNames(world.program).put
            examples = [replace(one, because=[put(reason) for reason in one.because]) for one in found.examples]
            return Answer(replace(found, examples=examples), names)
        finally:
            self._thread = None

    def give_up(self) -> None:
        # Of our lake; others run to their end.
        interrupt = getattr(self._desk.engines.lake, "interrupt", None)
        if interrupt is not None and self._thread is not None:
            interrupt(self._thread)
