"""The trained versions of each model, and what was seen of it since.

DIR/predictions/likely_order_completed_14_days/     as `versions.Versions` has them
    seen.json                                       drift and what was said at each scoring, the latest last
"""

from pathlib import Path
from typing import Any

import msgspec

from tailorbird.errors import BadRequest
from tailorbird.know.predict.question import Question
from tailorbird.shell.embedded.files import replace_file
from tailorbird.shell.layout import Layout
from tailorbird.shell.predicting.model import FORMAT, Manifest, Model
from tailorbird.shell.versions import Versions

LOOKS = 400


class Look(msgspec.Struct, frozen=True):
    """What a scoring of everyone came to."""

    at: int
    version: str
    people: int
    said: int  # of whom something new was said
    mean: float  # of all values
    psi: dict[str, float]  # of each feature against its training
    drifted: list[str]  # features beyond drift.DRIFTED


class Registry(Versions[Manifest, Model]):
    """The versions of one model."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "Prediction", Manifest, FORMAT, Model.of_arrays)

    def save(self, model: Model) -> str:
        """Write the version and let it serve; its name."""
        version = self.write(model.manifest, model.arrays())
        self.promote(version)
        return version

    def serving(self) -> Model:
        """The model in use; raises BadRequest with the next step if there is none."""
        current = self.current()
        if not current:
            raise BadRequest(f"{self.folder.name!r} was never trained. Run `tailorbird predict` first.")
        return self.load(current)

    def looks(self) -> list[Look]:
        """Scorings so far, oldest first."""
        try:
            return msgspec.json.decode((self.folder / "seen.json").read_bytes(), type=list[Look])
        except (OSError, ValueError):
            return []

    def look(self, look: Look) -> None:
        """Note a scoring."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self.folder / "seen.json", msgspec.json.encode([*self.looks(), look][-LOOKS:]))


def registry(layout: Layout, question: Question) -> Registry:
    """The versions of the model of a question."""
    return Registry(layout.predictions / question.slug)


def shown(layout: Layout, question: Question) -> dict[str, Any]:
    """A model as JSON-able data, for API, CLI and console; `manifest` is None while it is not trained."""
    versions = registry(layout, question)
    current = versions.current()
    manifest = msgspec.to_builtins(versions.manifest(current)) if current else None
    # For drift and for noticing that a trait changed: nothing that a page shows.
    for long in ("edges", "shares", "texts") if manifest else ():
        manifest.pop(long)
    looks = msgspec.to_builtins(versions.looks()[-10:])
    return {"name": question.slug, "model": question.model, "days": question.days, "manifest": manifest, "looks": looks}
