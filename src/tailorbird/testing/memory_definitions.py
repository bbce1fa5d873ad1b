"""The definitions' twin in memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.shell.ports import Definition, DefinitionChange
from tailorbird.testing.clock import FixedClock


class MemoryDefinitions:
    """`tailorbird.shell.ports.Definitions` for tests and doctests.

    >>> definitions = MemoryDefinitions()
    >>> definitions.put("placement", "home", {"limit": 12}, author="anna").version
    1
    >>> definitions.get("placement", "home").body
    {'limit': 12}
    """

    def __init__(self, now: Callable[[], int] | None = None) -> None:
        self._now = now or FixedClock()
        self._versions: dict[tuple[str, str], list[Definition]] = {}
        self._changes = 0

    def get(self, kind: str, name: str) -> Definition | None:
        newest = self._newest(kind, name)
        return None if newest is None or newest.deleted else newest

    def all(self, kind: str) -> list[Definition]:
        newest = [versions[-1] for (k, _), versions in sorted(self._versions.items()) if k == kind]
        return [definition for definition in newest if not definition.deleted]

    def put(self, kind: str, name: str, body: Mapping[str, Any], author: str) -> Definition:
        try:
            plain = msgspec.json.decode(msgspec.json.encode(body))
        except (TypeError, ValueError) as error:
            raise BadDefinition(f"{kind} '{name}' cannot be stored: {error}. Use what JSON can say.") from error
        present = self.get(kind, name)
        return present if present is not None and present.body == plain else self._add(kind, name, plain, author)

    def delete(self, kind: str, name: str, author: str) -> bool:
        present = self.get(kind, name)
        if present is not None:
            self._add(kind, name, present.body, author, deleted=True)
        return present is not None

    def change(self, changes: Sequence[DefinitionChange], author: str, as_of: int | None = None) -> bool:
        if as_of is not None and as_of != self.version():
            return False
        before = {key: list(versions) for key, versions in self._versions.items()}, self._changes
        try:
            for kind, name, body in changes:
                self.delete(kind, name, author) if body is None else self.put(kind, name, body, author)
        except BadDefinition:
            self._versions, self._changes = before
            raise
        return True

    def history(self, kind: str, name: str) -> list[Definition]:
        return self._versions.get((kind, name), [])[::-1]

    def revert(self, kind: str, name: str, version: int, author: str) -> Definition:
        for old in self.history(kind, name):
            if old.version == version:
                return self.put(kind, name, old.body, author)
        raise BadDefinition(f"{kind} '{name}' has no version {version}; see its history for those it has.")

    def version(self) -> int:
        return self._changes

    def close(self) -> None:
        """Nothing to let go."""

    def _newest(self, kind: str, name: str) -> Definition | None:
        versions = self._versions.get((kind, name))
        return versions[-1] if versions else None

    def _add(self, kind: str, name: str, body: dict[str, Any], author: str, *, deleted: bool = False) -> Definition:
        versions = self._versions.setdefault((kind, name), [])
        definition = Definition(kind, name, len(versions) + 1, body, author, self._now(), deleted)
        versions.append(definition)
        self._changes += 1
        return definition
