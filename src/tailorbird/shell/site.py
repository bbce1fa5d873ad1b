"""The `site/` folder: what a site declares in YAML, read, checked, compared with what is in force, and applied.

    site/events.yaml       the tracking plan                 (docs/guide/tracking-plan.md)
    site/placements.yaml   where items are offered           (docs/guide/placements.md)
    site/consent.yaml      what data may be used for         (docs/guide/consent.md)

A file that is not there leaves its definitions alone; a placement that is gone from the file is deleted.
"""

from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Any, NamedTuple

from tailorbird.errors import BadDefinition
from tailorbird.shell.ports import Definitions

Body = dict[str, Any]


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


class _File(NamedTuple):
    """How one file of the folder becomes definitions."""

    kind: str
    split: Callable[[Body], dict[str, Body]]  # the file's body -> definition name -> body
    check: Callable[[Body], object]  # raises BadDefinition


def read_site(folder: Path) -> dict[str, dict[str, Body]]:
    """kind -> name -> body of every file that is there, checked. Raises BadDefinition naming file, name and value."""
    if not folder.is_dir():
        raise BadDefinition(f"{folder} is no folder. Give the folder that holds {', '.join(_files())}.")
    found = {}
    for name, file in _files().items():
        path = folder / name
        if path.is_file():
            body = _read_yaml(path)
            _checked(path, file, body)
            found[file.kind] = file.split(body)
    unknown = sorted(path.name for path in folder.glob("*.y*ml") if path.name not in _files())
    if unknown:
        raise BadDefinition(f"{folder / unknown[0]} is not known here. Known files: {', '.join(_files())}.")
    if not found:
        raise BadDefinition(f"{folder} holds none of {', '.join(_files())}.")
    return found


def compare(definitions: Definitions, site: Mapping[str, Mapping[str, Body]]) -> list[Change]:
    """What applying `site` would change, by kind and name."""
    changes = []
    for kind, bodies in site.items():
        present = {one.name: one.body for one in definitions.all(kind)}
        for name in sorted({*present, *bodies}):
            before, after = present.get(name), bodies.get(name)
            if before != after:
                changes.append(Change(kind, name, before, after))
    return changes


def apply(definitions: Definitions, changes: list[Change], author: str) -> None:
    """Put the changes into the store, each as a new version that can be reverted."""
    for change in changes:
        if change.after is None:
            definitions.delete(change.kind, change.name, author)
        else:
            definitions.put(change.kind, change.name, change.after, author)


def _files() -> dict[str, _File]:
    from tailorbird.collect.plan import TrackingPlan
    from tailorbird.consent.purpose import load_policy
    from tailorbird.offer.placement import load_placements

    return {
        "events.yaml": _File("plan", lambda body: {"events": body}, TrackingPlan.load),
        "placements.yaml": _File("placement", dict, load_placements),
        "consent.yaml": _File("consent", lambda body: {"consent": body}, load_policy),
    }


def _checked(path: Path, file: _File, body: Body) -> None:
    try:
        file.check(body)
    except BadDefinition as error:
        raise BadDefinition(f"{path}: {error} Nothing was applied.") from None


def _read_yaml(path: Path) -> Body:
    import yaml

    try:
        body = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition(f"{path} cannot be read as YAML: {_place(error)}. Nothing was applied.") from None
    if not isinstance(body, dict):
        kind = "nothing" if body is None else f"a {type(body).__name__}"
        raise BadDefinition(f"{path} must hold a mapping of names, not {kind}. Nothing was applied.")
    return {str(name): _json_like(inner) for name, inner in body.items()}


def _json_like(value: Any) -> Any:
    """YAML gives dates and number keys; definitions are stored as JSON, and must compare equal to what comes back."""
    if isinstance(value, dict):
        return {str(name): _json_like(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_json_like(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}, {problem}" if mark else problem


def _lines(body: Body | None) -> list[str]:
    import yaml

    return [] if body is None else yaml.safe_dump(body, sort_keys=False, allow_unicode=True).splitlines()
