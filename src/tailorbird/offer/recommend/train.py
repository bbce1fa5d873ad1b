"""Training: interactions and a catalogue in, a model out that was judged on what came after it.

|------------ train ------------|-- validation --|---- test ----|
fit, then choose settings and weights on validation              |
fit again on train + validation, judge on test                   |
fit again on all of it: this one serves, with those settings and weights
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.hybrid.lesson import Teacher
from tailorbird.offer.recommend.choosing import Bench, Choose, Chosen, untuned, with_learned_near
from tailorbird.offer.recommend.evaluate import offerable
from tailorbird.offer.recommend.exposures import Exposures
from tailorbird.offer.recommend.fit import fit, with_weights
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.lessons import NOT_TRIED, Logged, Taught, ranker_for
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.ranker import Ranker
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.recommend.report import exam, judged, told
from tailorbird.offer.shelf import Shelf

LONGEST_PART_MS = 28 * DAY_MS
SHARE = 10  # validation and test are a tenth of the time each, at most four weeks
VALIDATION_MOMENTS, NEAR_MOMENTS, RANKER_MOMENTS, TEST_MOMENTS = 500, 1500, 5000, 2000
Say = Callable[[str], None]


def quietly(step: str) -> None:
    """Say nothing."""


def train(
    lines: Interactions,
    shelf: Shelf,
    manifest: Manifest,
    say: Say = quietly,
    champion: Model | None = None,
    choose: Choose | None = None,
    teacher: Teacher | None = None,
    seen: Exposures | None = None,
) -> Model:
    """A model of all contacts, its evaluation in its manifest. `say` hears of each step.

    `manifest` brings version, time and lineage; `champion` is judged beside it on the same moments; `choose` finds
    settings and weights on the validation part, `untuned` without it; `teacher` teaches trees that may correct the
    blend, from the clicks on pages that were `seen` where there are enough. Without contacts it is a model that knows
    nothing; with very few of them the evaluation is empty or of no weight.
    """
    if not len(lines):
        return replace(Model.empty(), manifest=manifest)
    end = int(lines.at.max()) + 1
    # At least an hour: a shop of its first afternoon has a test part, too.
    part = min(LONGEST_PART_MS, max(HOUR_MS, (end - int(lines.at.min())) // SHARE))
    # Whatever chooses sees nothing from here on.
    tested = end - part
    say("choosing the weights of the blend")
    bench = _bench(lines, shelf, tested - part, tested)
    chosen = choose(bench) if choose else untuned(bench, champion.manifest if champion else None)
    say("learning which items go together")
    chosen = with_learned_near(bench, chosen)
    lineage = msgspec.structs.replace(manifest.lineage, trials_done=chosen.trials)
    manifest = msgspec.structs.replace(manifest, settings=chosen.settings, weights=chosen.weights, lineage=lineage)
    say("teaching trees to correct it")
    # Clicks of the test part are kept from the trees as its contacts are.
    logged = Logged(lines, seen.between(0, tested), bench.now) if seen is not None else None
    ranker, verdict, learned = _ranker(bench, chosen, lines, tested, teacher, manifest.lineage.seed, logged)
    manifest = msgspec.structs.replace(manifest, ranker=verdict, learned=learned)
    # It holds the tables of all that was tried, which are as large as those made next.
    del bench
    say("judging it on what came later")
    manifest = _judged(lines, shelf, manifest, ranker, (tested, end), champion)
    say("learning from all of it")
    return replace(fit(lines, end, manifest), ranker=ranker)


def _ranker(
    bench: Bench, chosen: Chosen, lines: Interactions, until: int, teacher: Teacher | None, seed: int,
    logged: Logged | None,
) -> Taught:  # fmt: skip
    """Trees for this blend, if they are better than it, learned from more of the moments that its weights are from."""
    if teacher is None:
        return Taught(None, NOT_TRIED)
    moments = offerable(cases(lines, bench.now, until, RANKER_MOMENTS), bench.shelf)
    blend = with_weights(bench.model(chosen.settings), chosen.weights)
    return ranker_for(blend, bench.shelf, moments, teacher, seed, logged, lines.said.names)


def _bench(lines: Interactions, shelf: Shelf, since: int, until: int) -> Bench:
    moments = offerable(cases(lines, since, until, VALIDATION_MOMENTS), shelf)
    others = {(m.profile.person, m.now) for m in moments}
    # Other moments than those that choose: a table that learned from these would look better than it is.
    more = [m for m in cases(lines, since, until, NEAR_MOMENTS) if (m.profile.person, m.now) not in others]
    return Bench(lines.before(since), shelf, moments, since, offerable(more, shelf))


def _judged(
    lines: Interactions,
    shelf: Shelf,
    manifest: Manifest,
    ranker: Ranker | None,
    span: tuple[int, int],
    champion: Model | None,
) -> Manifest:
    """The manifest with evaluation and report, of a model that has not seen the span, and of the champion."""
    earlier = lines.before(span[0])
    # Its tables, too, end where the test begins; the trees were taught before that.
    model = replace(fit(earlier, span[0], manifest), ranker=ranker)
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
    return replace(fit(earlier, cut, champion.manifest), ranker=champion.ranker), False
