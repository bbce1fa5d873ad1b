"""A small world for the tests of `offer`: items, people who like some of them, a model of it."""

from itertools import count

import numpy as np
from hypothesis import strategies as st

from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, HOUR_MS, Item
from tailorbird.know.profile import Bought, Consent, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest, Weights
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

NOW = 1_700_000_000_000
IDS = [f"i{n}" for n in range(24)]
CATEGORIES = ("tea", "pie", "soap", "")
HOME = Request()


def shop(**changed):
    """Every item, by category in turn; `changed` replaces fields of single items: i3={"available": False}."""
    plain = [{"id": i, "name": f"the {i}", "category": CATEGORIES[n % 4], "price": 1.0 + n} for n, i in enumerate(IDS)]
    return [Item(**{**fields, **changed.get(fields["id"], {})}) for fields in plain]


def world_lines(people=70, seed=7):
    """Weekly baskets; neighbours in IDS are bought together, and each person has favourites."""
    chance = np.random.default_rng(seed)
    lines = []
    for person in range(people):
        favourite = int(chance.integers(len(IDS)))
        for week in range(12):
            at = NOW - (84 - 7 * week) * DAY_MS + person * HOUR_MS
            picked = {favourite, (favourite + 1) % len(IDS), int(chance.integers(len(IDS)))}
            lines += [(f"p{person}", IDS[item], "bought", at) for item in picked]
    return lines


def world_model(weights=None):
    manifest = Manifest("1", weights=weights or Weights(item=0.5, popular=0.05, segment=0.1, trending=0.01))
    traits = {"age": {f"p{n}": "young" if n % 2 else "old" for n in range(70)}}
    return fit(Interactions.of(world_lines(), traits), NOW, manifest)


def ask(request=HOME, profile=None, items=None, model=None, placements=BUILT_IN, now=NOW):
    ids = count(1)
    shelf = items if isinstance(items, Shelf) else Shelf(shop() if items is None else items)
    return decide(request, profile, shelf, model, placements, Policy(), now, lambda: f"d{next(ids)}")


def shown(decision):
    return [choice.id for choice in decision.items]


touches = st.builds(
    Touch,
    st.sampled_from([*IDS, "stranger"]),
    st.sampled_from(["viewed", "clicked", "added", "removed", "bought", "licked"]),
    st.integers(NOW - 60 * DAY_MS, NOW + DAY_MS),
)
boughts = st.builds(
    Bought, st.integers(0, 30), st.integers(NOW - 90 * DAY_MS, NOW), st.integers(NOW - 90 * DAY_MS, NOW + DAY_MS)
)
consents = st.dictionaries(
    st.sampled_from(["personalization", "messaging"]), st.builds(Consent, st.booleans(), st.just(1), st.just("test"))
)
profiles = st.builds(
    Profile,
    st.just(b"p"),
    recent=st.lists(touches, max_size=30),
    bought=st.dictionaries(st.sampled_from([*IDS, "stranger"]), boughts, max_size=12),
    orders=st.integers(0, 20),
    first_order_at=st.integers(0, NOW),
    last_order_at=st.integers(0, NOW),
    traits=st.dictionaries(st.sampled_from(["age", "pet"]), st.sampled_from(["young", 3, None, ["x"]])),
    consent=consents,
)
