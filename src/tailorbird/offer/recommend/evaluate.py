"""How good is it? Past moments are asked again, through the very path that serves, and compared with what came next.

For each moment, with T the items of the session that began then and L the list that `decide` answers:

    recall    |T in the first k of L| / |T|
    ndcg      sum of 1 / log2(rank + 1) over hits, as a share of the best possible with |T| items
    mrr       1 / rank of the first hit, 0 without one
    coverage  share of the catalogue that appears in any list

Means over moments, not over people. A list has one order, ties included (by frequency), and is judged as it is shown.
History is not masked: what was bought before may be bought again, and is asked for.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tailorbird.consent.purpose import Policy
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf


def evaluate(
    model: Model | None, shelf: Shelf, moments: Sequence[Case], at: int = 20, placement: str = "home"
) -> dict[str, Any]:
    """Recall, NDCG and MRR at `at`, coverage, and the number of moments; zeros where there are none."""
    lists = [served(model, shelf, moment, at, placement) for moment in moments]
    scores = np.array([_scores(shown, moment.targets, at) for shown, moment in zip(lists, moments, strict=True)])
    recall, ndcg, mrr = scores.mean(0).tolist() if len(scores) else (0.0, 0.0, 0.0)
    seen = len({item_id for shown in lists for item_id in shown})
    return {f"recall@{at}": recall, f"ndcg@{at}": ndcg, "mrr": mrr, "coverage": seen / max(1, len(shelf)),
            "moments": len(moments)}  # fmt: skip


def served(model: Model | None, shelf: Shelf, moment: Case, at: int, placement: str) -> list[str]:
    """What a visitor would have been shown."""
    request = Request((placement,), limit=at)
    [decision] = decide(request, moment.profile, shelf, model, BUILT_IN, Policy(), moment.now, str)
    return [choice.id for choice in decision.items]


def _scores(shown: list[str], targets: frozenset[str], at: int) -> tuple[float, float, float]:
    ranks = [rank for rank, item_id in enumerate(shown, 1) if item_id in targets]
    gain, best = sum(DISCOUNTS[rank - 1] for rank in ranks), DISCOUNTS[: min(len(targets), at)].sum()
    return len(ranks) / len(targets), float(gain / best), 1 / ranks[0] if ranks else 0.0


DISCOUNTS = 1 / np.log2(np.arange(2, 202))
