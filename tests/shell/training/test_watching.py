"""Watching and refitting a real folder."""

import time

import msgspec
import pytest
from lake_world import NOW, START, order, stored

from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS, HOUR_MS, Item
from tailorbird.prove.kpi import Kpi
from tailorbird.shell.config import Batch
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.processes.job import Job
from tailorbird.shell.training import watching
from tailorbird.shell.training.contacts import counts_since
from tailorbird.shell.training.refitting import refit
from tailorbird.shell.training.run import train_and_promote
from tailorbird.shell.training.watched import Trigger, read_watched
from tailorbird.shell.training.watching import RECENT_MS, look

PEOPLE = {f"p{n}": (f"tea{n % 4}", f"pie{n % 3}") for n in range(40)}
SETTINGS = Batch(train_every_h=10_000, refit_every_h=0)


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    names = {item for items in PEOPLE.values() for item in items}
    found.catalogue.upsert([Item(name, category=name[:3]) for name in sorted(names)])
    found.catalogue.upsert([Item("soap", category="soap")])
    yield found
    found.close()


def shopping(until=91, *, every=7, then=()):
    events = [order(p, day, *items) for p, items in PEOPLE.items() for day in range(0, until, every)]
    return [*events, *then]


def trained(engines, events, now=NOW):
    stored(engines, events)
    return train_and_promote(engines, now)


def test_nothing_is_due_right_after_a_training(engines):
    assert trained(engines, shopping()).promoted
    assert look(engines, SETTINGS, NOW + HOUR_MS) is None
    assert read_watched(engines.layout.models).since == NOW + HOUR_MS


def test_a_schedule_is_noted_with_its_reason(engines):
    trained(engines, shopping())
    found = look(engines, Batch(), NOW + DAY_MS)
    assert (found.kind, found.why) == ("schedule", "scheduled: every 24 hours")
    assert read_watched(engines.layout.models).triggers == [found]
    assert look(engines, Batch(refit_every_h=0), NOW + DAY_MS + HOUR_MS) is None


def test_other_things_bought_than_trained_on_set_off_a_training(engines):
    trained(engines, shopping(), START + 92 * DAY_MS)
    soap = [order(person, 97, *["soap"] * 30) for person in PEOPLE]
    engines.lake.seal(list(enumerate(soap, 10_001)), [], 20_000)
    found = look(engines, SETTINGS, NOW)
    assert found.kind == "drift" and "categories have changed" in found.why
    assert look(engines, SETTINGS, NOW + 7 * HOUR_MS) is None  # once


def test_a_shop_that_stays_as_it_is_sets_nothing_off(engines):
    trained(engines, shopping(98), START + 92 * DAY_MS)
    assert look(engines, SETTINGS, NOW) is None
    assert read_watched(engines.layout.models).looked_at == NOW


def test_a_drop_of_clicks_sets_off_a_training_with_its_interval(engines, monkeypatch):
    trained(engines, shopping(98), START + 92 * DAY_MS)

    def clicked(lake, start, end):
        """One in ten impressions was clicked, and lately one in twenty; everybody came once."""
        n, k = 8000, 400 if end - start == RECENT_MS else 800
        return [Kpi(None, None, n, n, k, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, n, k, k, 0, 0)]

    monkeypatch.setattr(watching, "kpi", clicked)
    found = look(engines, SETTINGS, NOW)
    assert (found.kind, found.why[:38]) == ("drop", "drop: CTR fell from 10.00% to 5.00%, b")


def test_nothing_but_the_clock_sets_off_a_training_where_the_site_says_so(engines, monkeypatch):
    trained(engines, shopping(98), START + 92 * DAY_MS)
    monkeypatch.setattr(watching, "kpi", None)  # not asked
    assert look(engines, msgspec.structs.replace(SETTINGS, train_on_change=False), NOW) is None


def test_counts_are_of_the_last_days_only(engines):
    stored(engines, shopping())
    counts = list(counts_since(engines.lake, START + 80 * DAY_MS))
    assert sum(count for _, _, count in counts) == 2 * 40 and {kind for _, kind, _ in counts} == {"bought"}


def test_a_refit_learns_new_items_by_the_champions_recipe_and_takes_its_place(engines):
    first = trained(engines, shopping())
    late = [order("p1", 99, "soap"), order("p2", 99, "soap")]
    engines.lake.seal(list(enumerate(late, 10_001)), [], 10_002)
    engines.state.commit({}, 10_002)
    models = Models(engines.layout.models)
    found = refit(engines, NOW + DAY_MS, "refit: every 6 hours")
    assert "soap" in models.load(models.current()).ids
    assert (found.manifest.refit_of, found.manifest.weights) == (first.manifest.version, first.manifest.weights)
    again = refit(engines, NOW + 2 * DAY_MS, "refit: every 6 hours")
    assert models.versions() == [first.manifest.version, again.manifest.version]  # the first refit went
    assert models.roll_back() == first.manifest.version


def test_a_refit_needs_a_champion_and_its_contacts(engines):
    stored(engines, shopping(1))
    with pytest.raises(BadRequest, match="tailorbird train"):
        refit(engines, NOW, "")


def test_the_reason_in_the_file_reaches_the_training(tmp_path):
    layout = Layout(tmp_path)
    layout.run.mkdir(parents=True)
    (layout.run / "train").write_text("drift: because\n")
    job = Job("train", "nothing", ("trained", "training_failed"), 0, time.monotonic(), layout=layout, nice=10)
    assert job._due(0.0) == ["--why", "drift: because"]
    assert job._due(0.0) is None


def test_what_is_asked_for_appears_whole(tmp_path, monkeypatch):
    why = "drift: because"
    monkeypatch.setattr(watching, "look", lambda engines, settings, now: Trigger(now, "drift", why))
    asked = Layout(tmp_path).run / "train"
    asked.parent.mkdir(parents=True)
    asked.write_text("by hand")
    as_it_was = asked.with_name("another name of that file")
    as_it_was.hardlink_to(asked)
    assert watching.main(["--data", str(tmp_path)]) == 0
    # Put in its place, not written into it: whoever had opened the file reads the old words, and never half of the new.
    assert (as_it_was.read_text(), asked.read_text()) == ("by hand", why)
