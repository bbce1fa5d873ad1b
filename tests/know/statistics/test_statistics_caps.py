"""What is bounded says when it has passed its bound."""

from tailorbird.know.statistics.absence import Absence
from tailorbird.know.statistics.chain import CAP as CHAINS
from tailorbird.know.statistics.chain import ROOM, Chain
from tailorbird.know.statistics.leaning import Leaning
from tailorbird.know.statistics.statistic import of
from tailorbird.know.statistics.tally import CAP, Tally
from tailorbird.know.statistics.window_tally import WindowDistinct, WindowTally


def test_a_thousand_different_values_are_exact_and_more_are_marked():
    tally = Tally()
    for number in range(CAP):
        tally.update(number, f"item {number}")
    assert (tally.distinct(), tally.approximate) == (CAP, False)
    tally.update(CAP, "one more")
    assert tally.approximate and tally.distinct() == CAP + 1


def test_a_value_that_comes_often_outlives_the_rare_ones():
    tally = Tally()
    for number in range(3 * CAP):
        tally.update(number, f"item {number}")
        tally.update(number, "milk")
    assert tally.get(0) == "milk" and len(tally.times) <= CAP


def test_windows_forget_that_they_were_approximate_once_all_of_it_has_left():
    for kind in (WindowDistinct, WindowTally):
        seen = of(kind, granule=10, span=3)()
        for number in range(CAP + 1):
            seen.update(5, f"item {number}")
        assert seen.approximate
        seen.get(1000)
        assert not seen.approximate


def test_an_absence_keeps_two_hundred_open_keys():
    carts = of(Absence, within=60, until_ms=None)()
    for number in range(201):
        carts.first(number, f"cart {number}")
    assert carts.approximate and len(carts.open) == 200


def test_a_chain_lets_go_of_keys_that_cannot_go_on_before_it_is_approximate():
    chain = of(Chain, steps=2, within=60)()
    for number in range(1_000):
        chain.begin(10 * number, f"cart {number}")
    assert not chain.approximate and len(chain.started) <= ROOM + 1


def test_a_chain_of_too_many_keys_at_once_is_marked():
    chain = of(Chain, steps=2, within=60)()
    for number in range(CHAINS + 1):
        chain.begin(5, f"cart {number}")
    assert chain.approximate and len(chain.started) <= CHAINS


def test_leanings_of_a_short_half_life_survive_years():
    leaning = of(Leaning, half_life=3_600_000, asked=("tea",))()
    for year in range(10):
        leaning.update(year * 31_536_000_000, ("tea", 1.0))
    assert leaning.get(0) == {"tea": 1.0}


def test_chains_count_each_end_with_the_latest_start_that_reaches_it():
    chain = of(Chain, steps=3, within=50)()
    steps = [(0, 0), (0, 30), (1, 40), (2, 60), (2, 80), (2, 81)]
    assert [chain.step(step, at, "") if step else chain.begin(at, "") for step, at in steps] == [0, 0, 0, 1, 1, 0]


def test_steps_at_one_instant_are_not_in_order():
    chain = of(Chain, steps=2, within=50)()
    assert [chain.begin(10, ""), chain.step(1, 10, ""), chain.step(1, 11, "")] == [0, 0, 1]
