"""What is decided from follows catalogue and models, and no answer waits for a new model."""

import time

import pytest

from tailorbird.events import Item
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.http.shelves import Shelves
from tailorbird.shell.logs import Logger
from tailorbird.shell.models import Models
from tailorbird.testing.memory_catalogue import MemoryCatalogue

LINES = Interactions.of([("ann", "milk", "bought", 1), ("ann", "tea", "bought", 1), ("bob", "milk", "bought", 2)])


@pytest.fixture
def models(tmp_path):
    return Models(tmp_path / "models")


def promote(models, version):
    models.promote(models.save(fit(LINES, 10, Manifest(version))))


def stocked(models):
    catalogue = MemoryCatalogue()
    catalogue.upsert([Item("milk"), Item("tea")])
    shelves = Shelves(catalogue, models.folder, Logger(None))
    shelves.look()
    return catalogue, shelves


def looked(shelves, version):
    for _ in range(500):
        shelves.look()
        _, model = shelves.now()
        if model is not None and model.manifest.version == version:
            return True
        time.sleep(0.01)
    return False


def test_the_first_caller_has_the_model(models):
    promote(models, "1")
    _, shelves = stocked(models)
    assert shelves.now()[1].manifest.version == "1"


def test_a_new_model_comes_joined_to_the_shelf(models):
    promote(models, "1")
    _, shelves = stocked(models)
    promote(models, "2")
    assert looked(shelves, "2")
    shelf, model = shelves.now()
    assert shelf.joint.model is model


def test_a_catalogue_that_changes_meanwhile_does_not_keep_a_model_away(models):
    catalogue, shelves = stocked(models)
    promote(models, "1")
    for n in range(50):
        catalogue.upsert([Item(f"new{n}", category=f"c{n % 7}")])
        shelves.look()
    assert looked(shelves, "1")
    assert shelves.now()[0].item("new49") is not None


def test_a_model_that_cannot_be_read_leaves_the_one_before(models):
    promote(models, "1")
    _, shelves = stocked(models)
    promote(models, "2")
    (models.folder / "2" / "manifest.json").write_text("{")
    for _ in range(20):
        shelves.look()
        time.sleep(0.01)
    assert shelves.now()[1].manifest.version == "1"


def test_turns_are_short_only_while_a_model_is_loaded(tmp_path):
    import sys

    from tailorbird.shell.http.shelves import _one_at_a_time, _short_turns

    before = sys.getswitchinterval()
    with _one_at_a_time(tmp_path), _short_turns():
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == before


def test_a_folder_that_is_not_there_is_waited_for_by_nobody(tmp_path):
    from tailorbird.shell.http.shelves import _one_at_a_time

    with _one_at_a_time(tmp_path / "nowhere"):
        pass
