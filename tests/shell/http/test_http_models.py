"""Versions of the recommender over the API: listed and shown to whoever may read."""

from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.models import Models

LINES = Interactions.of([("ann", "milk", "bought", 1), ("bob", "tea", "bought", 2)])


def test_versions_are_listed_and_shown(fresh):
    assert fresh.get("/v1/models").json == {"models": []}
    models = Models(fresh.layout.models)
    models.promote(models.save(fit(LINES, 10, Manifest("1", verdict="better beyond noise"))))
    [listed] = fresh.get("/v1/models").json["models"]
    assert (listed["version"], listed["serves"], listed["verdict"]) == ("1", True, "better beyond noise")
    assert fresh.get("/v1/models/1").json["interactions"] == 2


def test_an_unknown_version_is_404_and_no_path_leads_out(fresh):
    assert fresh.get("/v1/models/9").status == 404
    assert fresh.get("/v1/models/..%2Fsecret").status == 404
