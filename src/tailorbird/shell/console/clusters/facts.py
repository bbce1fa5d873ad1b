"""The clusterings of a site as the console shows them, and what it may change: labels, and which version holds."""

from typing import NamedTuple

from tailorbird.errors import TailorbirdError
from tailorbird.know.cluster.model import Manifest
from tailorbird.shell.clustering.registry import Look, registry
from tailorbird.shell.console.desk import Desk


class Found(NamedTuple):
    """One clustering; `manifest` None where it was never trained."""

    name: str
    manifest: Manifest | None
    looks: list[Look]
    versions: list[str]
    trouble: str = ""


def all_clusterings(desk: Desk) -> list[Found]:
    """All that the site declares, by name. A thread's work."""
    return [_found(desk, one.name) for one in desk.engines.definitions.all("cluster")]


def _found(desk: Desk, name: str) -> Found:
    kept = registry(desk.layout, name)
    try:
        manifest = kept.manifest(kept.current()) if kept.current() else None
    except TailorbirdError as error:
        return Found(name, None, [], kept.versions(), str(error))
    return Found(name, manifest, kept.looks(), kept.versions())


def accept_label(desk: Desk, name: str, key: str, label: str) -> None:
    """Call a cluster so from now on; raises BadRequest for a label that another has."""
    # The language and its compilers, when they are needed.
    from tailorbird.shell.clustering.work import accept

    accept(desk.engines, name, key, label, desk.now)


def back(desk: Desk, name: str) -> None:
    """Let the version before hold again; raises BadRequest where there is none."""
    from tailorbird.shell.clustering.work import roll_back

    roll_back(desk.engines, name)
