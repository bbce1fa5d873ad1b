"""The search keeps one fit, and begins none that nobody would hear of."""

import msgspec
import pytest

from tailorbird.offer.retrievers.als import AlsRecipe
from tailorbird.offer.retrievers.climb import MARGIN, climb, each, fitted_climb
from tailorbird.offer.retrievers.trying import Spent
from tailorbird.testing.retriever_contract import crowd


class Point(msgspec.Struct, frozen=True):
    x: int = 0
    y: int = 0


class Hurry:
    """Judges by `worth`, and has time for so many judgements."""

    def __init__(self, left: int) -> None:
        self.left = left

    def in_time(self) -> None:
        if self.left <= 0:
            raise Spent("over")

    def __call__(self, point: Point) -> float:
        self.in_time()
        self.left -= 1
        return -abs(point.x - 2) - abs(point.y - 1) - 1.0


STEPS = [each("x", 1, 2, 3), each("y", 1, 2)]


@pytest.mark.parametrize(("judgements", "fits"), [(0, 1), (1, 1), (3, 3), (99, 6)])
def test_no_fit_begins_after_the_time(judgements: int, fits: int) -> None:
    made: list[Point] = []

    def fit(point: Point) -> Point:
        made.append(point)
        return point

    best, fitted = fitted_climb(Point(), STEPS, fit, Hurry(judgements))
    assert len(made) == fits and fitted is best
    assert best == climb(Point(), STEPS, Hurry(judgements))


def test_a_change_within_the_margin_is_none() -> None:
    worth = {0: 1.0, 1: 1 + MARGIN / 2, 2: 1 + 2 * MARGIN, 3: 1 + 2.5 * MARGIN}
    assert climb(Point(), [each("x", 1, 2, 3)], lambda point: worth[point.x]) == Point(x=2)


def test_als_of_few_factors_is_not_tried_with_more() -> None:
    asked: list[int] = []

    def judge(fitted) -> float:  # type: ignore[no-untyped-def]
        asked.append(fitted.items.shape[1])
        return 1.0

    AlsRecipe(factors=4, epochs=1).tuned_and_fitted(crowd(), judge)
    assert set(asked) == {4}
