"""Predictions and segments as features: a past moment sees what a request at that moment would have seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.offer.offer_world import CATEGORIES, NOW, ask, shop, world_lines, world_model

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, Event
from tailorbird.know.fold import MADE, fold
from tailorbird.know.predictions import FRESH_MS
from tailorbird.know.profile import Prediction, Profile
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.lessons import lesson_of
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import Ask, pooled
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES, Ranker, lean
from tailorbird.offer.recommend.replay import cases, people_at
from tailorbird.offer.recommend.said import MOST, Said
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Shelf

BLEND, LINES, SHELF = world_model(), Interactions.of(world_lines()), Shelf(shop())
LEAVES, NEXT = "likely_to_leave('60 days')", "next_category()"
NAMES = (f"prediction {LEAVES}", f"prediction {NEXT}", "in vip")
WORDS = st.lists(
    st.one_of(
        st.tuples(st.just(NAMES[0]), st.floats(0, 1), st.just("")),
        st.tuples(st.just(NAMES[1]), st.floats(0, 1), st.sampled_from(CATEGORIES[:3])),
        st.tuples(st.just(NAMES[2]), st.sampled_from([0.0, 1.0]), st.just("")),
    ),
    max_size=12,
)


def made(name, value, label, at):
    told = {"model": name.removeprefix("prediction "), "value": value, "label": label, "version": "1"}
    return Event("predictions", f"{at}", "track", MADE, b"L", [], at, at, told, {}, {}, {}, b"")


def features(person, now):
    joint = joined(SHELF, BLEND)
    question = Ask(joint, BUILT_IN["home"], Context(), person, history_of(person.columns(joint)), now, 50)
    rows, _, matrix = pooled(question, names=NAMES)
    return rows.tolist(), matrix


@given(WORDS, st.integers(-30, 3), st.data())
def test_a_past_moment_has_the_features_of_a_request_at_that_moment(words, day, data):
    now = NOW + day * DAY_MS
    # No two at once: what then holds is for the fold of predictions to say, not for this.
    times = data.draw(
        st.lists(st.integers(NOW - 50 * DAY_MS, NOW), min_size=len(words), max_size=len(words), unique=True)
    )
    told = [(*word, at) for word, at in zip(words, sorted(times), strict=True)]
    said = Said.of(LINES.people, [(5, at, name, value, label) for name, value, label, at in told])
    lines = replace(LINES, said=said)
    [offline] = people_at(lines, np.array([5], np.int32), np.array([now]))
    known = ("recent", "bought", "orders", "traits", "first_order_at", "last_order_at")
    live = Person(Profile(b"p", **{name: getattr(offline.profile, name) for name in known}))
    inside = False
    for name, value, label, at in told:
        if at < now and name == "in vip":
            inside = bool(value)
        elif at < now:
            fold(live.profile, made(name, value, label, at))
    live.segments = frozenset({"vip"} if inside else ())
    (rows, expected), (there, found) = features(live, now), features(offline, now)
    assert rows == there
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_word_counts_from_the_next_millisecond_for_a_fortnight():
    said = Said.of(1, [(0, NOW, NAMES[0], 0.4, ""), (0, NOW, NAMES[2], 1.0, "")])
    assert said.at_moment(0, NOW) == ({}, frozenset())
    assert said.at_moment(0, NOW + 1) == ({LEAVES: Prediction(0.4, "", "", NOW)}, frozenset({"vip"}))
    for late, value in ((FRESH_MS - 1, 0.4), (FRESH_MS, np.nan)):
        person = Person(Profile(b"p", predictions={LEAVES: Prediction(0.4, "", "7", NOW)}))
        assert features(person, NOW + late)[1][0, len(FEATURES)] == pytest.approx(value, nan_ok=True)


def test_a_told_category_speaks_for_its_candidates_only():
    person = Person(Profile(b"p", predictions={NEXT: Prediction(0.75, "tea", "", NOW - 1)}))
    rows, matrix = features(person, NOW)
    told = {
        SHELF.items[row].category: value for row, value in zip(rows, matrix[:, len(FEATURES) + 1].tolist(), strict=True)
    }
    assert told == {"tea": 0.75, "pie": 0.0, "soap": 0.0, "": 0.0}


def by_prediction(least, factor):
    """Trees that bring up what is told more than `least`."""
    names = (*FEATURES, *NAMES)
    return Forest.checked(names, start=[0, 2], feature=[names.index(NAMES[1])], threshold=[least], kind=[10], left=[-1],
                          right=[-2], leaf=[0.0, factor])  # fmt: skip


def test_a_request_is_ranked_by_what_was_said_of_the_person():
    model = replace(BLEND, ranker=Ranker(by_prediction(0.5, 6.0), 0.0))
    stored = Model.from_arrays(model.manifest, model.arrays())
    for served in (model, stored):
        person = Person(Profile(b"p", predictions={NEXT: Prediction(0.75, "soap", "", NOW - 1)}))
        first = ask(profile=person, model=served)[0].items[0].id
        assert SHELF.item(first).category == "soap"
        assert ask(profile=Profile(b"p"), model=served)[0].items == ask(profile=Profile(b"p"), model=BLEND)[0].items


def test_what_no_split_asks_for_is_not_made_for_a_request():
    names = (*FEATURES, *NAMES)
    forest = by_prediction(0.5, 6.0)
    slim = lean(forest)
    assert slim.features == (*FEATURES, NAMES[1]) and Ranker(slim, 0.0).names == (NAMES[1],)
    rows = np.random.default_rng(1).random((20, len(names))).astype(np.float32)
    kept = [names.index(name) for name in slim.features]
    np.testing.assert_array_equal(slim.scores(rows[:, kept]), forest.scores(rows))


def test_trees_over_a_feature_that_nobody_knows_are_refused():
    names = (*FEATURES, "moon")
    forest = Forest.checked(
        names, start=[0, 2], feature=[0], threshold=[1.0], kind=[8], left=[-1], right=[-2], leaf=[0.0, 1.0]
    )
    with pytest.raises(Corrupt, match="Train again"):
        Ranker(forest, 0.0)


def test_moments_bring_what_was_said_into_the_lesson():
    at = int(LINES.at.min())
    said = Said.of(LINES.people, [(person, at, NAMES[2], 1.0, "") for person in range(0, LINES.people, 2)])
    moments = cases(replace(LINES, said=said), NOW - 30 * DAY_MS, NOW, 40)
    lesson = lesson_of(BLEND, SHELF, moments, said.names)
    inside = lesson.matrix[lesson.start[:-1], len(FEATURES)].tolist()
    assert (
        inside == [float(int.from_bytes(m.profile.person, "big") % 2 == 0) for m in moments] and len(set(inside)) == 2
    )
    assert lesson.names == (*FEATURES, "in vip") and lesson.rising == (True,) * len(EVIDENCE) + (False,) * 10


def test_of_too_many_names_predictions_stay_and_the_segments_of_most_people():
    words = [(person, 5, f"in s{n:03}", 1.0, "") for n in range(100) for person in range(1 + n)]
    names = Said.of(100, [*words, (0, 5, "prediction churn", 0.5, "")]).names
    assert names == (*(f"in s{n:03}" for n in range(100 - MOST + 1, 100)), "prediction churn")
