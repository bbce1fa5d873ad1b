"""Explicit ratings: each rater predicts those of the test; RMSE and MAE."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest
from tailorbird.offer.judge.measures import mae, rmse
from tailorbird.offer.retrievers.catalog import RATINGS
from tailorbird.offer.retrievers.rating import Rater, RatingRecipe, Ratings
from tailorbird.shell.evaluating.measuring import cost

HELD_OUT = 0.1


def lines_of(known: Ratings, test: Ratings, model: str, seed: int) -> Iterator[dict[str, Any]]:
    """One line a rater; `auto` is the one that was best on held-out ratings of train, tuned like the others."""
    chosen = [recipe for recipe in RATINGS if model in ("auto", "all", recipe.name)]
    if not chosen:
        raise BadRequest(f"There is no model {model!r} for ratings. Known: auto, all, {', '.join(_names())}.")
    learned, held = _split(known, seed)
    best: tuple[float, dict[str, Any]] | None = None
    for recipe in chosen:
        found, line = _line(recipe, known, test, learned, held, seed)
        yield line
        if best is None or found < best[0]:
            best = found, line
    if model == "auto" and best is not None:
        yield {**best[1], "model": "auto", "chosen": best[1]["model"]}


def _line(
    recipe: RatingRecipe, known: Ratings, test: Ratings, learned: Ratings, held: Ratings, seed: int
) -> tuple[float, dict[str, Any]]:
    """(RMSE on held-out ratings of train, the line of the test)."""

    def judge(rater: Rater) -> float:
        return -rmse(rater.predict(held.user, held.item), held.value.astype(np.float64))

    with cost() as tuning:
        tuned = recipe.tuned(learned, judge, seed)
        on_validation = -judge(tuned.fit(learned, seed))
    with cost() as fitting:
        rater = tuned.fit(known, seed)
    with cost() as answering:
        predicted = rater.predict(test.user, test.item)
    true, costs = test.value.astype(np.float64), {"tune": tuning, "fit": fitting, "answer": answering}
    return on_validation, {
        "protocol": "ratings",
        "model": recipe.name,
        "rmse": round(rmse(predicted, true), 5),
        "mae": round(mae(predicted, true), 5),
        "seconds": {step: round(one.seconds, 2) for step, one in costs.items()},
        "peak_mb": round(max(one.peak_mb for one in costs.values())),
        "ratings": len(true),
        "people": known.users,
        "items": known.items,
        "validation": "chosen on a part of train; in the final fit",
    }


def _split(known: Ratings, seed: int) -> tuple[Ratings, Ratings]:
    """A tenth of the ratings, drawn, is held out."""
    held = np.random.default_rng(seed).random(len(known.value)) < HELD_OUT
    # So few ratings that chance took all or none: one goes the other way.
    if held.all() or not held.any():
        held[:1] = not held[0]

    def where(keep: NDArray[np.bool_]) -> Ratings:
        return Ratings(known.user[keep], known.item[keep], known.value[keep], known.users, known.items)

    return where(~held), where(held)


def _names() -> list[str]:
    return [recipe.name for recipe in RATINGS]
