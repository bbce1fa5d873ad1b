"""A compiled blend asked as visitors ask: a model of its table, profiles of its histories, and `decide`.

`tailorbird evaluate` measures with it what the line `served` tells: the gate, the kernel and the limits of a profile
are those of a request. A step of a history is an hour here, so that a half-life says how fast it fades.
"""

from collections.abc import Callable
from math import isinf, log

import numpy as np

from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, HOUR_MS, Item
from tailorbird.know.profile import RECENT_ITEMS, Bought, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.hybrid.compiled import WIDTH, Serving
from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.model import AGAIN_SHAPE, Manifest, Model, Weights
from tailorbird.offer.request import Request
from tailorbird.offer.retrievers.histories import Floats, Ints
from tailorbird.offer.shelf import Shelf

NOW = 10**13  # ms
FOR_EVER_DAYS = 1e9
LEAST = 1e-12  # of what nothing but being popular speaks for
Answering = Callable[[Ints], tuple[Ints, Floats]]


def serving(one: Serving) -> Answering:
    """What `decide` shows for a history, oldest first: items and scores, best first."""
    model, shelf = model_of(one), Shelf(Item(str(row)) for row in range(len(one.popular)))
    # Without the share that a category may have of a page: a list of test items has no categories.
    placement = Placement("home", hide=("bought",) if one.masked else (), per_category=1.0)
    request = Request(("home",), limit=one.at)

    def answer(history: Ints) -> tuple[Ints, Floats]:
        [shown] = decide(request, profile_of(history), shelf, model, {"home": placement}, Policy(), NOW, str)
        rows = np.array([int(choice.id) for choice in shown.items], np.int32)
        return rows, np.array([choice.score for choice in shown.items], np.float32)

    answer(np.zeros(1, np.int32))  # the kernel is loaded, as it is in a server that takes requests
    return answer


def model_of(one: Serving) -> Model:
    """The model that holds this table; items go by their numbers."""
    # A fading of exp(-k / f) by steps is a half-life of f ln 2 of them, and a step is an hour here.
    days = FOR_EVER_DAYS if isinf(one.fading) else one.fading * log(2) * HOUR_MS / DAY_MS
    weights = Weights(item=1.0, again=0.0, segment=0.0, popular=LEAST, trending=0.0, half_life_days=days)
    table, items = one.table, len(one.popular)
    nothing, none = np.zeros(items, np.float32), np.empty((0, 1))
    return Model(
        Manifest("compiled", weights=weights, long_depth=WIDTH), [str(row) for row in range(items)],
        table.indptr.astype(np.int64), table.indices.astype(np.int32),
        # As the model asks for: in (0, 1], and never 0.
        np.maximum(table.data / max(float(table.data.max(initial=0.0)), 1e-30), 1e-30).astype(np.float32),
        (one.popular / max(float(one.popular.max(initial=0.0)), 1e-30)).astype(np.float32), nothing,
        np.zeros(AGAIN_SHAPE, np.float32), nothing, none.astype(np.int32), none.astype(np.float32),
    )  # fmt: skip


def profile_of(history: Ints) -> Profile:
    """Who had to do with these items, an hour between two, the last one just now."""
    ids, first = [str(row) for row in history.tolist()], NOW - (len(history) - 1) * HOUR_MS
    # Bought: worth 1 for long and nothing live (contacts.py), so that the fading alone decides.
    recent = [Touch(item, "bought", first + step * HOUR_MS) for step, item in enumerate(ids)]
    bought = {touch.item: Bought(1, touch.at, touch.at) for touch in recent}
    return Profile(b"somebody", recent=recent[-RECENT_ITEMS:], bought=bought)
