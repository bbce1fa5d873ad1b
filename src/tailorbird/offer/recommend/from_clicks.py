"""What the ranker learns from clicks: for each click its page, with what was not clicked, weighted by the place.

A click in a place that few look at stands for all that were not made there, so it counts 1 / examined(place): then
pairs of a clicked item and another of its page say in the mean what pairs of wanted and other items would (inverse
propensity scoring; Joachims, Swaminathan and Schnabel, WSDM 2017). A weight is at most CLIP: the few clicks far down
would else speak for all. Each click is a question of its own, because it has a weight of its own; what else was
clicked there, and what was bought without a click, is left out of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.examined import Examined, Learned, examined
from tailorbird.offer.recommend.exposures import NOTHING, Exposures
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.rank import Ask, pooled
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES, prior
from tailorbird.offer.recommend.replay import people_at
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Shelf

CLIP = 10.0  # what a click counts at most, beside one in the first place
MOST_PAGES = 20_000  # the latest


@dataclass(frozen=True)
class _Page:
    """What is learned from of one page: its rows in the order of the shelf's answer."""

    matrix: NDArray[np.float32]
    prior: NDArray[np.float64]
    taken: NDArray[np.int8]
    place: NDArray[np.int64]
    person: int


def clicked_lesson(
    model: Model, shelf: Shelf, lines: Interactions, seen: Exposures, since: int, names: tuple[str, ...] = ()
) -> tuple[Lesson, Learned]:
    """One question for each click on a page of [since, end of `seen`), of the features that the page's person had then.

    The places are judged by all of `seen`. Rows by person and time; `model` has no trees, and learned before `since`.
    """
    bias = examined(seen)
    late = seen.between(since, int(seen.at.max(initial=0)) + 1)
    late = late.of(_clicks(late) > 0)
    # Sorted twice it is each page's rank by time, so the latest are chosen and stay in order of people.
    late = late.of(np.argsort(np.argsort(-late.at, kind="stable")) < MOST_PAGES)
    parts = [one for page in _pages(model, shelf, lines, late, names) for one in _questions(page)]
    lesson = _joined(parts, bias, FEATURES + names)
    assert lesson.weight is not None
    return lesson, Learned(len(seen), len(lesson), round(effective(lesson.weight), 1), bias)


def effective(weights: NDArray[np.float64]) -> float:
    """How many equal weights say as much.

    >>> effective(np.array([1.0, 1.0, 1.0])), round(effective(np.array([10.0, 1.0, 1.0])), 2)
    (3.0, 1.41)
    """
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def _clicks(seen: Exposures) -> NDArray[np.int64]:
    """Of each page."""
    return np.bincount(seen.page, seen.clicked, len(seen)).astype(np.int64)


def _pages(model: Model, shelf: Shelf, lines: Interactions, seen: Exposures, names: tuple[str, ...]) -> Iterator[_Page]:
    joint, home = joined(shelf, model), BUILT_IN["home"]
    moments = zip(people_at(lines, seen.person, seen.at), seen.at.tolist(), strict=True)
    for page, (person, now) in enumerate(moments):
        own = range(int(seen.start[page]), int(seen.start[page + 1]))
        shown = {shelf.row.get(seen.item[row], -1): row for row in own}
        # What has left the catalogue since has no features any more.
        shown.pop(-1, None)
        among = np.array(list(shown), np.int32)
        # One item alone has no order to learn.
        if len(among) < 2:
            continue
        ask = Ask(joint, home, Context(), person, history_of(person.columns(joint)), now, len(among))
        rows, totals, matrix = pooled(ask, among, names)
        places = np.array([shown[row] for row in rows.tolist()], np.int64)
        yield _Page(matrix, prior(totals), seen.taken[places], places - own.start, int(seen.person[page]))


def _questions(page: _Page) -> Iterator[_Page]:
    """One for each click: the click, and what was not taken."""
    nothing = page.taken == NOTHING
    for click in np.flatnonzero(page.taken > NOTHING).tolist() if nothing.any() else ():
        # Other clicks of the page are left out: one with another weight cannot stand in this question.
        rows = np.append(np.flatnonzero(nothing), click)
        yield _Page(page.matrix[rows], page.prior[rows], page.taken[rows], page.place[rows], page.person)


def _joined(parts: list[_Page], bias: Examined, features: tuple[str, ...]) -> Lesson:
    start = np.concatenate([[0], np.cumsum([len(part.taken) for part in parts])]).astype(np.int64)
    where = np.array([part.place[-1] for part in parts], np.int64)
    return Lesson(
        features,
        np.concatenate([np.empty((0, len(features)), np.float32), *(part.matrix for part in parts)]),
        start,
        np.concatenate([np.empty(0, np.int32), *(part.taken for part in parts)]).astype(np.int32),
        np.ones(len(parts), np.int32),
        prior=np.concatenate([np.empty(0), *(part.prior for part in parts)]),
        rising=tuple(name in EVIDENCE for name in features),
        weight=bias.weights(where, CLIP),
        who=np.array([part.person for part in parts], np.int64),
    )
