"""How good is it? Past moments are asked again, through the very path that serves, and compared with what came next.

For each moment, with T the items of the session that began then and L the list that `decide` answers: Recall, NDCG,
precision, hit rate, MRR and MAP as `judge/measures.py` has them; what lists are like beside that is in breadth.py.

Only items that the shelf may show count as T. Means over moments, not over people. A list has one order, ties included
(by frequency), and is judged as it is shown. History is not masked: what was bought before may be bought again, and is
asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.consent.purpose import Policy
from tailorbird.events import Choice
from tailorbird.offer.decide import decide
from tailorbird.offer.judge.measures import by_question
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.fit import with_weights
from tailorbird.offer.recommend.model import Model, Rows, Weights
from tailorbird.offer.recommend.noise import means
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

Doubles = NDArray[np.float64]
AT = (10, 20)  # lengths of a list for which the measures are given
# A trace of popularity fills the page behind what a part says, and decides nothing before it.
SCORERS: dict[str, tuple[str, Weights]] = {  # name -> (placement, weights): each part alone, by the same path
    "popular": ("popular", Weights(0, 0, 0, popular=1, trending=0)),
    "trending": ("popular", Weights(0, 0, 0, popular=0.001, trending=1)),
    "item_to_item": ("home", Weights(1, 0, 0, popular=1e-6, trending=0)),
    "segment": ("home", Weights(0, 0, 1, popular=0.001, trending=0)),
    "buy_again": ("home", Weights(0, 1, 0, popular=1e-6, trending=0)),
}


@dataclass(frozen=True)
class Targets:
    """What m moments wanted, as rows of the shelf: row[start[n]:start[n + 1]] of moment n. `person` by moment."""

    start: NDArray[np.int64]
    row: Rows
    person: NDArray[np.int64]


def targets_of(moments: Sequence[Case], shelf: Shelf) -> Targets:
    """The targets of these moments; -1 for what is not on the shelf."""
    # Sorted: a set has another order in each process, and sums of floats another last digit.
    wanted = [[shelf.row.get(item_id, -1) for item_id in sorted(moment.targets)] for moment in moments]
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in wanted])]).astype(np.int64)
    number: dict[bytes, int] = {}
    person = np.array([number.setdefault(m.profile.person, len(number)) for m in moments], np.int64)
    return Targets(start, np.array([row for rows in wanted for row in rows], np.int32), person)


def pages(model: Model | None, shelf: Shelf, moments: Sequence[Case], at: int, placement: str = "home") -> Rows:
    """What visitors would have been shown: moments x `at` shelf rows, -1 behind the last."""
    return rows_of([[c.id for c in served(model, shelf, m, at, placement)] for m in moments], shelf, at)


def rows_of(lists: Sequence[Sequence[str]], shelf: Shelf, at: int) -> Rows:
    """These lists of ids as rows."""
    found = np.full((len(lists), at), -1, np.int32)
    for line, shown in zip(found, lists, strict=True):
        line[: len(shown)] = [shelf.row[item_id] for item_id in shown]
    return found


def scored(shown: Rows, targets: Targets, at: Iterable[int] = AT) -> dict[str, Doubles]:
    """Each measure of each moment, such as "ndcg@20"; MRR is that of the whole list."""
    ranks = _ranks(shown, targets)
    found: dict[str, Doubles] = {}
    for length in at:
        by_moment = by_question(targets.start, ranks, length)
        mrr = by_moment.pop("mrr")
        found |= {f"{name}@{length}": values for name, values in by_moment.items()} | {"mrr": mrr}
    return found


def _ranks(shown: Rows, targets: Targets) -> Doubles:
    """Of each target in its own page, from 1; inf where it is not shown."""
    moment = np.repeat(np.arange(len(targets.start) - 1), np.diff(targets.start))
    same = (shown[moment] == targets.row[:, None]) & (targets.row >= 0)[:, None]
    if not same.size:
        return np.full(len(targets.row), np.inf)
    # No mid-ranks here: a page has one order, and it is judged as it was shown.
    ranks: Doubles = np.where(same.any(1), same.argmax(1) + 1.0, np.inf)
    return ranks


def offerable(moments: Sequence[Case], shelf: Shelf) -> list[Case]:
    """The moments with only those targets that the shelf may show at all, and only the moments that keep one.

    Else fuel, deposits and items out of the range, which no page offers, would decide what the figures look like.
    """
    kept = (replace(m, targets=frozenset(_offered(m.targets, shelf, m.now))) for m in moments)
    return [moment for moment in kept if moment.targets]


def _offered(ids: Iterable[str], shelf: Shelf, now: int) -> list[str]:
    open_rows = shelf.open_rows(now)
    return [item_id for item_id in ids if (row := shelf.row.get(item_id)) is not None and open_rows[row]]


def most_bought(moments: Sequence[Case], shelf: Shelf, at: int) -> Rows:
    """The floor: what each person bought most often so far, the rest of the page empty."""
    lists = [
        sorted(_offered(m.profile.bought, shelf, m.now), key=lambda item, m=m: -m.profile.bought[item].times)[:at]  # type: ignore[misc]
        for m in moments
    ]
    return rows_of(lists, shelf, at)


def evaluate(
    model: Model | None, shelf: Shelf, moments: Sequence[Case], at: int = 20, placement: str = "home"
) -> dict[str, Any]:
    """The mean of each measure at `at`, and the number of moments, for what this model serves."""
    shown = pages(model, shelf, moments, at, placement)
    return {**means(scored(shown, targets_of(moments, shelf), (at,))), "moments": len(moments)}


def scorer_pages(model: Model, shelf: Shelf, moments: Sequence[Case], at: int) -> dict[str, Rows]:
    """Pages of the floor, of each part of the blend alone, and last of the blend that serves."""
    alone = {
        name: pages(with_weights(model, weights), shelf, moments, at, placement)
        for name, (placement, weights) in SCORERS.items()
    }
    floor = most_bought(moments, shelf, at)
    if model.ranker is not None:
        alone["blend_without_trees"] = pages(with_weights(model, model.manifest.weights), shelf, moments, at)
    return {"most_bought_by_person": floor, **alone, "blend": pages(model, shelf, moments, at)}


def first_scores(model: Model, shelf: Shelf, moments: Sequence[Case]) -> list[float]:
    """What the first place of each page scores."""
    return [shown[0].score for moment in moments if (shown := served(model, shelf, moment, 1, "home"))]


def served(model: Model | None, shelf: Shelf, moment: Case, at: int, placement: str) -> list[Choice]:
    """What a visitor would have been shown."""
    request = Request((placement,), limit=at, visit=moment.visit)
    [decision] = decide(request, moment.person(), shelf, model, BUILT_IN, Policy(), moment.now, str)
    return decision.items
