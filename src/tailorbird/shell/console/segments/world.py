"""All definitions in force as the builder needs them: read, with the names that rows may choose from."""

import threading
from typing import Any, NamedTuple

from tailorbird.errors import TailorbirdError
from tailorbird.know.language.program import load, read_condition
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.tree import Expression, Program
from tailorbird.shell.console.builder.choices import Choices
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import InForce, program_body, read_in_force, seen_events
from tailorbird.shell.lists import on_lists

_USUAL = 300  # values of one property that are offered


class World(NamedTuple):
    """Traits and segments of one version of the store. `trouble`: what keeps them from being read."""

    version: int
    schema: Schema
    program: Program
    choices: Choices
    trouble: str = ""

    def read(self, text: str) -> Expression:
        """The predicate, read; raises BadDefinition with its place."""
        return read_condition(text, self.schema, self.program)


class Worlds:
    """The latest world, read again when a definition changed."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._lock = threading.Lock()
        self._latest: World | None = None

    def now(self) -> World:
        """A thread's work: some ms a definition when one changed, next to nothing otherwise."""
        with self._lock:
            version = self._engines.definitions.version()
            if self._latest is None or self._latest.version != version:
                self._latest = _world(self._engines, read_in_force(self._engines.definitions))
            return self._latest


def _world(engines: Engines, found: InForce) -> World:
    with engines.state.snapshot() as snapshot:
        body = program_body(found.bodies, seen_events(snapshot))
    schema = Schema.of(body["schema"])
    try:
        program, trouble = load(body), ""
    except TailorbirdError as error:
        # The builder still opens: it is where the definition can be mended.
        program, trouble = Program(), str(error)
    return World(found.version, schema, program, _choices(engines, schema, program), trouble)


def _choices(engines: Engines, schema: Schema, program: Program) -> Choices:
    computed: dict[str, Any] = {one.name: one.expression.kind for one in program.traits}
    segments = [one.name for one in program.segments]
    categories = [name for name, _ in engines.catalogue.categories()[:_USUAL]]
    lists = [row["list"] for row in on_lists(engines.lake)]
    return Choices(schema, computed, sorted(segments), lists, {"category": categories})
