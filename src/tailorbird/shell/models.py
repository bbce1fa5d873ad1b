"""Trained recommenders: every worker maps the same one, a new one is promoted at once, an old one can come back.

They lie in DIR/models as `versions.Versions` has them. What cannot be read is refused when it is loaded, and the model
in use goes on serving.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tailorbird.errors import Corrupt
from tailorbird.offer.recommend.model import FORMAT, Manifest, Model
from tailorbird.shell.versions import Versions


class Models(Versions[Manifest, Model]):
    """The registry of one data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "Model", Manifest, FORMAT, Model.from_arrays)

    def save(self, model: Model) -> str:
        """Write the version, durably and whole; its name. Raises BadRequest if there is one of that name."""
        return self.write(model.manifest, model.arrays())


class ModelWatch:
    """The model in use, as one worker sees it. What cannot be loaded is told once, and the old one goes on serving."""

    def __init__(self, models: Models, trouble: Callable[[str], None]) -> None:
        self._models, self._trouble = models, trouble
        self.folder = models.folder
        self._seen = ""
        self._model: Model | None = None

    def changed(self) -> bool:
        """Whether another version than the one last looked at is to serve. A system call."""
        return self._models.current() != self._seen

    def now(self) -> Model | None:
        """The model that serves; None before the first training. Looks for a new one each time, for 2 us."""
        current = self._models.current()
        if current != self._seen:
            # Before it is loaded: what cannot be read is tried, and complained of, once.
            self._seen = current
            self._take(current)
        return self._model

    def _take(self, version: str) -> None:
        try:
            self._model = self._models.load(version) if version else None
        except Corrupt as error:
            self._trouble(str(error))


def overview(models: Models) -> list[dict[str, Any]]:
    """All versions in a few words, newest first: what CLI, API and console list. A damaged one says so in `trouble`."""
    current = models.current()
    return [_overview(models, version, version == current) for version in reversed(models.versions())]


def _overview(models: Models, version: str, serves: bool) -> dict[str, Any]:
    try:
        told, trouble = models.manifest(version), ""
    except Corrupt as error:
        told, trouble = Manifest(version), str(error)
    scores = {line["model"]: line.get("ndcg@20") for line in told.evaluation}
    return {
        "version": version,
        "serves": serves,
        "trained_at": told.trained_at,
        "interactions": told.interactions,
        "people": told.people,
        "ndcg@20": scores.get("blend"),
        "popular_ndcg@20": scores.get("popular"),
        "verdict": told.verdict,
        "parent": told.lineage.parent,
        "trouble": trouble,
    }
