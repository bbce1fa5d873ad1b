"""Law 4 at work: one site with both engines and the oracle beside them, and where the three differ.

site = Site(folder)                  a real fold and worker in memory, a real lake of Parquet files
site.define(drawn, at)               definitions, and later others, come into force through the log
site.hear(*events), site.tick(at)    events and time, through the log too
site.differences(now)                every person, segment and trait for which live, batch and slow are not equal
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from typing import Any

from tailorbird.events import Event, Signal, SignalKind, encode_record
from tailorbird.flow import Fold
from tailorbird.know.language.program import load
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Program, Value
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.tables import NODE, STANDING
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.history import ask
from tailorbird.shell.run import Worker, unsealer
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.drawn_definitions import Drawn
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy
from tailorbird.testing.histories import OneKey
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState
from tailorbird.testing.slow_segments import Baseline, evaluate, view_of

SCHEMA = schema_of(plan(), policy(), UNDECLARED)
Answers = dict[bytes, dict[str, Value]]  # person -> name of a segment or trait -> what holds


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer on which the three do not agree."""

    name: str
    text: str
    person: bytes
    now: int
    live: Value
    batch: Value
    slow: Value


class Site:
    """One site, from log to lake, with everything that it was ever told.

    `read` makes the program of a `definitions` signal's body, as the worker does; tests of parts hand in trees.
    """

    def __init__(self, folder: Path, read: Callable[[Mapping[str, Any]], Program] = load) -> None:
        self.log, self.state = MemoryLog(), MemoryState()
        self.lake = ParquetLake(folder)
        self.read = read
        self.program = Program()
        self.baseline: Baseline = {}
        self.versions = 0
        self.cases = self.doubted = 0  # answers compared, and those that rounding may turn
        self.restart()

    def restart(self) -> None:
        """A new worker, which knows nothing but what log and state say."""
        self.worker = Worker(self.log, self.state, OneKey(), policy(), self.lake.sealed)
        # A fold of our own, whose programs are read as this site wants: parts of definitions come as trees, not as
        # text.
        self.worker.fold = Fold(unsealer(OneKey()), policy(), self.compile)

    def compile(self, definitions: Mapping[str, Any], baseline: Mapping[str, Any], version: int) -> Live | None:
        return compile_live(self.read(definitions), baseline, version) if definitions else None

    # -- what it is told

    def define(self, drawn: Drawn, at: int) -> None:
        body = {"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA.plain()}
        self.program = self.read(body)
        self.signal("definitions", at, body)

    def weigh(self, baseline: Baseline, at: int) -> None:
        self.baseline = baseline
        self.signal("baseline", at, baseline)

    def tick(self, at: int) -> None:
        self.log.append([encode_record(Signal("tick", at, 0))])

    def signal(self, kind: SignalKind, at: int, body: Mapping[str, Any]) -> None:
        self.versions += 1
        self.log.append([encode_record(Signal(kind, at, self.versions, dict(body)))])

    def hear(self, *events: Event) -> None:
        if events:
            self.log.append([encode_record(event) for event in events])

    def settle(self, batch_bytes: int = 20_000) -> None:
        """Fold all that the log holds, in small batches, and let everything that fell due happen."""
        while self.worker.offset < self.log.end():
            self.worker.take(self.log.read(self.worker.offset, batch_bytes))
        self.worker.finish()

    # -- what it answers

    def differences(self, now: int) -> list[Difference]:
        """Bring everybody to `now`, and ask all three."""
        self.tick(now)
        self.settle()
        while self.lake.sealed() < self.worker.offset:
            seal_once(self.log, self.state, self.lake)
        live, batch = self.live(now), self.batch(now)
        return list(self.compared(live, batch, now))

    def compared(self, live: Answers, batch: Answers, now: int) -> Iterator[Difference]:
        named = [*self.program.traits, *self.program.segments]
        for person, events in self.people().items():
            view = view_of(self.program, person, events, now, self.baseline)
            for definition in named:
                asked = replace(view, doubts=[])
                slow = evaluate(definition.expression, asked)
                # Only TRUE makes a member; the value of a trait may well be NULL.
                slow = slow is True if definition in self.program.segments else slow
                said = (live.get(person, {}).get(definition.name), batch.get(person, {}).get(definition.name))
                self.cases += 1
                # Rounding alone may turn it: counted, so that a test sees when too much is left out.
                if asked.doubts:
                    self.doubted += 1
                elif not all(same(slow, one) for one in said):
                    yield Difference(definition.name, definition.text, person, now, *said, slow)

    def people(self) -> dict[bytes, list[Event]]:
        """Everybody's events, out of the lake."""
        with self.state.snapshot() as snapshot:
            persons = {node[1:]: person for node, person in snapshot.scan(NODE)}
        people: dict[bytes, list[Event]] = {}
        for records in self.lake.read():
            for _, record in records:
                if isinstance(record, Event):
                    people.setdefault(persons[record.leaf], []).append(record)
        return people

    def live(self, now: int) -> Answers:
        """What the worker's state says."""
        live, answers = self.worker.fold.force.live, Answers()
        assert live is not None, "definitions are in force"
        with self.state.snapshot() as snapshot:
            for person, value in snapshot.scan(STANDING):
                standing = live.decode(value)
                assert standing is not None, "everybody has met the latest definitions"
                segments = {one.name: one.name in standing.members for one in self.program.segments}
                answers[person] = {**live.values(standing, person, now), **segments}
        return answers

    def batch(self, now: int) -> Answers:
        """What DuckDB says over the lake, in one query."""
        rows = ask(self.lake, self.program, now=now, baseline=self.baseline)
        return {row["person"]: {_named(column): value for column, value in row.items()} for row in rows}

    def close(self) -> None:
        self.lake.close()


def _named(column: str) -> str:
    """A segment or trait, from its column."""
    return column.partition("_")[2]


def same(one: Value, other: Value) -> bool:
    """Whether two answers are equal; floats to a billionth, and 1 is no True.

    >>> same(0.1 + 0.2, 0.3), same(1, True), same(None, 0), same(1, 1.0)
    (True, False, False, True)
    """
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other
