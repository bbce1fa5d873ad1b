"""Telling the log that definitions changed: what the store has, once it can be read, as one signal.

The fold never looks at the store. So a definition is in force from its signal on, at that place in the log and for
ever. Definitions that cannot be read never get there: the last good ones stay in force.
"""

from collections.abc import Callable, Iterable
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.events import Signal, encode_record
from tailorbird.know.force import Compile, compiled
from tailorbird.shell.in_force import Bodies, program_body, read_in_force, seen_events
from tailorbird.shell.ports import Definitions, Log, State


class Signaller:
    """Compares the store with what the fold works by, whenever the store's version has changed."""

    def __init__(
        self, definitions: Definitions, log: Log, state: State, now: Callable[[], int], compile: Compile = compiled
    ) -> None:
        self.refused = ""  # why the store's definitions are not in force
        self._definitions, self._log, self._state = definitions, log, state
        self._now, self._compile = now, compile
        self._version = -1
        self._told: dict[str, Any] | None = None  # by the latest signal of this process

    def look(self, in_force: dict[str, Any]) -> bool:
        """Append a signal if the store has something else than `in_force`; whether it did. Cheap if nothing changed.

        Raises BadDefinition, once a version, for definitions that cannot be read.
        """
        if self._definitions.version() == self._version:
            return False
        found = read_in_force(self._definitions)
        self.refused = ""
        try:
            body = self._body(found.bodies)
            told = body != (in_force if self._told is None else self._told)
            if told:
                # Compiled and thrown away: what the fold could not compile must not stand in the log for ever.
                self._compile(body, {}, 0)
                self._log.append([encode_record(Signal("definitions", self._now(), found.version, body))])
        except BadDefinition as error:
            self._version, self.refused = found.version, str(error)
            raise
        # Only now: after a log that was full the same version is tried again.
        self._version, self._told = found.version, body
        return told

    def _body(self, bodies: Bodies) -> dict[str, Any]:
        # A site without definitions says nothing, and never loads the language.
        if not (bodies["trait"] or bodies["segment"]):
            return {}
        with self._state.snapshot() as snapshot:
            seen = seen_events(snapshot)
        return program_body(bodies, sorted(_named(seen, bodies)))


def _named(seen: Iterable[str], bodies: Bodies) -> list[str]:
    """The events that some definition may name: others would change the signal whenever a new name comes."""
    texts = "\n".join(str(body.get("sql", "")) for kind in ("trait", "segment") for body in bodies[kind].values())
    # A quote stands twice in a text of SQL.
    return [name for name in seen if name.replace("'", "''") in texts]
