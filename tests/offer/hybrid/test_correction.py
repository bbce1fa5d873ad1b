"""The correction: columns by their formulas, weights that find what a sum cannot say, and a gate."""

import numpy as np
import pytest

from tailorbird.offer.hybrid.correction import FEWEST, Units, columns, corrected, learned, names
from tailorbird.offer.hybrid.features import Facts, facts
from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.judge.protocols import trial
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Histories

ITEMS, EACH = 60, 12


def world(people: int, *, trusts_by_popularity: bool, seed: int = 0) -> tuple[Pool, np.ndarray, Trial, Facts]:
    """Two scorers: one is right among popular items, the other among rare ones; or both are right alike."""
    rng = np.random.default_rng(seed)
    popular = np.arange(ITEMS) % 2 == 0
    known = Histories.of([[int(i) for i in rng.permutation(ITEMS) if popular[i] or rng.random() < 0.1]
                          for _ in range(people)], ITEMS, ordered=False)  # fmt: skip
    item = np.concatenate([np.sort(rng.permutation(ITEMS)[:EACH]) for _ in range(people)]).astype(np.int32)
    scores = rng.normal(size=(2, len(item))).astype(np.float32)
    said = np.where(popular[item], *scores) if trusts_by_popularity else scores.sum(axis=0)
    said = said + 0.5 * rng.normal(size=len(item))
    start = np.arange(people + 1, dtype=np.int64) * EACH
    target = item.reshape(people, EACH)[np.arange(people), said.reshape(people, EACH).argmax(axis=1)]
    exam = trial("collaborative", known, known, np.arange(people + 1), target.astype(np.int32), 3)
    return Pool(start, item, scores, ("one", "two")), scores.sum(axis=0), exam, facts(known)


def test_a_correction_is_accepted_where_a_sum_cannot_say_whom_to_trust() -> None:
    pool, blend, exam, known = world(FEWEST + 100, trusts_by_popularity=True)
    found, verdict = corrected(pool, blend, exam, known)
    assert found is not None and verdict.trees > 1.1 * verdict.blend
    of = dict(zip(names(pool.retrievers), found.weights, strict=True))
    assert of["one x popular"] > 0 > of["two x popular"]


def test_where_the_sum_is_all_that_there_is_it_stays() -> None:
    found, verdict = corrected(*world(FEWEST + 100, trusts_by_popularity=False))
    assert found is None and not verdict.accepted


def test_few_people_teach_nothing() -> None:
    found, verdict = corrected(*world(FEWEST - 1, trusts_by_popularity=True))
    assert found is None and "fewer than" in verdict.why


def test_one_person_alone_is_ordered_as_in_a_batch() -> None:
    pool, blend, exam, known = world(FEWEST + 100, trusts_by_popularity=True)
    found, _ = corrected(pool, blend, exam, known)
    assert found is not None
    every, scores = found.ranked(pool, blend, exam.asked, known)
    one, own = found.ranked(pool.part(7, 8), blend[7 * EACH : 8 * EACH], exam.asked.part(7, 8), known)
    assert one.item.tolist() == every.item[every.start[7] : every.start[8]].tolist()
    np.testing.assert_allclose(own, scores[every.start[7] : every.start[8]], rtol=1e-4)


def test_the_columns_are_those_of_their_names() -> None:
    pool = Pool(np.array([0, 2, 2]), np.array([0, 1], np.int32), np.array([[2, -1], [1, 0]], np.float32), ("a", "b"))
    asked, known = Histories.of([[0, 2, 2], []], items=3), Facts(np.array([[3, 1, 2]] * 3, np.float32))
    units = Units(degree=(1.0, 2.0), length=(0.0, np.log(4)))
    matrix = columns(pool, np.array([5, 6], np.float32), asked, known, units)
    of = dict(zip(names(("a", "b")), matrix.T.tolist(), strict=True))
    taste = (1 + 0.5 + 0.5) / 3
    assert of["blend"] == [5, 6] and of["a"] == [2, -1] and of["b x length"] == pytest.approx([1, 0])
    assert of["a x popular"] == [2, 0] and of["a^2"] == [4, -1]
    assert of["popular"] == [0.5, -0.5] and of["popular^2"] == [0.25, 0.25]
    assert of["popular x taste"] == pytest.approx([taste / 2, -taste / 2])
    assert of["spread"] == [0.5, 0.5] and of["least"] == [1, -1] and of["most"] == [2, 0]


def test_weights_of_columns_that_say_nothing_are_nothing() -> None:
    rng = np.random.default_rng(0)
    blend = rng.normal(size=4000).astype(np.float32)
    matrix = np.stack([blend, np.zeros(4000, np.float32)], axis=1)
    label = np.zeros(4000, np.int32)
    label[np.arange(0, 4000, 10) + (blend + rng.gumbel(size=4000)).reshape(400, 10).argmax(axis=1)] = 1
    start = np.arange(401, dtype=np.int64) * 10
    weights = learned(Lesson(("blend", "nothing"), matrix, start, label, np.ones(400, np.int32)))
    assert weights[0] == pytest.approx(1, abs=0.2) and weights[1] == 0
