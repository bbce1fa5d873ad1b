"""The files of a `site/` folder, read and checked each by itself, into definitions by kind and name.

site/events.yaml       the tracking plan                 (docs/guide/tracking-plan.md)
site/placements.yaml   where items are offered           (docs/guide/placements.md)
site/consent.yaml      what data may be used for         (docs/guide/consent.md)
site/traits.yaml       values computed of each person    (docs/guide/segments-in-ten-minutes.md)
site/segments.yaml     people who share a condition      (docs/guide/segments-in-ten-minutes.md)
site/clusters.yaml     groups found by a model           (docs/guide/clusters.md)
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tailorbird.errors import BadDefinition
from tailorbird.shell.expressions import expression_bodies

Body = dict[str, Any]
Site = Mapping[str, Mapping[str, Body]]  # kind -> name -> body


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
            found[file.kind] = _bodies(path, file)
    unknown = sorted(path.name for path in folder.glob("*.y*ml") if path.name not in _files())
    if unknown:
        raise BadDefinition(f"{folder / unknown[0]} is not known here. Known files: {', '.join(_files())}.")
    if not found:
        raise BadDefinition(f"{folder} holds none of {', '.join(_files())}.")
    return found


def file_of(kind: str) -> str:
    """Which file declares definitions of this kind.

    >>> file_of("segment")
    'segments.yaml'
    """
    return next((name for name, file in _files().items() if file.kind == kind), "")


def _files() -> dict[str, _File]:
    from tailorbird.collect.plan import TrackingPlan
    from tailorbird.consent.purpose import load_policy
    from tailorbird.offer.placement import load_placements

    return {
        "events.yaml": _File("plan", lambda body: {"events": body}, TrackingPlan.load),
        "placements.yaml": _File("placement", dict, load_placements),
        "consent.yaml": _File("consent", lambda body: {"consent": body}, load_policy),
        "traits.yaml": _File("trait", lambda body: expression_bodies("trait", body), _nothing),
        "segments.yaml": _File("segment", lambda body: expression_bodies("segment", body), _nothing),
        "clusters.yaml": _File("cluster", dict, _load_clusterings),
    }


def _nothing(body: Body) -> None:
    """Expressions name each other, so they are checked together: `expressions.check`."""


def _load_clusterings(body: Body) -> None:
    from tailorbird.know.cluster.definition import load_clustering

    for name, one in body.items():
        load_clustering(name, one)


def _bodies(path: Path, file: _File) -> dict[str, Body]:
    body = _read_yaml(path)
    try:
        file.check(body)
        return file.split(body)
    except BadDefinition as error:
        raise BadDefinition(f"{path}: {error} Nothing was applied.") from None


def _read_yaml(path: Path) -> Body:
    import yaml

    try:
        text = path.read_text("utf-8")
        body = yaml.safe_load(text)
        # Read once more as a tree of marks: the loaded mapping does not know any more that a name stood there twice.
        _no_name_twice(yaml.compose(text, yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition(f"{path} cannot be read as YAML: {_place(error)}. Nothing was applied.") from None
    except BadDefinition as error:
        raise BadDefinition(f"{path}: {error} Nothing was applied.") from None
    except RecursionError:
        raise BadDefinition(f"{path} is nested too deep. Nothing was applied.") from None
    if not isinstance(body, dict):
        kind = "nothing" if body is None else f"a {type(body).__name__}"
        raise BadDefinition(f"{path} must hold a mapping of names, not {kind}. Nothing was applied.")
    try:
        return {str(name): _json_like(inner) for name, inner in body.items()}
    except RecursionError:
        raise BadDefinition(f"{path} holds something that holds itself. Nothing was applied.") from None


def _no_name_twice(root: Any) -> None:
    """YAML keeps the last of two, and somebody's segment or event would be gone without a word."""
    todo, met = [root] if root is not None else [], set()
    while todo:
        node = todo.pop()
        # Met before: an alias, which may even lie within itself.
        if node.id == "scalar" or id(node) in met:
            continue
        met.add(id(node))
        if node.id == "mapping":
            _no_key_twice([key for key, _ in node.value])
        todo += [value for _, value in node.value] if node.id == "mapping" else node.value


def _no_key_twice(keys: list[Any]) -> None:
    places: dict[str, Any] = {}
    for key in keys:
        first = places.setdefault(str(key.value), key.start_mark)
        if first is not key.start_mark:
            lines = f"in line {first.line + 1} and in line {key.start_mark.line + 1}"
            raise BadDefinition(f"'{key.value}' stands twice, {lines}. Rename one.")


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
