"""The trained versions of each clustering, and what was seen of their quality since.

DIR/clusters/shoppers/      as `versions.Versions` has them
    seen.json               quality and drift at each look, the latest last
"""

from pathlib import Path
from typing import Any

import msgspec

from tailorbird.errors import BadRequest
from tailorbird.know.cluster.model import FORMAT, Manifest, Model
from tailorbird.shell.embedded.files import replace_file
from tailorbird.shell.layout import Layout
from tailorbird.shell.versions import Versions

LOOKS = 400


class Look(msgspec.Struct, frozen=True):
    """What a clustering came to at one moment."""

    at: int
    version: str
    people: int
    silhouette: float
    outliers: float  # the share that belongs to no cluster
    shares: dict[str, float]  # of each cluster, by its key
    psi: dict[str, float]  # of each column against its training
    drifted: list[str]  # columns beyond drift.DRIFTED
    moved: float = 0.0  # the largest way of a centre, in scaled units, if it adapted
    stability: float | None = None  # if it was trained anew


class Registry(Versions[Manifest, Model]):
    """The versions of one clustering."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "Clustering", Manifest, FORMAT, Model.of_arrays)

    def save(self, model: Model) -> Model:
        """Write the model under its version, or the next free name after it, and let it serve."""
        version = self.free(model.manifest.version)
        named = model.told(version=version)
        self.write(named.manifest, named.arrays())
        self.promote(version)
        return named

    def serving(self) -> Model:
        """The model in use; raises BadRequest with the next step if there is none."""
        current = self.current()
        if not current:
            raise BadRequest(f"{self.folder.name!r} was never trained. Run `tailorbird clusters train` first.")
        return self.load(current)

    def looks(self) -> list[Look]:
        """Quality and drift so far, oldest first."""
        try:
            return msgspec.json.decode((self.folder / "seen.json").read_bytes(), type=list[Look])
        except (OSError, ValueError):
            return []

    def look(self, look: Look) -> None:
        """Note a look."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self.folder / "seen.json", msgspec.json.encode([*self.looks(), look][-LOOKS:]))


def registry(layout: Layout, name: str) -> Registry:
    """The versions of the clustering of that name."""
    return Registry(layout.clusters / name)


def shown(model: Model, looks: list[Look]) -> dict[str, Any]:
    """A clustering as JSON-able data, for API, CLI and console."""
    manifest = msgspec.to_builtins(model.manifest)
    # Hundreds of numbers that only the next look at drift reads.
    for long in ("edges", "shares"):
        manifest.pop(long)
    return {**manifest, "name": model.manifest.definition.name, "looks": msgspec.to_builtins(looks)}
