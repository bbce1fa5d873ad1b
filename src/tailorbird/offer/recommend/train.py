"""Training: interactions and a catalogue in, a model out that was judged on what came after it.

|------------ train ------------|-- validation --|---- test ----|
fit, then choose settings and weights on validation              |
fit again on train + validation, judge on test                   |
fit again on all of it: this one serves, with those settings and weights
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.blend import chosen_weights
from tailorbird.offer.recommend.evaluate import offerable
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest, Model, Weights
from tailorbird.offer.recommend.replay import Case, cases
from tailorbird.offer.recommend.report import exam, judged, told
from tailorbird.offer.recommend.settings import Settings
from tailorbird.offer.shelf import Shelf

LONGEST_PART_MS = 28 * DAY_MS
SHARE = 10  # validation and test are a tenth of the time each, at most four weeks
VALIDATION_MOMENTS, TEST_MOMENTS = 500, 2000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """What choosing goes by: the training part, and the validation moments behind it."""

    lines: Interactions
    shelf: Shelf
    moments: list[Case]
    now: int  # ms: where the training part ends

    def weighed(self, settings: Settings) -> Weights:
        """The best weights that a coordinate search finds for tables of these settings."""
        return chosen_weights(fit(self.lines, self.now, Manifest("", settings=settings)), self.shelf, self.moments)


Choose = Callable[[Bench], tuple[Settings, Weights]]


def quietly(step: str) -> None:
    """Say nothing."""


def untuned(bench: Bench) -> tuple[Settings, Weights]:
    """The settings as they come, and the best weights for them."""
    return Settings(), bench.weighed(Settings())


def train(
    lines: Interactions,
    shelf: Shelf,
    manifest: Manifest,
    say: Say = quietly,
    champion: Model | None = None,
    choose: Choose = untuned,
) -> Model:
    """A model of all contacts, its evaluation in its manifest. `say` hears of each step.

    `manifest` brings version, time and lineage; `champion` is judged beside it on the same moments. Without contacts it
    is a model that knows nothing; with very few of them the evaluation is empty or of no weight.
    """
    if not len(lines):
        return replace(Model.empty(), manifest=manifest)
    end = int(lines.at.max()) + 1
    part = min(LONGEST_PART_MS, max(HOUR_MS, (end - int(lines.at.min())) // SHARE))
    tested = end - part
    say("choosing the weights of the blend")
    settings, weights = choose(_bench(lines, shelf, tested - part, tested))
    manifest = msgspec.structs.replace(manifest, settings=settings, weights=weights)
    say("judging it on what came later")
    manifest = _judged(lines, shelf, manifest, (tested, end), champion)
    say("learning from all of it")
    return fit(lines, end, manifest)


def _bench(lines: Interactions, shelf: Shelf, since: int, until: int) -> Bench:
    moments = offerable(cases(lines, since, until, VALIDATION_MOMENTS), shelf)
    return Bench(lines.before(since), shelf, moments, since)


def _judged(
    lines: Interactions, shelf: Shelf, manifest: Manifest, span: tuple[int, int], champion: Model | None
) -> Manifest:
    """The manifest with evaluation and report, of a model that has not seen the span, and of the champion."""
    earlier = lines.before(span[0])
    model = fit(earlier, span[0], manifest)
    beside, as_it_serves = _unknowing(champion, earlier, span[0])
    moments = offerable(cases(lines, *span, TEST_MOMENTS), shelf)
    found, parts = judged(model, beside, exam(earlier, shelf, moments, manifest.lineage.seed))
    report = told(parts, champion, as_it_serves, span)
    return msgspec.structs.replace(manifest, evaluation=found, report=report)


def _unknowing(champion: Model | None, earlier: Interactions, cut: int) -> tuple[Model | None, bool]:
    """The champion as it serves, or its recipe learned anew where its tables know what comes after `cut`.

    One that was trained yesterday has seen all but a day of the test part: it would win by heart.
    """
    if champion is None or 0 < champion.manifest.lineage.data.until <= cut:
        return champion, True
    return fit(earlier, cut, champion.manifest), False
