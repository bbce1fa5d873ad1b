"""What a site declares, compared with what is in force, checked against it, and applied in one step.

A file that is not there leaves its definitions alone; a definition that is gone from its file is deleted. What was made
in the console or over the API stands in no file: it stays, unless `prune` says that the files are all there is.
"""

from collections.abc import Iterable
from difflib import unified_diff
from typing import NamedTuple

from tailorbird.errors import BadDefinition
from tailorbird.shell.expressions import check
from tailorbird.shell.in_force import Bodies, read_in_force
from tailorbird.shell.ports import Definition, Definitions
from tailorbird.shell.site_files import Body, Site, file_of, read_site

__all__ = [
    "Body",
    "Change",
    "Site",
    "apply",
    "apply_checked",
    "change_one",
    "check_changes",
    "compare",
    "kept",
    "read_site",
    "revert",
]

_BY_HAND = ("api:", "console", "cluster")  # authors of what stands in no file


class Change(NamedTuple):
    """One definition that will change. `after` None: it goes."""

    kind: str
    name: str
    before: Body | None
    after: Body | None

    @property
    def verb(self) -> str:
        return "add" if self.before is None else "remove" if self.after is None else "change"

    def diff(self) -> list[str]:
        """The lines that go and come, as in `diff -u`.

        >>> Change("placement", "home", {"limit": 8}, {"limit": 9}).diff()
        ['-limit: 8', '+limit: 9']
        """
        lines = unified_diff(_lines(self.before), _lines(self.after), lineterm="", n=2)
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def compare(definitions: Definitions, site: Site, *, prune: bool = False) -> list[Change]:
    """What applying `site` would change, by kind and name."""
    changes = []
    for kind, bodies in site.items():
        present = {one.name: one for one in definitions.all(kind)}
        for name in sorted({*present, *bodies}):
            before, after = present.get(name), bodies.get(name)
            if before is not None and after is None and _by_hand(before) and not prune:
                continue
            body = before.body if before is not None else None
            if body != after:
                changes.append(Change(kind, name, body, after))
    return changes


def kept(definitions: Definitions, site: Site) -> list[Definition]:
    """What stands in no file and stays, because it was made in the console or over the API."""
    return [
        one
        for kind, bodies in site.items()
        for one in definitions.all(kind)
        if one.name not in bodies and _by_hand(one)
    ]


def check_changes(definitions: Definitions, changes: Iterable[Change], seen: Iterable[str] = ()) -> int:
    """The store's version for which all definitions still make sense together with the changes.

    Raises BadDefinition with name, value, place and next step where they do not.

    `seen`: names of events that came though nobody declared them.
    """
    found = read_in_force(definitions)
    check(after(found.bodies, changes), seen)
    return found.version


def after(bodies: Bodies, changes: Iterable[Change]) -> Bodies:
    """All definitions as they would be behind the changes."""
    world = {kind: dict(named) for kind, named in bodies.items()}
    for change in changes:
        named = world.setdefault(change.kind, {})
        named.pop(change.name, None)
        if change.after is not None:
            named[change.name] = change.after
    return world


def apply(definitions: Definitions, changes: Iterable[Change], author: str, as_of: int | None = None) -> bool:
    """Put the changes into the store in one step, each as a new version that can be reverted.

    False, with nothing done, where the store is at another version than `as_of`.
    """
    return definitions.change([(change.kind, change.name, change.after) for change in changes], author, as_of)


def apply_checked(definitions: Definitions, changes: Iterable[Change], seen: Iterable[str], author: str) -> None:
    """Put the changes into the store if all definitions make sense with them; raises BadDefinition otherwise."""
    wanted, known = list(changes), set(seen)
    # Two who change at once may each be right, and wrong together: a trait goes while a segment that names it comes.
    while not apply(definitions, wanted, author, as_of=check_changes(definitions, wanted, known)):
        pass


def change_one(definitions: Definitions, change: Change, seen: Iterable[str], author: str) -> Definition | None:
    """One definition put, or deleted, if all still make sense together; the version it has now, None if it is gone.

    Raises BadDefinition as `check_changes`.
    """
    if change.before != change.after:
        apply_checked(definitions, [change], seen, author)
    return definitions.get(change.kind, change.name)


def revert(definitions: Definitions, kind: str, name: str, version: int | None = None) -> Change:
    """The change that takes a definition back to a version (None: the one before the present). It is not applied yet.

    Raises BadDefinition where there is no such version, and lists those there are.
    """
    history = definitions.history(kind, name)
    if not history:
        known = ", ".join(one.name for one in definitions.all(kind)) or "none"
        raise BadDefinition(f"There is no {kind} '{name}'. Known: {known}.")
    wanted = history[1].version if version is None and len(history) > 1 else version
    old = next((one for one in history if one.version == wanted), None)
    if old is None:
        versions = ", ".join(str(one.version) for one in reversed(history))
        raise BadDefinition(f"{kind} '{name}' has no version {wanted or 'before its first'}. Versions: {versions}.")
    present = None if history[0].deleted else history[0].body
    return Change(kind, name, present, None if old.deleted else old.body)


def place_of(kind: str) -> str:
    """Where a definition of this kind is written down: "site/segments.yaml"."""
    return f"site/{file_of(kind)}"


def _by_hand(definition: Definition) -> bool:
    return definition.author.startswith(_BY_HAND)


def _lines(body: Body | None) -> list[str]:
    import yaml

    return [] if body is None else yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=100).splitlines()
