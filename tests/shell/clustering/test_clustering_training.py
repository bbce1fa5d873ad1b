"""Planted clusters are found, told in words, and keep their names through trainings."""

import msgspec
import numpy as np
import pytest

from tailorbird.errors import BadRequest
from tailorbird.know.cluster.definition import load_clustering
from tailorbird.shell.clustering.training import Table, continued, train
from tailorbird.testing.planted import CENTRES, agreement, planted, with_gaps

FEATURES = {
    "visits": {"sql": "visits", "transform": "log", "low": "rare visits", "high": "frequent visits"},
    "basket": {"sql": "basket", "low": "small baskets", "high": "big baskets"},
    "fresh": {"sql": "fresh", "low": "little fresh food", "high": "fresh food"},
}


def trained(values, version="1", **fields):
    definition = load_clustering("shoppers", {"features": FEATURES, "k": [2, 6], **fields})
    return train(definition, Table([b""] * len(values), values, [], 0), version)


@pytest.mark.parametrize("algorithm", ["kmeans", "minibatch", "mixture", "hierarchical"])
def test_planted_clusters_are_found_with_their_number(algorithm):
    values, truth = planted()
    model = trained(values, algorithm=algorithm)
    assert len(model.manifest.clusters) == 3
    assert agreement(truth, model.assign(values)) > 0.97
    assert model.manifest.agreement > 0.97


def test_planted_clusters_are_found_through_gaps():
    values, truth = planted()
    gappy = with_gaps(values, 1, 0.3)
    model = trained(gappy, k=[3, 3])
    assert agreement(truth, model.assign(gappy)) > 0.9
    assert model.manifest.gaps["basket"].missing == pytest.approx(0.3, abs=0.05)


def test_silhouette_elbow_and_bic_stand_beside_each_other():
    manifest = trained(planted()[0]).manifest
    assert [one.k for one in manifest.tried] == [2, 3, 4, 5, 6]
    assert manifest.silhouette == max(one.silhouette for one in manifest.tried)
    assert manifest.elbow == 3
    assert manifest.best_bic == min(manifest.tried, key=lambda one: one.bic).k


def test_clusters_of_noise_do_not_repeat_and_planted_ones_do():
    noise = np.abs(np.random.default_rng(3).normal(size=(600, 3)))
    assert trained(planted()[0], k=[3, 3]).manifest.repeatability > 0.97
    assert trained(noise, k=[5, 5]).manifest.repeatability < 0.9


def test_labels_say_what_was_planted():
    first = {one.label.split(",")[0] for one in trained(planted()[0]).manifest.clusters}
    assert first == {"Big baskets", "Frequent visits", "Fresh food"}


def test_rules_are_true_of_the_planted_groups():
    for one in trained(planted()[0]).manifest.clusters:
        assert one.precision > 0.95 and one.recall > 0.9


def test_same_people_give_the_same_model():
    one, other = (trained(planted()[0]) for _ in range(2))
    assert one.manifest == other.manifest
    assert (one.centroids.centres == other.centroids.centres).all()


def test_accepted_label_stays_with_its_people_when_trained_anew():
    values, _ = planted()
    old = trained(values)
    named = [msgspec.structs.replace(one, label=f"Ours {one.key}", accepted=True) for one in old.manifest.clusters]
    old = old.told(clusters=named)
    grown = np.vstack([values, planted(900, seed=9, centres=CENTRES[1:2])[0]])  # another cluster is the largest now
    new = continued(trained(grown, "2"), old, old.assign(grown), trained(grown, "2").assign(grown))
    before = [old.label(cluster) for cluster in old.assign(values).tolist()]
    after = [new.label(cluster) for cluster in new.assign(values).tolist()]
    assert np.mean([was == now for was, now in zip(before, after, strict=True)]) > 0.97
    assert new.manifest.stability > 0.97
    assert old.manifest.clusters[0].people < max(one.people for one in new.manifest.clusters)


def test_cluster_that_is_new_gets_a_key_of_its_own():
    old = trained(planted()[0])
    values, _ = planted(800, seed=3, centres=np.vstack([CENTRES, [60.0, 90.0, 0.9]]))
    fresh = trained(values, "2")
    new = continued(fresh, old, old.assign(values), fresh.assign(values))
    assert sorted(one.key for one in new.manifest.clusters) == ["c1", "c2", "c3", "c4"]
    assert len({one.label for one in new.manifest.clusters}) == 4


def test_too_few_people_are_refused_with_a_number():
    with pytest.raises(BadRequest, match="has 5 people to learn from"):
        trained(planted(5)[0])
