"""The report of a training: every scorer on the test moments; the blend beside popularity and the champion, by part.

Parts are everyone; each segment that the model knows and enough moments had; people of whom nothing was known yet; and
items that the training part never met: there only those count as targets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.judge.breadth import Around, Doubles, by_list, overall
from tailorbird.offer.recommend.breadth import surroundings
from tailorbird.offer.recommend.evaluate import AT, Targets, pages, scored, scorer_pages, targets_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.measured import EVERYONE, NEW_ITEMS, NEW_PEOPLE, Part, Report
from tailorbird.offer.recommend.model import Model, Rows
from tailorbird.offer.recommend.noise import differences, means
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf

LENGTH = max(AT)
FEWEST_MOMENTS = 30  # below it a segment is not told of
BLEND, POPULAR, CHAMPION = "blend", "popular", "champion"
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Exam:
    """The test moments, and what is needed to judge pages on them."""

    shelf: Shelf
    moments: Sequence[Case]
    targets: Targets
    around: Around
    known: Mask  # by shelf row: whether the training part met the item
    seed: int = 0


def exam(lines: Interactions, shelf: Shelf, moments: Sequence[Case], seed: int = 0) -> Exam:
    """For these moments; `lines` is the training part before them."""
    around = surroundings(lines, shelf, moments)
    return Exam(shelf, moments, targets_of(moments, shelf), around, around.contacts > 0, seed)


def judged(model: Model, champion: Model | None, asked: Exam) -> tuple[list[dict[str, Any]], list[Part]]:
    """One line a scorer over all moments, as the manifest has them; and the parts."""
    shown = scorer_pages(model, asked.shelf, asked.moments, LENGTH)
    if champion is not None:
        shown[CHAMPION] = pages(champion, asked.shelf, asked.moments, LENGTH)
    answered = {name: _answered(rows, asked) for name, rows in shown.items()}
    lines = [
        {
            "model": name,
            **means(one.right | one.broad),
            **overall(one.pages, asked.targets.row, asked.around),
            "moments": len(asked.moments),
        }
        for name, one in answered.items()
    ]
    compared = {name: answered[name] for name in (BLEND, POPULAR, CHAMPION) if name in answered}
    return lines, list(_parts(compared, model, asked))


def told(parts: list[Part], champion: Model | None, as_it_serves: bool, span: tuple[int, int]) -> Report:
    """The parts as a report. `span`: the test part, in ms."""
    return Report(parts, champion.manifest.version if champion else "", as_it_serves, *span)


@dataclass(frozen=True)
class _Answered:
    """What one model showed, and each measure by moment."""

    pages: Rows
    right: dict[str, Doubles]
    broad: dict[str, Doubles]


def _answered(rows: Rows, asked: Exam) -> _Answered:
    return _Answered(rows, scored(rows, asked.targets), by_list(rows, asked.around))


def _parts(found: Mapping[str, _Answered], model: Model, asked: Exam) -> Iterator[Part]:
    yield _part(EVERYONE, np.ones(len(asked.moments), np.bool_), found, asked)
    yield _part(NEW_PEOPLE, np.array([not m.profile.recent for m in asked.moments], np.bool_), found, asked)
    yield _new_items(found, asked)
    for trait, value in model.manifest.segments:
        theirs = np.array([m.profile.traits.get(trait) == value for m in asked.moments], np.bool_)
        if theirs.sum() >= FEWEST_MOMENTS:
            yield _part(f"{trait} = {value}", theirs, found, asked)


def _new_items(found: Mapping[str, _Answered], asked: Exam) -> Part:
    """The moments that wanted an item that the training part never met, with only such items as targets."""
    targets = asked.targets
    # -1 reads the last row of `known`, and the first half takes it out.
    new = (targets.row >= 0) & ~asked.known[targets.row]
    start = np.concatenate([[0], np.cumsum(new)])[targets.start].astype(np.int64)
    only = replace(asked, targets=Targets(start, targets.row[new], targets.person))
    # The same pages, judged by these targets alone.
    anew = {name: replace(one, right=scored(one.pages, only.targets)) for name, one in found.items()}
    return _part(NEW_ITEMS, np.diff(start) > 0, anew, only)


def _part(name: str, which: Mask, found: Mapping[str, _Answered], asked: Exam) -> Part:
    targets = asked.targets
    wanted = targets.row[np.repeat(which, np.diff(targets.start))]
    right = {one: _of(which, answered.right) for one, answered in found.items()}
    scores = {
        one: means(right[one] | _of(which, answered.broad)) | overall(answered.pages[which], wanted, asked.around)
        for one, answered in found.items()
    }
    person = targets.person[which]
    against = {one: differences(right[BLEND], right[one], person, asked.seed) for one in found if one != BLEND}
    return Part(name, int(which.sum()), len(np.unique(person)), scores, against)


def _of(which: Mask, values: Mapping[str, Doubles]) -> dict[str, Doubles]:
    return {name: column[which] for name, column in values.items()}
