"""Choosing how much each part of the blend counts, on past moments that are not those it is judged by.

A coordinate search over the path that serves: each weight in turn tries its candidates and takes the one with the best
NDCG. Weights are never negative, and a part that does not help stays at a small one, so that it speaks where the others
are silent.
"""

from collections.abc import Sequence
from statistics import median

from tailorbird.offer.recommend.evaluate import evaluate, first_scores
from tailorbird.offer.recommend.fit import with_weights
from tailorbird.offer.recommend.model import Model, Weights
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf

CANDIDATES: dict[str, tuple[float, ...]] = {  # `again` stays 1: it is a chance, and the unit of the others
    "item": (0.005, 0.02, 0.06, 0.2, 0.6, 2.0),
    "popular": (0.01, 0.03, 0.08),
    "segment": (0.005, 0.02, 0.06),
    "trending": (0.002, 0.01, 0.03),
    "half_life_days": (0.01, 0.1, 1.0, 3.0, 10.0, 30.0, 90.0),  # from a quarter of an hour: a visit in itself
    "preference": (0.003, 0.01, 0.03, 0.1),
}
START = Weights(item=0.02, again=1.0, segment=0.02, popular=0.03, trending=0.002, half_life_days=30.0)
MARGIN = 1.001  # a gain below a tenth of a percent is noise: the weight stays
ROUNDS = 2


def chosen_weights(
    model: Model, shelf: Shelf, moments: Sequence[Case], start: Weights = START, names: Sequence[str] = (*CANDIDATES,)
) -> Weights:
    """The weights with the best NDCG over these moments, of those `names` that may change; START without moments."""
    if not moments:
        return start
    weights, best = start, _ndcg(model, shelf, moments, start)
    # A second round, because what suits one weight depends on the others.
    for _ in range(ROUNDS):
        before = weights
        for name in names:
            weights, best = _best_of(name, CANDIDATES[name], weights, best, (model, shelf, moments))
        # A round that changed nothing: the next would try the same.
        if weights == before:
            break
    return with_first(model, shelf, moments, weights)


def _best_of(
    name: str,
    candidates: Sequence[float],
    weights: Weights,
    best: float,
    place: tuple[Model, Shelf, Sequence[Case]],
) -> tuple[Weights, float]:
    from msgspec.structs import replace

    for candidate in candidates:
        if candidate != getattr(weights, name):
            tried = replace(weights, **{name: candidate})
            ndcg = _ndcg(*place, tried)
            if ndcg > best * MARGIN:
                weights, best = tried, ndcg
    return weights, best


def _ndcg(model: Model, shelf: Shelf, moments: Sequence[Case], weights: Weights) -> float:
    return float(evaluate(with_weights(model, weights), shelf, moments)["ndcg@20"])


def with_first(model: Model, shelf: Shelf, moments: Sequence[Case], weights: Weights) -> Weights:
    """Measure what a first place typically scores: a click of a moment ago is weighed against that."""
    from msgspec.structs import replace

    scores = first_scores(with_weights(model, weights), shelf, moments)
    return replace(weights, first=max(median(scores), 1e-3)) if scores else weights
