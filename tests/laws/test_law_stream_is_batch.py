"""Law 4: stream is batch. Whatever is defined and whatever happens, live membership and traits equal SQL over the lake.

And both equal what the words of the language say (docs/why/097-an-oracle-of-its-own.md). A trial is one site with some
40 definitions and a dozen people, asked at four instants: about 1,500 cases, and one DuckDB query for each instant.
"""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.testing.agreement import Site
from tailorbird.testing.drawn_definitions import Drawn, definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.histories import START, event
from tailorbird.testing.smallest import smallest
from tailorbird.testing.trials import told, try_one

SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
# A trial that fails tells its smallest example itself; shrinking a seed would only take time.
TRIALS = settings(FEW, phases=(Phase.explicit, Phase.generate))


@pytest.mark.slow
@TRIALS
@given(seed=SEEDS)
def test_live_batch_and_words_agree_in_whole_histories(tmp_path_factory, seed):
    trial = try_one(tmp_path_factory.mktemp("trial"), Random(seed))
    assert trial.cases > 500
    assert trial.examples == ()


@pytest.mark.slow
@FEW
@given(drawn=definitions(most=3), chance=st.randoms(use_true_random=False))
def test_live_batch_and_words_agree_on_what_hypothesis_draws(tmp_path_factory, drawn, chance):
    site = Site(tmp_path_factory.mktemp("drawn"))
    lives = draw_lives(chance, 1)
    found = [one for now in told(site, chance, lives, drawn, drawn) for one in site.differences(now)]
    site.close()
    assert found == []


def test_one_trial_agrees(tmp_path):
    trial = try_one(tmp_path, Random(4), definitions=8, people=6)
    assert (trial.cases > 200, trial.examples) == (True, ())


class Behind(Site):
    """A site whose batch side takes yesterday for today."""

    def batch(self, now):
        return super().batch(now - DAY_MS)


def test_planted_error_is_found_and_made_small(tmp_path):
    site = Behind(tmp_path)
    site.define(Drawn({}, {"busy": "orders() = 0 and count('Product Viewed', '4 days') >= 2"}), START)
    site.hear(*(event(n, [("userId", "anna")], "Product Viewed", at=START + n * HOUR_MS) for n in range(4)))
    [found] = site.differences(START + 4 * DAY_MS)
    words = smallest(site, found).splitlines()
    site.close()
    assert (found.live, found.batch, found.slow) == (False, True, False)
    assert words[0].startswith("count('Product Viewed', '4 days') at ")
    assert len(words) == 2, "one event is enough"
