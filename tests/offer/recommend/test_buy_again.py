"""The chance to buy again is counted out, and so true on average."""

import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Bought, Profile
from tailorbird.offer.recommend.again_table import again_table
from tailorbird.offer.recommend.buy_again import again_of
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.person import Person, order_gap_ms
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.shelf import Shelf

WEEK = 7 * DAY_MS


def simulated(people=300, weeks=30, chances=(0.8, 0.4, 0.1), seed=3):
    """People who buy each of three items every week with its own fixed chance."""
    dice = np.random.default_rng(seed).random((people, weeks, len(chances)))
    always = [(f"p{p}", "bread", "bought", w * WEEK) for p in range(people) for w in range(weeks)]
    some = np.argwhere(dice < np.array(chances))
    return Interactions.of([*always, *((f"p{p}", f"i{i}", "bought", w * WEEK) for p, w, i in some.tolist())])


def test_chances_match_the_truth_of_a_simulation():
    lines = simulated()
    model = fit(lines.before(26 * WEEK), 26 * WEEK, Manifest("1"))
    joint = Joint(Shelf(), model)
    guessed, truth = {i: [] for i in ("i0", "i1", "i2")}, {"i0": 0.8, "i1": 0.4, "i2": 0.1}
    for case in cases(lines, 26 * WEEK, 27 * WEEK, 300):
        _, values = again_of(Person(case.profile), joint, case.now)
        for item, value in zip(case.profile.bought, values.tolist(), strict=True):
            guessed.setdefault(item, []).append(value)
    assert all(abs(np.mean(guessed[item]) - chance) < 0.08 for item, chance in truth.items())


def test_an_item_bought_again_more_than_others_is_loyal():
    lines = simulated(chances=(0.8, 0.8, 0.8))
    moments = cases(lines, 20 * WEEK, 30 * WEEK, 900)
    table, loyalty = again_table(moments, {item: row for row, item in enumerate(lines.ids)})
    assert loyalty[lines.ids.index("bread")] > loyalty[lines.ids.index("i0")]
    assert np.isfinite(table).all() and (table >= 0).all()


def test_nothing_to_learn_from_gives_no_chance_and_no_error():
    table, loyalty = again_table([], {"a": 0})
    assert (table.max(), loyalty.tolist()) == (0.0, [1.0])


def test_a_single_order_counts_as_a_weekly_shopper():
    assert order_gap_ms(Profile(b"p", orders=1)) == WEEK
    assert order_gap_ms(Profile(b"p", orders=3, first_order_at=0, last_order_at=4 * DAY_MS)) == 2 * DAY_MS


def test_odd_purchases_do_not_break_the_chance():
    odd = {"a": Bought(0, 5, 3), "b": Bought(10**6, 9, 9), "c": Bought(2, 10**15, 10**15)}
    model = fit(simulated(20, 8), 8 * WEEK, Manifest("1"))
    _, values = again_of(Person(Profile(b"p", bought=odd, orders=5)), Joint(Shelf(), model), 8 * WEEK)
    assert np.isfinite(values).all()
