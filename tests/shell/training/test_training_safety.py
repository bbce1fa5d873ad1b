"""What may go wrong with a model has a defined answer: nothing is lost, and the old one serves."""

import signal
import subprocess
import sys
import time
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from lake_world import NOW, order, stored

from tailorbird.consent.purpose import Policy
from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, Item
from tailorbird.know.profile import RECENT_ITEMS, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.train import train
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.training.run import serving, train_and_promote

ITEMS = [f"i{n}" for n in range(20)]


def shopping(people=60):
    return [order(f"p{n}", day, ITEMS[n % 20], ITEMS[(n + day) % 20]) for n in range(people) for day in range(0, 98, 7)]


@pytest.fixture
def folder(tmp_path):
    """A stocked and trained folder."""
    engines = Engines(Layout(tmp_path), writes_state=True)
    stored(engines, shopping())
    engines.catalogue.upsert([Item(item) for item in ITEMS])
    assert train_and_promote(engines, NOW).promoted
    engines.close()
    return tmp_path


@pytest.mark.slow
def test_a_training_killed_at_any_instant_leaves_the_champion_and_harms_no_later_one(folder):
    models = Models(Layout(folder).models)
    champion = models.current()
    command = [sys.executable, "-m", "tailorbird.shell.training", "--data", str(folder)]
    for delay_s in (0.8, 1.2, 1.6, 2.0, 2.4):
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(delay_s)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert models.load(models.current()).ids
        assert all(models.load(version) for version in models.versions())
    assert subprocess.run(command, stderr=subprocess.DEVNULL, timeout=120).returncode == 0
    assert models.current() == champion  # it knows nothing later
    assert not list(models.folder.glob(".draft-*"))


def test_a_champion_that_cannot_be_read_is_said_and_a_new_one_takes_over(folder):
    models, said = Models(Layout(folder).models), []
    damaged = models.current()
    (models.folder / damaged / "nearness.npy").write_bytes(b"")
    assert serving(models, said.append) is None and "cannot be mapped" in said[0]
    engines = Engines(Layout(folder), writes_state=True)
    trained = train_and_promote(engines, NOW + DAY_MS)
    engines.close()
    assert trained.promoted and models.current() == trained.manifest.version != damaged


def model_of(lines, items):
    return train(Interactions.of(lines), Shelf(items), Manifest("1"))


@pytest.mark.parametrize("name", ["nearness", "popular", "trending", "again", "loyalty"])
def test_a_model_with_a_nan_in_it_is_no_model(name):
    model = model_of([("ann", "milk", "bought", 1), ("ann", "tea", "bought", 1)], [Item("milk"), Item("tea")])
    spoilt = getattr(model, name).copy()
    spoilt.flat[0] = np.nan
    with pytest.raises(Corrupt, match=name):
        replace(model, **{name: spoilt})


def test_weights_that_are_no_numbers_are_refused():
    model = model_of([("ann", "milk", "bought", 1)], [Item("milk")])
    weights = msgspec.structs.replace(model.manifest.weights, item=float("nan"))
    with pytest.raises(Corrupt, match="no weights"):
        replace(model, manifest=msgspec.structs.replace(model.manifest, weights=weights))


def asked(model, items, profile):
    [home] = decide(Request(), profile, Shelf(items), model, BUILT_IN, Policy(), 10 * DAY_MS, lambda: "d")
    assert all(np.isfinite(choice.score) for choice in home.items)
    return [choice.id for choice in home.items]


def test_a_catalogue_of_one_item_is_learned_and_shown():
    lines = [(f"p{n}", "tea", "bought", n * DAY_MS) for n in range(40)]
    model = model_of(lines, [Item("tea")])
    assert asked(model, [Item("tea")], None) == ["tea"]
    assert all(np.isfinite(v) for line in model.manifest.evaluation for v in line.values() if not isinstance(v, str))


def test_nobody_with_a_history_is_asked_and_answered():
    model = model_of([("ann", "milk", "viewed", 1)], [Item("milk"), Item("new")])
    assert asked(model, [Item("milk"), Item("new")], Profile(b"p")) == ["milk", "new"]


def test_one_person_of_10_000_items_is_learned_and_answered():
    lines = [("ann", f"i{n}", "bought", n * 60_000) for n in range(10_000)]
    lines += [(f"p{n}", f"i{n}", "bought", n * 60_000) for n in range(200)]
    items = [Item(f"i{n}") for n in range(10_000)]
    model = model_of(lines, items)
    recent = [Touch(f"i{n}", "viewed", n) for n in range(10_000)]
    assert len(asked(model, items, Profile(b"p", recent=recent[-RECENT_ITEMS:]))) == len(
        asked(model, items, Profile(b"p", recent=recent))
    )
