"""LambdaMART by lightgbm: trees that learn to put what a person took before what they did not.

Burges, "From RankNet to LambdaRank to LambdaMART", 2010. Lessons from logged clicks bring weights against the bias of
their places. One that brings the places instead has them learned beside it and left out (lightgbm's `position`, in the
manner of Hu et al., WWW 2019): that is what docs/why/114 compares the weights with.
"""

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from tailorbird.errors import MissingExtra
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.shell.learning.boosted import forest_of

if TYPE_CHECKING:
    from lightgbm import Dataset


class Settings(msgspec.Struct, frozen=True):
    """What the trees are grown with: settings to begin with, none of them tuned to a data set."""

    leaves: int = 31  # of a tree
    rate: float = 0.06  # how much of each tree is taken
    rounds: int = 400  # trees at most
    patience: int = 30  # trees without a gain on those who say when to stop
    least: int = 50  # candidates in a leaf
    share: float = 0.8  # of the features, drawn anew for each tree
    at: int = 10  # the places whose order counts
    threads: int = 1


def lambdamart(learn: Lesson, stop: Lesson, seed: int = 0, settings: Settings | None = None) -> Forest:
    """Trees learned from `learn`, as many as were best for `stop`. The same input and seed give the same trees.

    Raises MissingExtra where lightgbm is not installed.
    """
    try:
        import lightgbm
    except ImportError:
        raise MissingExtra("Re-ranking with trees", "recommend") from None
    settings = settings or Settings()
    learning = _dataset(learn, settings, seed)
    booster = lightgbm.train(
        _parameters(settings, seed) | _rising(learn),
        learning,
        settings.rounds,
        valid_sets=[_dataset(stop, settings, seed, learning)],
        callbacks=[lightgbm.early_stopping(settings.patience, verbose=False)],
    )
    return forest_of(booster, learn.names)


def _parameters(settings: Settings, seed: int) -> dict[str, Any]:
    return {
        "objective": "lambdarank",
        "metric": "ndcg",
        "eval_at": [settings.at],
        "lambdarank_truncation_level": 2 * settings.at,
        "num_leaves": settings.leaves,
        "learning_rate": settings.rate,
        "min_data_in_leaf": settings.least,
        "feature_fraction": settings.share,
        "num_threads": settings.threads,
        "seed": seed,
        # The layout is told, not tried out: left to itself lightgbm times two and may take the other the next time.
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def _rising(lesson: Lesson) -> dict[str, Any]:
    """The constraint that more of some features may only raise a score."""
    return {"monotone_constraints": [int(rises) for rises in lesson.rising]} if any(lesson.rising) else {}


def _dataset(lesson: Lesson, settings: Settings, seed: int, reference: "Dataset | None" = None) -> "Dataset":
    """People who took none or all of their candidates teach nothing about order, and are left out."""
    import lightgbm

    count = np.diff(lesson.start)
    row = np.repeat(np.arange(len(lesson)), count)
    took = np.bincount(row[lesson.label > 0], minlength=len(lesson))
    kept = lesson.of((took > 0) & (took < count))
    return lightgbm.Dataset(
        kept.matrix,
        kept.label,
        group=np.diff(kept.start),
        # lightgbm has a weight for each row: all rows of a question get that of the question.
        weight=None if kept.weight is None else np.repeat(kept.weight, np.diff(kept.start)),
        position=kept.position,
        init_score=kept.prior,
        reference=reference,
        params=_parameters(settings, seed) | _rising(lesson),
    )
