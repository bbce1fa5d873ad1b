"""What is lent by its addresses is scored as what is handed over, and nothing but the right arrays can be lent."""

from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.offer.test_offer_kernel import desks_for, problem

from tailorbird.events import Item
from tailorbird.offer.recommend.join import Joint, joined
from tailorbird.offer.recommend.kernel import score, score_lent
from tailorbird.offer.recommend.lending import lend_pair, lend_past, lend_shop
from tailorbird.offer.shelf import Shelf

WHOLE, REAL = np.zeros(3, np.int32), np.zeros(3, np.float32)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 50), st.booleans())
def test_both_doors_of_the_kernel_answer_alike(seed, depth, personal):
    past, fading, near, tops, parts, base, doors = all_of_it = problem(seed)
    who, what = score((1.5, depth, 0.7, personal), *all_of_it, desks := desks_for(all_of_it))
    shop, lift = lend_shop(fading, near, tops, doors[0], desks), lend_pair(base[1], base[0])
    lent = [one for slots, values, factor in parts for one in (lend_pair(slots, values), factor)]
    found = np.empty((9, depth), np.int32), np.empty((9, depth), np.float32)
    count = score_lent(1.5, 0.7, personal, shop, lend_past(past), *lent, lift, base[2], *doors[1:], *found)
    np.testing.assert_array_equal(found[0][:, :count], who)
    np.testing.assert_array_equal(found[1][:, :count], what)
    assert not desks[0].any() and not desks[1].any()


@pytest.mark.parametrize(
    "pair",
    [(WHOLE, REAL.astype(np.float64)), (WHOLE.astype(np.int64), REAL), (WHOLE[::2], REAL), (WHOLE, REAL[::2])],
)
def test_an_array_whose_numbers_would_be_misread_is_not_lent(pair):
    with pytest.raises(TypeError):
        lend_pair(*pair)


def test_what_a_joint_lends_is_of_this_moment():
    shop = Shelf([Item("1", category="A")])
    before = joined(shop, None).lent()
    assert joined(shop, None).lent() is before
    more = [(str(number), Item(str(number), category=str(number))) for number in range(2, 300)]
    shop.apply(more, 1)  # more than there was room for, in more categories
    joint = joined(shop, None)
    now = lend_shop(joint.fading, joint.near, joint.ranks, joint.row_of, joint.desks)
    np.testing.assert_array_equal(joint.lent()[0], now)
    np.testing.assert_array_equal(joint.lent()[1], lend_pair(joint.base_slots, joint.base))


def test_a_refresh_that_is_stopped_leaves_no_addresses_of_what_is_gone(monkeypatch):
    shop = Shelf([Item("1", category="A")])
    joint = joined(shop, None)
    joint.lent()
    shop.apply([(str(number), Item(str(number), category=str(number))) for number in range(2, 300)], 1)
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(Joint, "_rank_categories", Mock(side_effect=MemoryError))
        joined(shop, None)
    assert joint._lent is None
    now = lend_shop(joint.fading, joint.near, joined(shop, None).ranks, joint.row_of, joint.desks)
    np.testing.assert_array_equal(joint.lent()[0], now)
    assert len(joint.ranks[1]) > 64 and len(joint.ranks[0]) == len(shop.category_of)
