"""A clustering of a real lake: trained, published, followed, named, rolled back; and true per event."""

import numpy as np
import pytest

from tailorbird.errors import BadDefinition, BadRequest, StateUnavailable
from tailorbird.events import DAY_MS, Event, encode_record
from tailorbird.know.language.program import load
from tailorbird.know.profile import Consent, Profile, encode_profile
from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.move import Cause
from tailorbird.know.tables import PROFILE
from tailorbird.shell.clustering.nightly import turn
from tailorbird.shell.clustering.publishing import withdraw
from tailorbird.shell.clustering.registry import registry
from tailorbird.shell.clustering.values import table_of
from tailorbird.shell.clustering.work import accept, definition_of, due, follow, retrain, roll_back
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import program_body, read_in_force
from tailorbird.shell.layout import Layout
from tailorbird.shell.ports import LinkChange

START = 1_760_000_000_000 // DAY_MS * DAY_MS
NOW = START + 60 * DAY_MS
SHOPPERS = {
    "features": {
        "trips": {"sql": "orders('90 days')", "transform": "log", "low": "rare", "high": "frequent"},
        "basket": {"sql": "avg('Order Completed', 'revenue')", "low": "small baskets", "high": "big baskets"},
        "milk": {"sql": "count('Order Completed', where => category = 'Milk', each => 'products') / orders()"},
    },
    "people": "orders() >= 1",
    "k": [2, 4],
    "outliers": 0,
}


def order(person, number, day, revenue, categories):
    leaf, at = person.encode().ljust(16), START + int(day * DAY_MS)
    products = [{"product_id": "1", "category": one, "price": 1.0, "quantity": 1} for one in categories]
    properties = {"revenue": revenue, "products": products}
    return Event("web", f"{person}-{number}", "track", "Order Completed", leaf, [], at, at, properties, {}, {}, {}, b"")


def life(number, seed=0):
    """Half of the people come often for a little, the others seldom for much."""
    random = np.random.default_rng(1000 * seed + number)
    often = number % 2 == 0
    days = np.sort(random.uniform(0, 55, 20 + number % 5 if often else 2 + number % 2))
    spent = random.normal(10 if often else 90, 3, len(days))
    basket = ["Milk"] if often else ["Milk", "Eggs", "Tea"]
    return [
        order(f"p{number}", place, day, round(float(euro), 2), basket)
        for place, (day, euro) in enumerate(zip(days, spent, strict=True))
    ]


def person_of(leaf):
    return b"P" + leaf[1:]


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    events = sorted((event for number in range(40) for event in life(number)), key=lambda event: event.timestamp)
    leaves = sorted({event.leaf for event in events})
    found.lake.seal(
        list(enumerate(events, 1)), [LinkChange(leaf, person_of(leaf), 0, 0) for leaf in leaves], len(events)
    )
    no = {"personalization": Consent(False, 1, "test")}
    profiles = {
        person_of(leaf): encode_profile(Profile(person_of(leaf), consent=no if leaf.strip() == b"p39" else {}))
        for leaf in leaves
    }
    found.state.commit({PROFILE: profiles}, len(events))
    found.definitions.put("cluster", "shoppers", SHOPPERS, "test")
    found.events = events
    yield found
    found.close()


def test_trained_clusters_are_segments_and_a_trait_in_force(engines):
    model = retrain(engines, "shoppers", NOW)
    assert (model.manifest.people, model.manifest.left_out, len(model.manifest.clusters)) == (39, 1, 2)
    assert {one.name: one.author for one in engines.definitions.all("segment")} == {
        "shoppers_c1": "cluster:shoppers",
        "shoppers_c2": "cluster:shoppers",
    }
    assert [one.name for one in engines.definitions.all("trait")] == ["shoppers"]


def assert_true_per_event(engines, model):
    """The label that the engine keeps of each person, event by event, is the one of the centroid function."""
    table = table_of(engines, definition_of(engines, "shoppers"), NOW)
    by_model = dict(zip(table.people, (model.label(one) for one in model.assign(table.raw).tolist()), strict=True))
    live = compile_live(load(program_body(read_in_force(engines.definitions).bodies)))
    for person, label in by_model.items():
        acts = [live.read(encode_record(one)) for one in engines.events if person_of(one.leaf) == person]
        standing = live.refold(live.new(), person, acts, NOW, Cause(0), [])
        assert live.values(standing, person, NOW)["shoppers"] == label
        assert len(standing.members) == 1


def test_cluster_is_true_per_event_and_in_the_lake_alike(engines):
    assert_true_per_event(engines, retrain(engines, "shoppers", NOW))


def test_accepted_label_is_what_the_trait_says_from_then_on(engines):
    retrain(engines, "shoppers", NOW)
    accept(engines, "shoppers", "c1", "Weekly stock-up", NOW)
    assert "'Weekly stock-up'" in engines.definitions.get("trait", "shoppers").body["sql"]
    assert engines.definitions.get("segment", "shoppers_c1").body["label"] == "Weekly stock-up"
    again = retrain(engines, "shoppers", NOW + 1)
    assert [(one.key, one.label) for one in again.manifest.clusters if one.accepted] == [("c1", "Weekly stock-up")]
    assert again.manifest.stability == 1.0


def test_label_of_another_cluster_and_unknown_cluster_are_refused(engines):
    model = retrain(engines, "shoppers", NOW)
    with pytest.raises(BadRequest, match="Another cluster of 'shoppers' is called"):
        accept(engines, "shoppers", "c1", model.manifest.clusters[1].label, NOW)
    with pytest.raises(BadRequest, match=r"no cluster 'c9'\. Known: c1, c2"):
        accept(engines, "shoppers", "c9", "Nine", NOW)


def test_roll_back_brings_the_label_before(engines):
    before = retrain(engines, "shoppers", NOW).manifest.clusters[0].label
    accept(engines, "shoppers", "c1", "Mistaken", NOW)
    assert roll_back(engines, "shoppers").manifest.clusters[0].label == before
    assert engines.definitions.get("segment", "shoppers_c1").body["label"] == before


def test_following_moves_centres_and_notes_quality_and_drift(engines):
    trained = retrain(engines, "shoppers", NOW)
    later = follow(engines, "shoppers", NOW + 70 * DAY_MS)  # their orders have left the window of 90 days by now
    assert later.manifest.adapted == 1 and later.manifest.moved > 0
    assert [one.key for one in later.manifest.clusters] == [one.key for one in trained.manifest.clusters]
    first, last = registry(engines.layout, "shoppers").looks()
    assert (first.drifted, last.drifted) == ([], ["trips"])
    assert last.psi["basket"] < 0.05  # nothing has changed but the last digit of a sum


def test_following_night_after_night_is_one_version(engines):
    trained = retrain(engines, "shoppers", NOW)
    for night in range(3):
        last = follow(engines, "shoppers", NOW + night * DAY_MS)
    versions = registry(engines.layout, "shoppers")
    assert versions.versions() == [trained.manifest.version, last.manifest.version]
    assert last.manifest.adapted == 3
    named = accept(engines, "shoppers", "c1", "Weekly stock-up", NOW + 3 * DAY_MS)
    again = follow(engines, "shoppers", NOW + 4 * DAY_MS)
    # What followed before the label stays: it is the way back from it.
    assert versions.versions() == [one.manifest.version for one in (trained, last, named, again)]


def test_a_label_that_is_accepted_already_makes_no_version(engines):
    retrain(engines, "shoppers", NOW)
    named = accept(engines, "shoppers", "c1", "Weekly stock-up", NOW)
    assert accept(engines, "shoppers", "c1", "Weekly stock-up", NOW + 1000).manifest == named.manifest


def test_training_is_due_after_days_drift_or_another_definition(engines):
    definition = definition_of(engines, "shoppers")
    assert due(engines, definition, NOW) == "it never was"
    retrain(engines, "shoppers", NOW)
    assert due(engines, definition, NOW) == ""
    assert due(engines, definition, NOW + 7 * DAY_MS) == "7 days have passed"
    engines.definitions.put("cluster", "shoppers", {**SHOPPERS, "k": [3, 3]}, "test")
    assert due(engines, definition_of(engines, "shoppers"), NOW) == "its definition changed"
    assert turn(engines, definition_of(engines, "shoppers"), NOW)
    assert len(registry(engines.layout, "shoppers").serving().manifest.clusters) == 3


def test_a_damaged_clustering_is_trained_anew(engines):
    definition = definition_of(engines, "shoppers")
    damaged = retrain(engines, "shoppers", NOW).manifest.version
    (registry(engines.layout, "shoppers").folder / damaged / "manifest.json").write_text("{")
    assert due(engines, definition, NOW + 1) == "what serves cannot be read"
    assert turn(engines, definition, NOW + 1)
    assert registry(engines.layout, "shoppers").serving().manifest.version != damaged


def test_clusters_that_are_no_more_leave_their_segments(engines):
    engines.definitions.put("cluster", "shoppers", {**SHOPPERS, "k": [4, 4]}, "test")
    retrain(engines, "shoppers", NOW)
    engines.definitions.put("cluster", "shoppers", {**SHOPPERS, "k": [2, 2]}, "test")
    model = retrain(engines, "shoppers", NOW + 1000)
    names = [one.name for one in engines.definitions.all("segment")]
    assert names == sorted(f"shoppers_{one.key}" for one in model.manifest.clusters)
    withdraw(engines, "shoppers")
    assert engines.definitions.all("segment") == engines.definitions.all("trait") == []


def test_nobody_elses_definition_is_overwritten(engines):
    engines.definitions.put("segment", "shoppers_c1", {"sql": "orders() > 3"}, "anna")
    with pytest.raises(BadDefinition, match="'shoppers_c1', but anna made one"):
        retrain(engines, "shoppers", NOW)
    assert engines.definitions.all("trait") == []


def test_embedding_of_what_is_bought_is_a_feature_in_sql_as_well(engines):
    engines.definitions.put("cluster", "shoppers", {**SHOPPERS, "embedding": {"dimensions": 2, "top": 3}}, "test")
    model = retrain(engines, "shoppers", NOW)
    assert model.manifest.categories == ["Milk", "Eggs", "Tea"]
    assert model.manifest.columns == ["trips", "basket", "milk", "taste_1", "taste_2"]
    assert_true_per_event(engines, model)


def test_stored_clustering_comes_back_equal_and_holds_nobodys_id(engines):
    model = retrain(engines, "shoppers", NOW)
    again = registry(engines.layout, "shoppers").serving()
    assert again.manifest == model.manifest
    assert all(np.array_equal(array, again.arrays()[name]) for name, array in model.arrays().items())
    stored = b"".join(path.read_bytes() for path in (engines.layout.clusters).rglob("*") if path.is_file())
    assert b"Pp1" not in stored and b"p10 " not in stored


def test_state_behind_the_lake_is_not_learned_from(engines):
    engines.lake.seal([], [], len(engines.events) + 10)
    with pytest.raises(StateUnavailable, match="consent cannot be asked"):
        retrain(engines, "shoppers", NOW)
