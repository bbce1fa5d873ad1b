"""The ranker: trees that correct the blend, and can make no reason untrue."""

from dataclasses import replace
from math import log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.offer.offer_world import HOME, NOW, ask, profiles, shop, world_lines, world_model

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS
from tailorbird.know.profile import Bought, Profile, Touch
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.evaluate import offerable
from tailorbird.offer.recommend.exposures import Exposures
from tailorbird.offer.recommend.from_clicks import clicked_lesson
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.lessons import Logged, lesson_of, ranker_for
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import Ask, pooled
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES, Ranker
from tailorbird.offer.recommend.replay import cases, people_at
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.learning.lambdamart import Settings, lambdamart

BLEND = world_model()
LINES = Interactions.of(world_lines())


def moments():
    return offerable(cases(LINES, NOW - 60 * DAY_MS, NOW + DAY_MS, 600), Shelf(shop()))


def teacher(learn, stop, seed):
    return lambdamart(learn, stop, seed, Settings(leaves=7, rate=0.2, rounds=30, least=5))


@pytest.fixture(scope="module")
def model():
    lesson = lesson_of(BLEND, Shelf(shop()), moments())
    forest = teacher(lesson, lesson, 0)
    assert len(forest.feature) > 50
    return replace(BLEND, ranker=Ranker(forest, float(forest.scores(lesson.matrix).mean())))


def rising(feature, least, much):
    """A forest that gives `much` to candidates with more than `least` of a feature."""
    return Forest.checked(FEATURES, start=[0, 2], feature=[FEATURES.index(feature)], threshold=[least], kind=[8],
                          left=[-1], right=[-2], leaf=[0.0, much])  # fmt: skip


def test_trees_turn_the_page_and_score_by_their_factor():
    profile = Profile(b"p", bought={"i7": Bought(9, NOW - 80 * DAY_MS, NOW - 7 * DAY_MS)}, orders=12,
                      first_order_at=NOW - 80 * DAY_MS, last_order_at=NOW - 7 * DAY_MS)  # fmt: skip
    plain = {choice.id: choice.score for choice in ask(HOME, profile, model=BLEND)[0].items}
    best = int(BLEND.popular.argmax())
    trees = replace(BLEND, ranker=Ranker(rising("popular", float(np.sort(BLEND.popular)[-2]), 5.0), 0.0))
    [home] = ask(HOME, profile, model=trees)
    assert home.items[0].id == BLEND.ids[best] and next(iter(plain)) != BLEND.ids[best]
    assert home.items[0].score == pytest.approx(plain[BLEND.ids[best]] * np.exp(5.0), rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(profile=profiles, which=st.integers(0, 30))
def test_without_the_contact_that_a_reason_names_the_item_scores_no_higher(model, profile, which):
    page = ask(HOME, profile, model=model)[0].items
    named = [(choice, reason.item) for choice in page for reason in choice.reasons if reason.item]
    if not named:
        return
    choice, cause = named[which % len(named)]
    recent = [touch for touch in profile.recent if touch.item != cause]
    bought = {item: held for item, held in profile.bought.items() if item != cause}
    fewer = Profile(b"p", traits=profile.traits, orders=profile.orders, recent=recent, bought=bought,
                    first_order_at=profile.first_order_at, last_order_at=profile.last_order_at)  # fmt: skip
    assert _score(model, fewer, choice.id) <= choice.score * (1 + 1e-5)


def _score(model, profile, item_id):
    everything = ask(Request(limit=100), profile, model=model)[0].items
    return next((choice.score for choice in everything if choice.id == item_id), 0.0)


def test_three_clicks_still_come_first(model):
    profile = Profile(b"p", recent=[Touch(i, "clicked", NOW - 1000 * n) for n, i in enumerate(("i0", "i4", "i8"))])
    assert ask(HOME, profile, model=model)[0].items[0].id in ("i0", "i4", "i8", "i12", "i16", "i20")


def test_evidence_says_what_the_profile_says():
    profile = Profile(
        b"p", recent=[Touch("i1", "viewed", NOW - 5), Touch("i5", "clicked", NOW - 4), Touch("i1", "bought", NOW - 3)],
        bought={"i1": Bought(3, NOW - 20 * DAY_MS, NOW - 3)}, orders=3, first_order_at=NOW - 20 * DAY_MS,
        last_order_at=NOW - 2 * DAY_MS,
    )  # fmt: skip
    shelf, person = Shelf(shop()), Person(profile)
    joint = joined(shelf, BLEND)
    question = Ask(joint, BUILT_IN["home"], Context(), person, history_of(person.columns(joint)), NOW, 20)
    rows, totals, matrix = pooled(question)
    line = dict(zip(FEATURES, matrix[rows.tolist().index(shelf.row["i1"])].tolist(), strict=True))
    model_row = BLEND.ids.index("i1")
    expected = {
        "times bought": log1p(3), "contacts": log1p(2), "contacts in category": log1p(3),  # i1, i5: pie
        "popular": BLEND.popular[model_row], "loyalty": BLEND.loyalty[model_row], "orders": log1p(3),
        "order gap": log1p(9), "since the last order": log1p(2), "hour": 22, "weekday": 1,
    }  # fmt: skip
    assert {name: line[name] for name in expected} == pytest.approx(expected, rel=1e-5)
    assert line["total"] == totals[rows.tolist().index(shelf.row["i1"])]
    assert line["total"] == pytest.approx(sum(line[name] for name in ("item", "again", "category", "segment", "base")))


def test_evidence_is_what_may_only_raise():
    lesson = lesson_of(BLEND, Shelf(shop()), moments()[:5])
    assert [name for name, rises in zip(lesson.names, lesson.rising, strict=True) if rises] == list(EVIDENCE)


def test_few_moments_teach_nothing():
    ranker, verdict, _ = ranker_for(BLEND, Shelf(shop()), moments()[:50], teacher)
    assert ranker is None and not verdict.accepted and "fewer than" in verdict.why


def clicking(pages, wanted):
    """Pages of eight items by chance, all of which are looked at; of each, what is `wanted` most is clicked."""
    rng = np.random.default_rng(7)
    items = [rng.choice(BLEND.ids, 8, replace=False).tolist() for _ in range(pages)]
    clicked = [[item == max(page, key=wanted) for item in page] for page in items]
    person = np.sort(rng.integers(0, LINES.people, pages)).astype(np.int32)
    ones, taken = np.ones(8 * pages), np.ravel(clicked).astype(np.int8)
    ids = [item for page in items for item in page]
    at, kind, start = np.full(pages, NOW), np.zeros(pages, np.int32), np.arange(pages + 1) * 8
    return Exposures(person, at, kind, start, ids, ones, ones, taken)


def test_trees_learn_what_is_clicked_where_it_is_not_what_the_blend_thought():
    popular = dict(zip(BLEND.ids, BLEND.popular.tolist(), strict=True))
    logged = Logged(LINES, clicking(700, lambda item: -popular[item]), NOW)
    ranker, verdict, learned = ranker_for(BLEND, Shelf(shop()), [], teacher, logged=logged)
    assert verdict.accepted and "by clicks" in verdict.why and verdict == learned.verdict
    assert (learned.exposures, learned.clicks, learned.examined.how) == (700, 700, "by score")
    column = FEATURES.index("popular")
    little, much = np.zeros((2, 1, len(FEATURES)), np.float32)
    little[0, column], much[0, column] = BLEND.popular.min(), BLEND.popular.max()
    assert ranker.factors(little) > ranker.factors(much)


def test_clicks_that_go_against_what_people_then_take_do_not_serve():
    popular = dict(zip(BLEND.ids, BLEND.popular.tolist(), strict=True))
    logged = Logged(LINES, clicking(700, lambda item: -popular[item]), NOW)
    _, verdict, learned = ranker_for(BLEND, Shelf(shop()), moments(), teacher, logged=logged)
    assert "worse by what people then took" in learned.verdict.why and "by clicks" not in verdict.why


def test_few_clicks_teach_nothing_and_moments_do():
    logged = Logged(LINES, clicking(100, lambda item: item), NOW)
    _, verdict, learned = ranker_for(BLEND, Shelf(shop()), moments(), teacher, logged=logged)
    assert learned.clicks == 100 and "fewer than" in learned.verdict.why and verdict.people > 100


def test_a_clicked_page_is_asked_with_the_very_features_of_a_request():
    seen = clicking(30, lambda item: item)
    lesson, _ = clicked_lesson(BLEND, Shelf(shop()), LINES, seen, 0)
    shelf = Shelf(shop())
    joint = joined(shelf, BLEND)
    [person] = people_at(LINES, seen.person[:1], seen.at[:1])
    question = Ask(joint, BUILT_IN["home"], Context(), person, history_of(person.columns(joint)), NOW, len(shelf))
    rows, _, matrix = pooled(question)
    asked = {shelf.items[row].id: line for row, line in zip(rows.tolist(), matrix.tolist(), strict=True)}
    clicked = next(item for item, was in zip(seen.item, seen.clicked, strict=True) if was)
    assert lesson.matrix[lesson.start[1] - 1].tolist() == pytest.approx(asked[clicked], rel=1e-6, nan_ok=True)


def test_a_model_keeps_its_trees(model):
    again = Model.from_arrays(model.manifest, model.arrays())
    profile = Profile(b"p", recent=[Touch("i3", "bought", NOW - DAY_MS)])
    assert ask(HOME, profile, model=again) == ask(HOME, profile, model=model)
    assert Model.from_arrays(BLEND.manifest, BLEND.arrays()).ranker is None


def test_damaged_trees_are_refused(model):
    arrays = model.arrays()
    for damage in ({"ranker_left": arrays["ranker_left"] + 1}, {"ranker_shift": np.array([np.nan])}):
        with pytest.raises(Corrupt, match=r"rain .*again"):
            Model.from_arrays(Manifest("1"), {**arrays, **damage})
    with pytest.raises(Corrupt, match="shift"):
        Model.from_arrays(Manifest("1"), {name: a for name, a in arrays.items() if name != "ranker_shift"})
