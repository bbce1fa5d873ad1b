"""The best few are those of a sort, whatever is shut, and nothing is left on the desk."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tailorbird.offer.recommend import kernel
from tailorbird.offer.recommend.best_few import best_few


def sorted_out(touched, lift, doors, desk, depth):
    """The same by a sort: score first, then the lower slot."""
    row_of, is_open, allowed = doors
    may = [slot for slot in touched if is_open[slot] and (not len(allowed) or allowed[row_of[slot]])]
    return sorted(((slot, desk[slot] + lift[slot]) for slot in may), key=lambda one: (-one[1], one[0]))[:depth]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.floats(0, 1), st.floats(0, 3), st.booleans())
@example(seed=1, depth=25, shut=0.9, most=2.0, ruled=False)  # so few are open that the first bar is too high
def test_the_best_few_are_the_first_of_a_sort(seed, depth, shut, most, ruled):
    chance = np.random.default_rng(seed)
    slots = 600
    touched = chance.permutation(slots)[: chance.integers(0, slots)].astype(np.int32)
    desk = np.zeros(slots, np.float32)
    # Few values, so that there are ties.
    desk[touched] = chance.choice(np.array([0, 0.5, 1, 1.5, 2.75, *chance.random(20)], np.float32), len(touched))
    lift = (most * chance.random(slots)).astype(np.float32)
    allowed = chance.random(slots) < 0.3 if ruled else np.empty(0, np.bool_)
    doors = chance.permutation(slots).astype(np.int32), chance.random(slots) >= shut, allowed
    expected = sorted_out(touched.tolist(), lift, doors, desk, depth)
    found, scores = best_few(touched, (lift, touched[:0], float(lift.max())), doors, desk, depth)
    assert list(zip(found.tolist(), scores, strict=True)) == expected
    assert not desk.any()


def test_the_kernel_names_the_files_that_are_compiled_into_it():
    folder = Path(kernel.__file__).parent
    now = {name: sha256((folder / name).read_bytes()).hexdigest()[:12] for name in kernel.COMPILED_IN}
    assert now == kernel.COMPILED_IN, "write these into kernel.py, or numba goes on with what it kept of older files"
