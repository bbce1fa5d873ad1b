"""The catalogue in memory and the model in use: what each web process decides from, kept up to date."""

import time
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.logs import Logger
from tailorbird.shell.models import Models, ModelWatch
from tailorbird.shell.ports import Catalogue

LOOK_EVERY_S = 0.1


class Shelves:
    """The shelf as of at most `LOOK_EVERY_S` ago. While the catalogue cannot be read the last one serves."""

    def __init__(self, catalogue: Catalogue, models: Path, logger: Logger) -> None:
        self._catalogue = catalogue
        self._logger = logger
        self._shelf = Shelf()
        self._watch = ModelWatch(Models(models), lambda detail: logger.emit("model_refused", detail=detail))
        self._model: Model | None = None
        self._look_at = 0.0

    def now(self) -> tuple[Shelf, Model | None]:
        """What to decide from."""
        if time.monotonic() >= self._look_at:
            self.look()
        return self._shelf, self._model

    def look(self) -> None:
        """Take in what changed. Call it after writing, so that the writer sees what it wrote."""
        self._look_at = time.monotonic() + LOOK_EVERY_S
        try:
            version = self._catalogue.version()
            if version != self._shelf.version:
                self._shelf.apply(self._catalogue.changes(self._shelf.version), version)
        except TailorbirdError as error:
            self._logger.emit("catalogue_unavailable", detail=str(error))
        self._take_model()

    def _take_model(self) -> None:
        model = self._watch.now()
        if model is not self._model:
            self._model = model
            if model is not None:
                self._logger.emit("model_loaded", model=model.title)
