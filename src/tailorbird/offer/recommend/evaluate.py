"""How good is it? Past moments are asked again, through the very path that serves, and compared with what came next.

For each moment, with T the items of the session that began then and L the list that `decide` answers:

    recall    |T in the first k of L| / |T|
    ndcg      sum of 1 / log2(rank + 1) over hits, as a share of the best possible with |T| items
    mrr       1 / rank of the first hit, 0 without one
    coverage  share of the catalogue that appears in any list

Only items that the shelf may show count as T. Means over moments, not over people. A list has one order, ties included
(by frequency), and is judged as it is shown. History is not masked: what was bought before may be bought again, and is
asked for.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tailorbird.consent.purpose import Policy
from tailorbird.events import Choice
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.fit import with_weights
from tailorbird.offer.recommend.model import Model, Weights
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

SCORERS: dict[str, tuple[str, Weights]] = {  # name -> (placement, weights): each part alone, by the same path
    "popular": ("popular", Weights(0, 0, 0, popular=1, trending=0)),
    "trending": ("popular", Weights(0, 0, 0, popular=0.001, trending=1)),
    "item_to_item": ("home", Weights(1, 0, 0, popular=1e-6, trending=0)),
    "segment": ("home", Weights(0, 0, 1, popular=0.001, trending=0)),
    "buy_again": ("home", Weights(0, 1, 0, popular=1e-6, trending=0)),
}


def report(model: Model, shelf: Shelf, moments: Sequence[Case], at: int = 20) -> list[dict[str, Any]]:
    """One line a scorer: a floor (what the person bought most often), each part alone, and the blend that serves."""
    floor = [_most_bought(moment, shelf, at) for moment in moments]
    lines = [{"model": "most_bought_by_person", **measured(floor, moments, at, len(shelf))}]
    for name, (placement, weights) in SCORERS.items():
        lines.append({"model": name, **evaluate(with_weights(model, weights), shelf, moments, at, placement)})
    return [*lines, {"model": "blend", **evaluate(model, shelf, moments, at)}]


def offerable(moments: Sequence[Case], shelf: Shelf) -> list[Case]:
    """The moments with only those targets that the shelf may show at all, and only the moments that keep one.

    Else fuel, deposits and items out of the range, which no page offers, would decide what the figures look like.
    """
    kept = (Case(m.profile, m.now, frozenset(_offered(m.targets, shelf, m.now))) for m in moments)
    return [moment for moment in kept if moment.targets]


def _offered(ids: Iterable[str], shelf: Shelf, now: int) -> list[str]:
    open_rows = shelf.open_rows(now)
    return [item_id for item_id in ids if (row := shelf.row.get(item_id)) is not None and open_rows[row]]


def _most_bought(moment: Case, shelf: Shelf, at: int) -> list[str]:
    bought = moment.profile.bought
    return sorted(_offered(bought, shelf, moment.now), key=lambda item: -bought[item].times)[:at]


def evaluate(
    model: Model | None, shelf: Shelf, moments: Sequence[Case], at: int = 20, placement: str = "home"
) -> dict[str, Any]:
    """Recall, NDCG and MRR at `at`, coverage, and the number of moments, for what this model serves."""
    lists = [[choice.id for choice in served(model, shelf, moment, at, placement)] for moment in moments]
    return measured(lists, moments, at, len(shelf))


def measured(lists: Sequence[Sequence[str]], moments: Sequence[Case], at: int, items: int) -> dict[str, Any]:
    """The measures of these lists; zeros where there are none."""
    scores = np.array([_scores(shown, moment.targets, at) for shown, moment in zip(lists, moments, strict=True)])
    recall, ndcg, mrr = scores.mean(0).tolist() if len(scores) else (0.0, 0.0, 0.0)
    seen = len({item_id for shown in lists for item_id in shown})
    return {f"recall@{at}": recall, f"ndcg@{at}": ndcg, "mrr": mrr, "coverage": seen / max(1, items),
            "moments": len(moments)}  # fmt: skip


def first_scores(model: Model, shelf: Shelf, moments: Sequence[Case]) -> list[float]:
    """What the first place of each page scores."""
    return [shown[0].score for moment in moments if (shown := served(model, shelf, moment, 1, "home"))]


def served(model: Model | None, shelf: Shelf, moment: Case, at: int, placement: str) -> list[Choice]:
    """What a visitor would have been shown."""
    request = Request((placement,), limit=at)
    [decision] = decide(request, moment.profile, shelf, model, BUILT_IN, Policy(), moment.now, str)
    return decision.items


def _scores(shown: Sequence[str], targets: frozenset[str], at: int) -> tuple[float, float, float]:
    ranks = [rank for rank, item_id in enumerate(shown, 1) if item_id in targets]
    gain, best = sum(DISCOUNTS[rank - 1] for rank in ranks), DISCOUNTS[: min(len(targets), at)].sum()
    return len(ranks) / len(targets), float(gain / best), 1 / ranks[0] if ranks else 0.0


DISCOUNTS = 1 / np.log2(np.arange(2, 202))
