"""The registry of models: whole or not at all, one that serves, and a way back."""

import os
from mmap import mmap

import numpy as np
import pytest

from tailorbird.errors import BadRequest, Corrupt
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import ARRAYS, Manifest
from tailorbird.shell.models import Models, ModelWatch

LINES = Interactions.of([("ann", "milk", "bought", 1), ("ann", "tea", "bought", 1), ("bob", "milk", "bought", 2)])


@pytest.fixture
def models(tmp_path):
    return Models(tmp_path / "models")


def trained(version):
    return fit(LINES, 10, Manifest(version))


def promoted(models, *versions):
    for version in versions:
        models.promote(models.save(trained(version)))


def watch(models):
    troubles = []
    return ModelWatch(models, troubles.append), troubles


def test_a_stored_model_comes_back_equal(models):
    model = trained("1")
    models.save(model)
    again = models.load("1")
    assert (again.manifest, again.ids) == (model.manifest, model.ids)
    assert all(np.array_equal(getattr(again, name), getattr(model, name)) for name in ARRAYS)


def test_stored_arrays_are_mapped_and_read_only(models):
    models.save(trained("1"))
    popular = holder = models.load("1").popular
    while isinstance(holder, np.ndarray):
        holder = holder.base
    assert isinstance(holder, mmap) and not popular.flags.writeable


def test_a_version_is_written_once(models):
    models.save(trained("1"))
    with pytest.raises(BadRequest, match="'1' is already in"):
        models.save(trained("1"))


def test_a_worker_takes_the_newly_promoted_model_with_its_next_request(models):
    seen, _ = watch(models)
    assert seen.now() is None
    promoted(models, "1", "2")
    assert seen.now().manifest.version == "2"
    assert seen.now() is seen.now()


def test_roll_back_brings_back_what_served_before(models):
    promoted(models, "1", "2", "3")
    assert [models.roll_back(), models.current()] == ["2", "2"]


def test_roll_back_passes_over_a_promotion_that_was_killed_before_it_took_effect(models, monkeypatch):
    promoted(models, "1", "2")
    models.save(trained("3"))
    monkeypatch.setattr("pathlib.Path.symlink_to", killed)
    with pytest.raises(KeyboardInterrupt):
        models.promote("3")
    monkeypatch.undo()
    assert [models.current(), models.roll_back()] == ["2", "1"]


def killed(self, target):
    raise KeyboardInterrupt


def test_roll_back_without_a_model_before_says_what_to_do(models):
    promoted(models, "1")
    with pytest.raises(BadRequest, match="Train one first"):
        models.roll_back()


@pytest.mark.parametrize("harm", ["truncate", "flip", "delete", "manifest", "garbage"])
def test_a_damaged_model_is_refused_and_the_old_one_serves(models, harm):
    promoted(models, "1")
    seen, troubles = watch(models)
    seen.now()
    promoted(models, "2")
    HARMS[harm](models.folder / "2")
    assert seen.now().manifest.version == "1"
    assert len(troubles) == 1 and "Model '2'" in troubles[0] and "roll back" in troubles[0]


def truncate(folder):
    path = folder / "nearness.npy"
    path.write_bytes(path.read_bytes()[:-3])


def flip(folder):
    path = folder / "neighbours.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 0x40
    path.write_bytes(bytes(data))


HARMS = {
    "truncate": truncate,
    "flip": flip,
    "delete": lambda folder: (folder / "popular.npy").unlink(),
    "manifest": lambda folder: (folder / "manifest.json").write_text("{"),
    "garbage": lambda folder: (folder / "start.npy").write_bytes(b"\x00" * 100),
}


def test_a_damaged_model_cannot_be_promoted(models):
    promoted(models, "1")
    models.save(trained("2"))
    truncate(models.folder / "2")
    with pytest.raises(Corrupt):
        models.promote("2")
    assert models.current() == "1"


def test_a_training_killed_midway_leaves_nothing_that_counts(models):
    promoted(models, "1")
    (models.folder / ".draft-2-99").mkdir()
    (models.folder / ".draft-2-99" / "manifest.json").write_text("{}")
    assert (models.versions(), models.current()) == (["1"], "1")


def test_the_next_training_clears_what_a_killed_one_left(models):
    dead, alive = models.folder / ".draft-2-999999999", models.folder / f".draft-3-{os.getpid()}"
    dead.mkdir(parents=True)
    alive.mkdir()
    models.save(trained("4"))
    assert (dead.exists(), alive.exists()) == (False, True)


def test_old_versions_are_forgotten_except_the_last_few(models):
    promoted(models, *"123456789")
    assert models.versions() == list("456789")
