"""Clicks on a page that a poor ranking made, looked at from the top: what is learned from them, and what is not.

The truth is known: each item is wanted by how it is like the person (`liked`); the ranking that made the pages went by
something that nobody wants (`shown_by`), and each place is looked at half as likely as the one before.
"""

import numpy as np
import pytest

from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.offer.recommend.examined import Examined, assumed, examined
from tailorbird.offer.recommend.exposures import BOUGHT, CLICKED, NOTHING, UNSURE, Exposures
from tailorbird.offer.recommend.from_clicks import CLIP, effective
from tailorbird.offer.rules.chance import explored

PLACES = 6
TRUTH = 0.6 ** np.arange(PLACES)


class Shop:
    """Pages of PLACES out of 12 candidates, ranked by `shown_by` with some noise."""

    def __init__(self, pages, share=0.0, seed=0):
        rng = np.random.default_rng(seed)
        self.liked, shown_by = rng.normal(size=(2, pages, 12))
        score = np.exp(shown_by)  # what a log tells of it
        self.order = np.argsort(-score, axis=1)
        self.propensity = np.full((pages, PLACES), 1.0 - share)
        for page in range(pages if share else 0):
            ranked = self.order[page].tolist()
            found = explored(ranked[:PLACES], ranked[PLACES:], share, f"{seed} {page}")
            self.order[page, :PLACES], self.propensity[page] = found.page, found.chances
        self.order = self.order[:, :PLACES]
        row = np.arange(pages)[:, None]
        self.x = np.stack([self.liked[row, self.order], shown_by[row, self.order]], axis=2)
        self.wanted = 1 / (1 + np.exp(2 - 1.5 * self.x[:, :, 0]))
        self.clicked = rng.random((pages, PLACES)) < TRUTH * self.wanted
        self.score = score[row, self.order]

    def exposures(self):
        pages = len(self.clicked)
        number, start = np.arange(pages), np.arange(pages + 1) * PLACES
        return Exposures(
            number.astype(np.int32), number, np.zeros(pages, np.int32), start, [str(i) for i in self.order.ravel()],
            self.score.ravel(), self.propensity.ravel(), self.clicked.ravel().astype(np.int8),
        )  # fmt: skip

    def lesson(self, places):
        """A question for each click, counted by these chances that its place is looked at."""
        bias = Examined("assumed", places)
        pages, at = np.nonzero(self.clicked & ~self.clicked.all(1)[:, None])
        rows = [(p, [*np.flatnonzero(~self.clicked[p]).tolist(), k]) for p, k in zip(pages, at, strict=True)]
        label = np.concatenate([np.arange(len(own)) == len(own) - 1 for _, own in rows]).astype(np.int32)
        start = np.concatenate([[0], np.cumsum([len(own) for _, own in rows])])
        matrix = np.concatenate([self.x[p, own] for p, own in rows]).astype(np.float32)
        ones = np.ones(len(rows), np.int32)
        return Lesson(("liked", "shown by"), matrix, start, label, ones, weight=bias.weights(at, CLIP))


def off(found):
    return float(np.abs(np.array(found.places) - TRUTH).max())


def test_chance_tells_how_likely_each_place_is_looked_at():
    found = examined(Shop(40_000, share=0.2).exposures())
    assert found.how == "by chance" and off(found) < 0.06


def test_scores_tell_it_where_chance_had_no_part():
    found = examined(Shop(20_000).exposures())
    assert found.how == "by score" and off(found) < 0.06


def test_too_few_clicks_tell_nothing():
    found = examined(Shop(200).exposures())
    assert (found.how, found.places, found.clicks) == ("assumed", assumed(PLACES), 0)


def test_places_that_were_never_clicked_lean_to_what_is_assumed():
    seen = Shop(20_000).exposures()
    taken = np.where(seen.place < 4, seen.taken, NOTHING)
    places = examined(Exposures(seen.person, seen.at, seen.kind, seen.start, seen.item, seen.score, seen.propensity,
                                taken)).places  # fmt: skip
    assert all(0 < chance < 0.05 for chance in places[4:])
    assert max(Examined("by score", places).weights(np.arange(PLACES), CLIP)) == CLIP


def test_what_chance_placed_is_told_from_its_propensity():
    seen = Shop(2_000, share=0.3).exposures()
    assert seen.drawn.mean() == pytest.approx(0.3, abs=0.03)
    assert not Shop(100).exposures().drawn.any()
    unlogged = Exposures(seen.person, seen.at, seen.kind, seen.start, seen.item, seen.score, seen.score * np.nan,
                         seen.taken)  # fmt: skip
    assert not unlogged.drawn.any()


@pytest.mark.slow
def test_naive_trees_learn_the_page_and_weighted_ones_do_not():
    teacher = pytest.importorskip("lightgbm") and _teacher()
    shop, later = Shop(30_000), Shop(4_000, seed=1)
    found = examined(shop.exposures())
    gained, leaning = {}, {}
    for name, places in (("naive", [1.0] * PLACES), ("weighted", found.places), ("truth", TRUTH.tolist())):
        lesson = shop.lesson(places)
        forest = teacher(lesson, later.lesson(places), 0)
        gained[name] = _wanted_on_top(forest, later)
        leaning[name] = _leaning(forest)
    assert gained["naive"] < gained["weighted"] == pytest.approx(gained["truth"], abs=0.03)
    assert abs(leaning["weighted"]) < 0.3 * leaning["naive"]


def _teacher():
    from tailorbird.shell.learning.lambdamart import Settings, lambdamart

    return lambda learn, stop, seed: lambdamart(learn, stop, seed, Settings(leaves=7, rounds=150, at=PLACES))


def _leaning(forest):
    """How much higher it scores what the old ranking loved than what it did not, all else equal."""
    liked = np.linspace(-2, 2, 41)
    loved, unloved = (forest.scores(np.stack([liked, np.full(41, by)], 1).astype(np.float32)) for by in (1.5, -1.0))
    return float((loved - unloved).mean())


def _wanted_on_top(forest, shop):
    """Of all 12 candidates, how much the one that comes first is wanted: the mean of `liked`."""
    by = np.random.default_rng(5).normal(size=shop.liked.shape)
    score = forest.scores(np.stack([shop.liked, by], 2).reshape(-1, 2).astype(np.float32)).reshape(shop.liked.shape)
    return float(shop.liked[np.arange(len(score)), score.argmax(1)].mean())


def test_effective_clicks_are_fewer_the_less_alike_their_weights():
    assert effective(np.array([1.0] * 50 + [10.0])) == pytest.approx(60**2 / 150)


def test_what_became_of_an_item_is_a_label():
    assert UNSURE < NOTHING < CLICKED < BOUGHT
