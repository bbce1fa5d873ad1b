"""Training: interactions and a catalogue in, a model out that was judged on what came after it.

|------------ train ------------|-- validation --|---- test ----|
fit, then choose the blend's weights on validation               |
fit again on train + validation, judge on test                   |
fit again on all of it: this one serves, with those weights
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.blend import chosen_weights
from tailorbird.offer.recommend.evaluate import offerable, report
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.shelf import Shelf

LONGEST_PART_MS = 28 * DAY_MS
SHARE = 10  # validation and test are a tenth of the time each, at most four weeks
VALIDATION_MOMENTS, TEST_MOMENTS = 500, 2000
Say = Callable[[str], None]


def quietly(step: str) -> None:
    """Say nothing."""


def train(lines: Interactions, shelf: Shelf, version: str, now: int, say: Say = quietly) -> Model:
    """A model of all contacts, its evaluation in its manifest. `say` hears of each step.

    Without contacts it is a model that knows nothing; with very few of them the evaluation is empty or of no weight.
    """
    if not len(lines):
        return replace(Model.empty(), manifest=Manifest(version, trained_at=now))
    end = int(lines.at.max()) + 1
    part = min(LONGEST_PART_MS, max(HOUR_MS, (end - int(lines.at.min())) // SHARE))
    say("choosing the weights of the blend")
    early = fit(lines.before(end - 2 * part), end - 2 * part, Manifest(version))
    seen = offerable(cases(lines, end - 2 * part, end - part, VALIDATION_MOMENTS), shelf)
    weights = chosen_weights(early, shelf, seen)
    say("judging it on what came later")
    manifest = Manifest(version, trained_at=now, weights=weights)
    later = fit(lines.before(end - part), end - part, manifest)
    judged = report(later, shelf, offerable(cases(lines, end - part, end, TEST_MOMENTS), shelf))
    say("learning from all of it")
    return fit(lines, end, msgspec.structs.replace(manifest, evaluation=judged))
