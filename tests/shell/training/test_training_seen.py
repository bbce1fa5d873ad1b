"""Pages that were shown and clicked, from the lake into a training."""

import msgspec
import numpy as np
import pytest
from lake_world import NOW, START, event, order, stored

from tailorbird.events import DAY_MS, Decided, Item
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.training.reading import read
from tailorbird.shell.training.run import train_and_promote
from tailorbird.shell.training.seen import read_seen

ITEMS = [f"i{n}" for n in range(24)]


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    found.catalogue.upsert([Item(item, category=f"c{n % 3}") for n, item in enumerate(ITEMS)])
    yield found
    found.close()


def offer(person, day, items, clicked=(), *, placement="home", name="", scores=None):
    """A page, that it was seen, and what was clicked on it."""
    at, leaf, number = START + int(day * DAY_MS), person.encode().ljust(16), name or f"{person}-{day}-{placement}"
    scores = scores or [float(len(items) - place) for place in range(len(items))]
    yield Decided(number, at, leaf, placement, list(items), ["popular"] * len(items), scores, "popular", 1.0, "m 1")
    for what, told in [("Viewed", {}), *(("Clicked", {"product_id": item}) for item in clicked)]:
        said = event(person, day, f"Recommendation {what}", {"decision_id": number, **told})
        yield msgspec.structs.replace(
            said, message_id=f"{number}-{what}-{told}", timestamp=at + 1000, received_at=at + 1000
        )


def keep(engines, events, withdrawn=()):
    """Decisions beside the events, as if stream and batch had run."""
    people = [one for one in events if not isinstance(one, Decided)]
    stored(engines, people, withdrawn)
    engines.lake.seal([(100_000 + n, one) for n, one in enumerate(events) if isinstance(one, Decided)], [], 900_000)
    engines.state.commit({}, 900_000)


def test_pages_of_who_allows_it_come_by_person_and_time(engines):
    events = [order("ann", 0, "i0"), order("bob", 1, "i1"), order("cid", 1, "i1")]
    events += [
        *offer("bob", 13, ITEMS[:3], ["i2"]),
        *offer("ann", 15, ITEMS[:2]),
        *offer("ann", 14, ITEMS[:4], ["i1", "i3"]),
    ]
    events += [*offer("cid", 14, ITEMS[:3], ["i1"]), *offer("bob", 13, ITEMS[:3], ["i1"], placement="cart")]
    keep(engines, events, withdrawn={"cid"})
    found = read(engines, NOW)
    seen = read_seen(engines, found.number, NOW)
    names = {number: person for person, number in found.number.items()}
    told = [
        (names[p][1:].strip(), (at - START) // DAY_MS)
        for p, at in zip(seen.person.tolist(), seen.at.tolist(), strict=True)
    ]
    assert told == [(b"nn", 14), (b"nn", 15), (b"ob", 13)]
    assert seen.item == [*ITEMS[:4], *ITEMS[:2], *ITEMS[:3]]
    assert seen.clicked.tolist() == [False, True, False, True, False, False, False, False, True]
    assert (seen.place.tolist(), seen.propensity.tolist()) == ([0, 1, 2, 3, 0, 1, 0, 1, 2], [1.0] * 9)


def test_a_lake_without_decisions_has_no_pages(engines):
    keep(engines, [order("ann", 0, "i0")])
    assert len(read_seen(engines, read(engines, NOW).number, NOW)) == 0


def browsing(people=120, pages=9, seed=3):
    """Everybody buys their own category, and clicks it where they look; pages by chance, in the validation part."""
    rng = np.random.default_rng(seed)
    for n in range(people):
        own = [item for place, item in enumerate(ITEMS) if place % 3 == n % 3]
        for day in range(0, 98, 7):
            yield order(f"p{n}", day, *rng.choice(own, 2, replace=False).tolist())
        for page in range(pages):
            shown = rng.choice(ITEMS, 8, replace=False).tolist()
            scores = sorted(rng.exponential(size=8).tolist(), reverse=True)
            looked = rng.random(8) < 0.7 ** np.arange(8)
            clicked = [
                item for item, sees in zip(shown, looked, strict=True) if sees and item in own and rng.random() < 0.7
            ]
            yield from offer(f"p{n}", 74 + page * 0.2 + n * 0.01, shown, clicked, name=f"{n}-{page}", scores=scores)


@pytest.mark.slow
def test_a_training_tries_clicks_where_there_are_enough_and_says_from_how_many(engines):
    pytest.importorskip("lightgbm")
    keep(engines, list(browsing()))
    told = train_and_promote(engines, NOW).manifest
    assert told.learned.exposures == 1080 and told.learned.clicks > 500
    assert 0.3 * told.learned.clicks < told.learned.effective < told.learned.clicks
    assert told.learned.examined.how == "by score" and 0.5 < told.learned.examined.places[1] < 0.9
    assert told.learned.verdict.people == told.learned.clicks and "by clicks" in told.learned.verdict.why
