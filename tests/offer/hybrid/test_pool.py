import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tailorbird.offer.hybrid.pool import Pool, joined, narrowed, only, pooled
from tailorbird.offer.hybrid.scale import SCALES, scaled

BESTS = arrays(np.int32, (3, 4), elements=st.integers(-1, 9))


@given(BESTS, BESTS, arrays(np.float32, (2, 3, 10), elements=st.floats(-1, 1, width=32)))
def test_a_pool_is_the_union_with_everybodys_scores(one: np.ndarray, other: np.ndarray, dense: np.ndarray) -> None:
    pool = pooled([one, other], list(dense), ("one", "other"))
    for row in range(3):
        own = slice(pool.start[row], pool.start[row + 1])
        assert pool.item[own].tolist() == sorted({*one[row], *other[row]} - {-1})
        assert pool.scores[:, own].tolist() == dense[:, row, pool.item[own]].tolist()


def test_pools_of_parts_are_the_pool_of_all() -> None:
    rng = np.random.default_rng(0)
    best, dense = rng.integers(-1, 9, (6, 4)).astype(np.int32), rng.random((6, 9), np.float32)
    whole = pooled([best], [dense], ("one",))
    parts = joined([pooled([best[:2]], [dense[:2]], ("one",)), pooled([best[2:]], [dense[2:]], ("one",))])
    assert (whole.start.tolist(), whole.item.tolist()) == (parts.start.tolist(), parts.item.tolist())
    assert whole.scores.tolist() == parts.scores.tolist()
    assert whole.part(2, 6).item.tolist() == pooled([best[2:]], [dense[2:]], ("one",)).item.tolist()


def test_narrowed_keeps_the_best_in_the_order_of_items() -> None:
    pool = Pool(np.array([0, 3, 4]), np.array([2, 5, 7, 1], np.int32), np.zeros((1, 4), np.float32), ("one",))
    top, kept = narrowed(pool, np.array([1, 3, 2, 0], np.float32), 2)
    assert (top.start.tolist(), top.item.tolist(), kept.tolist()) == ([0, 2, 3], [5, 7, 1], [1, 2, 3])


@given(arrays(np.float32, 12, elements=st.floats(-100, 100, width=32)))
def test_scaling_keeps_the_order_and_is_the_same_for_one_person_alone(values: np.ndarray) -> None:
    pool = Pool(np.array([0, 7, 7, 12]), np.arange(12, dtype=np.int32), values[None], ("one",))
    for scale in SCALES:
        found = scaled(pool, scale).scores[0]
        assert np.isfinite(found).all()
        for row in range(3):
            own = slice(pool.start[row], pool.start[row + 1])
            gaps = np.sign(np.subtract.outer(values[own], values[own]))
            assert (np.sign(np.subtract.outer(found[own], found[own])) * gaps >= 0).all()
            assert scaled(pool.part(row, row + 1), scale).scores[0].tolist() == found[own].tolist()


@given(arrays(np.float32, (3, 2, 12), elements=st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0])), st.integers(1, 5))
def test_a_pool_of_fewer_retrievers_can_be_read_off(dense: np.ndarray, width: int) -> None:
    def best(block: np.ndarray) -> np.ndarray:
        order = np.argsort(-block, axis=1, kind="stable")[:, :width]
        return np.where(np.take_along_axis(block, order, 1) > 0, order, -1).astype(np.int32)

    whole = pooled([best(block) for block in dense], list(dense), ("a", "b", "c"))
    fewer = pooled([best(dense[0]), best(dense[2])], [dense[0], dense[2]], ("a", "c"))
    found = only(whole, [0, 2], width)
    assert (found.start.tolist(), found.item.tolist()) == (fewer.start.tolist(), fewer.item.tolist())
    assert (found.scores.tolist(), found.retrievers) == (fewer.scores.tolist(), fewer.retrievers)
