"""Between two trainings: the tables made anew by the recipe of the champion, so that new items and days are known.

Nothing is searched and nothing is tested: the recipe was. A refit takes the place of the refit before it, so that the
last few versions stay trainings, and rolling back goes to the one before.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from tailorbird.errors import BadRequest
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.promotion import MISSING
from tailorbird.shell.engines import Engines
from tailorbird.shell.models import Models
from tailorbird.shell.training.lineage import lineage_of
from tailorbird.shell.training.reading import read_lines
from tailorbird.shell.training.run import Trained, serving


def refit(engines: Engines, now: int, why: str) -> Trained:
    """New tables of all contacts as of now, in force at once; raises BadRequest where nothing serves.

    It does not serve where less than half of the champion's contacts are left: something is missing then.
    """
    began = time.monotonic()
    models = Models(engines.layout.models)
    champion = serving(models)
    if champion is None:
        raise BadRequest("Nothing serves whose recipe a refit could follow. Run `tailorbird train` first.")
    lines, left_out = read_lines(engines, now)
    told = champion.manifest
    # As for a promotion (docs/why/108): tables of half the data look well on what is left.
    if not len(lines) or len(lines) < MISSING * told.interactions:
        reason = f"only {len(lines):,} contacts are left of {told.interactions:,}: is something missing from the lake?"
        return Trained(told, False, reason, left_out)
    items = [item for _, item in engines.catalogue.changes(0) if item is not None]
    # Seed and trials are those of the recipe; data, code and definitions are of now.
    lineage = msgspec.structs.replace(
        lineage_of(engines, lines, items, left_out, why),
        seed=told.lineage.seed,
        trials=told.lineage.trials,
        trials_done=told.lineage.trials_done,
        parent=told.version,
    )
    version = models.free(datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S"))
    # A refit of a refit names the training behind both: that is where report and verdict are from.
    manifest = msgspec.structs.replace(
        told, version=version, trained_at=now, lineage=lineage, refit_of=told.refit_of or told.version
    )
    model = replace(fit(lines, int(lines.at.max()) + 1, manifest), ranker=champion.ranker)
    seconds = round(time.monotonic() - began, 1)
    model = replace(model, manifest=msgspec.structs.replace(model.manifest, seconds=seconds))
    models.save(model)
    models.promote(version)
    # Only behind the promotion: until then it is what serves.
    if told.refit_of:
        models.drop(told.version)
    return Trained(model.manifest, True, f"refit of {manifest.refit_of}", left_out)
