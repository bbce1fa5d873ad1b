import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import msgspec
import numpy as np

from tailorbird.errors import BadDefinition
from tailorbird.offer.hybrid.chosen import repeating
from tailorbird.offer.hybrid.members import members, settings
from tailorbird.offer.hybrid.tools import Budget, Cost, Tools
from tailorbird.offer.judge.protocols import last_contacts, validated
from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.popular import PopularRecipe

EXAM = last_contacts(Histories.of([[1, 2, 3], [2, 3, 1], [3, 1, 2]], 4), at=2)


class Impatient(PopularRecipe, frozen=True, tag="impatient"):
    """Asks its judge until it is told to stop, and lets that through."""

    power: int = 1

    def tuned(self, known: Histories, judge: Any, seed: int = 0) -> "Impatient":
        while True:
            judge(self.fit(known))


class TooLarge(PopularRecipe, frozen=True, tag="too-large"):
    def fit(self, known: Histories, seed: int = 0) -> Any:
        raise BadDefinition("needs 90 GB")


def tools(now: Any = time.monotonic) -> Tools:
    return Tools(now, lambda: nullcontext(Cost()), lambda text: None)


def budget(seconds: float = 60) -> Budget:
    return Budget(seconds, time.monotonic(), time.monotonic)


def test_a_recipe_that_does_not_end_keeps_its_defaults() -> None:
    ready, _ = members([Entry(Impatient(), ("next-item",))], EXAM, budget(), time.monotonic() + 0.05, tools(), 0)
    assert ready[0].recipe == Impatient()


def test_a_recipe_that_fails_is_left_out_with_what_it_says() -> None:
    entries = [Entry(PopularRecipe(), ("next-item",)), Entry(TooLarge(), ("next-item",))]
    ready, dropped = members(entries, EXAM, budget(), time.monotonic() + 5, tools(), 0)
    assert [member.name for member in ready] == ["popular"]
    assert dropped == {"popular": "needs 90 GB"}  # the name that it inherits


def test_without_time_the_first_still_answers() -> None:
    entries = [Entry(PopularRecipe(), ("next-item",))] * 2
    ready, dropped = members(entries, EXAM, budget(1), time.monotonic() - 1, tools(), 0)
    assert len(ready) == 1
    assert dropped == {"popular": "no time: 1 s are too few to tune it"}


def test_settings_are_told_without_the_type() -> None:
    assert settings(Impatient(power=3)) == {"power": 3}
    assert msgspec.to_builtins(Impatient())["type"] == "impatient"


def test_whether_people_repeat_themselves_is_seen_on_validation() -> None:
    never = last_contacts(Histories.of([[1, 2, 3, 0]] * 5, 4), at=2)
    always = last_contacts(Histories.of([[1, 2, 1, 1]] * 5, 4), at=2)
    assert repeating(never, validated(never)) == (True, "ranked last: no validation target repeats its history")
    assert repeating(always, validated(always)) == (False, "ranked with all: 100.0% of the validation targets repeat")
    assert np.all(always.target == 1)


class Slow(PopularRecipe, frozen=True, tag="slow"):
    """Its search makes what it chose: of three fits the second takes longest."""

    def tuned_and_fitted(self, known: Histories, judge: Any, seed: int = 0) -> tuple["Slow", Any]:
        for seconds in (0.01, 0.1, 0.0):
            time.sleep(seconds)
            judge(self.fit(known))
        return self, self.fit(known)


def test_what_a_search_has_fitted_is_known_to_take_time_again() -> None:
    @contextmanager
    def cost() -> Iterator[Cost]:
        one, began = Cost(), time.monotonic()
        yield one
        one.seconds = time.monotonic() - began

    timing = Tools(time.monotonic, cost, lambda text: None)
    ready, _ = members([Entry(Slow(), ("next-item",))], EXAM, budget(), time.monotonic() + 5, timing, 0)
    assert 0.1 <= ready[0].costs["fit"].seconds < 0.1 + ready[0].costs["tune"].seconds
