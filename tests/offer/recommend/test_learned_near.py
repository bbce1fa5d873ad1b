"""The learned item-to-item table: it serves by the kernel what it says, and is taken only where it is better."""

import numpy as np
import pytest

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, Item
from tailorbird.know.profile import Profile, Touch
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend import learned_near
from tailorbird.offer.recommend.choosing import Bench, Chosen, with_learned_near
from tailorbird.offer.recommend.contacts import LONG_WORTH
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.item_to_item import nearest
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.kernel import fade
from tailorbird.offer.recommend.model import Manifest, Weights
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import Ask, ranked
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.recommend.settings import Nearness, Settings
from tailorbird.offer.recommend.train import train
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Shelf

ITEMS, PEOPLE = 40, 200


def series(people=PEOPLE):
    """Everybody goes through a row of items, one a day, from a place of their own: no session holds two."""
    rng = np.random.default_rng(1)
    return Interactions.of([
        (f"p{person:03}", f"i{(start + step) % ITEMS:02}", "bought", (person % 60 + step) * DAY_MS)
        for person, start in enumerate(rng.integers(0, ITEMS, people).tolist())
        for step in range(12)
    ])  # fmt: skip


def shelf():
    return Shelf(Item(f"i{n:02}") for n in range(ITEMS))


def asked(model, items, now=100 * DAY_MS):
    """Scores by item for who bought these, a day apart."""
    recent = [Touch(item, "bought", now - (len(items) - n) * DAY_MS) for n, item in enumerate(items)]
    joint, person = joined(shelf(), model), Person(Profile(b"p", recent=recent))
    history = history_of(person.columns(joint))
    found = ranked(Ask(joint, BUILT_IN["home"], Context(), person, history, now, ITEMS))
    return {list(joint.shelf.row)[one.row]: one.score for one in found}, joint, history


MADE_OF = (("rules", 0.6), ("three-hop", 0.4))


def learned_model(made_of=MADE_OF, **more):
    weights = Weights(item=1.0, again=0.0, segment=0.0, popular=0.0, trending=0.0, half_life_days=3.0)
    manifest = Manifest("1", weights=weights, settings=Settings(made_of=made_of), **more)
    return fit(series(), 100 * DAY_MS, manifest)


@pytest.mark.slow
def test_where_no_session_holds_two_items_the_learned_table_serves():
    lines = series(600)
    model = train(lines, shelf(), Manifest("1"))
    assert dict(model.manifest.settings.made_of).keys() & {"rules", "two-step"}
    blend = next(line for line in model.manifest.evaluation if line["model"] == "blend")
    assert blend["ndcg@20"] > 0.9  # what comes next is certain, and sessions know nothing of it


def test_what_the_kernel_serves_is_the_sum_of_the_rows():
    model = learned_model()
    scores, joint, history = asked(model, ["i03", "i04", "i07"])
    long, _ = fade(history.past[2], history.past[1], 100.0 * DAY_MS, joint.fading)
    expected = np.zeros(len(joint.row_of))
    for slot, worth in zip(history.past[0].tolist(), long.tolist(), strict=True):
        row = slice(model.start[slot], model.start[slot + 1])
        near = model.neighbours[row][: model.manifest.long_depth]
        expected[near] += worth * model.nearness[row][: model.manifest.long_depth].astype(np.float64)
    assert LONG_WORTH.max() == 1.0
    for item, score in scores.items():
        assert score == pytest.approx(expected[joint.slots_of([item])[0]], rel=1e-5, abs=1e-6)


def test_without_one_of_its_items_a_history_says_less():
    model = learned_model()
    whole, part = asked(model, ["i03", "i20", "i21"])[0], asked(model, ["i03", "i20"])[0]
    assert whole["i22"] > part.get("i22", 0.0)


def test_rows_of_the_table_are_what_the_retrievers_say_together():
    lines = series().by_frequency()
    sessions = nearest(lines, Nearness())
    said = learned_near.tables(lines, sessions, ["rules", "three-hop"])
    table = learned_near.learned_near(said, sessions, MADE_OF, 5)
    total = 0.6 * said["rules"].toarray() + 0.4 * said["three-hop"].toarray()
    best = -np.sort(-total, axis=1)[:, :5]
    found = table.value.reshape(-1, 5) * best.max()
    np.testing.assert_allclose(found, best, rtol=1e-5)


def test_items_beyond_the_most_frequent_keep_what_sessions_say(monkeypatch):
    monkeypatch.setattr(learned_near, "MOST_ITEMS", 2)
    lines = Interactions.of(
        [(f"p{n}", item, "bought", n) for n in range(9) for item in ("a", "b", *("cd" if n < 3 else ()))]
    ).by_frequency()
    sessions = nearest(lines, Nearness())
    said = learned_near.tables(lines, sessions)
    table = learned_near.learned_near(said, sessions, (("three-hop", 1.0),), 5)
    for row in (2, 3):
        own = table.column[table.start[row] : table.start[row + 1]]
        assert own.tolist() == sessions.column[sessions.start[row] : sessions.start[row + 1]].tolist()
    assert table.column[: table.start[2]].max() < 2


def test_a_table_made_of_what_is_not_known_is_refused():
    with pytest.raises(Corrupt, match="made of 'magic', which this version does not have"):
        learned_model((("magic", 1.0),))


def test_a_champion_keeps_its_table_until_another_is_better():
    lines, moments = series(), cases(series(), 40 * DAY_MS, 70 * DAY_MS, 40)
    bench = Bench(lines.before(40 * DAY_MS), shelf(), moments, 40 * DAY_MS)
    held = Chosen(Settings(made_of=MADE_OF), Weights(item=1.0, half_life_days=3.0))
    assert with_learned_near(bench, held).settings.made_of == MADE_OF  # that of sessions is tried, and worse


def test_few_moments_teach_no_table():
    lines = series(20).by_frequency()
    sessions = nearest(lines, Nearness())
    assert learned_near.made_of(learned_near.tables(lines, sessions), lines.ids, []) == ()
