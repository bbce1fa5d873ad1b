"""When a training is due: the rules, by the clock and by change."""

import msgspec
import pytest

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.lineage import Lineage
from tailorbird.prove.interval import wilson
from tailorbird.shell.config import Batch
from tailorbird.shell.training.due import drifted, dropped, may_look, refit_due, scheduled
from tailorbird.shell.training.watched import Trigger, Watched

DAILY = Batch()
NOW = 1000 * DAY_MS  # midnight UTC


@pytest.mark.parametrize(
    ("settings", "watched", "trained_at", "now", "due"),
    [
        (DAILY, Watched(), NOW - DAY_MS, NOW, True),
        (DAILY, Watched(), NOW - DAY_MS + HOUR_MS // 2, NOW, True),  # so that hourly looks do not drift
        (DAILY, Watched(), NOW - 12 * HOUR_MS, NOW, False),
        (DAILY, Watched(since=NOW - HOUR_MS), 0, NOW, False),  # never trained, watched for an hour
        (DAILY, Watched(since=NOW - DAY_MS), 0, NOW, True),
        (DAILY, Watched(triggers=[Trigger(NOW - HOUR_MS, "schedule", "")]), 0, NOW, False),  # one that failed
        (Batch(train_every_h=0), Watched(), NOW - 9 * DAY_MS, NOW, False),
        (Batch(train_hour=3), Watched(), NOW - 2 * DAY_MS, NOW, False),
        (Batch(train_hour=3), Watched(), NOW - 2 * DAY_MS, NOW + 3 * HOUR_MS, True),
    ],
)
def test_by_the_clock(settings, watched, trained_at, now, due):
    assert bool(scheduled(settings, watched, trained_at, now)) == due


def test_a_refit_comes_between_trainings_or_never():
    assert refit_due(DAILY, Watched(), NOW - 6 * HOUR_MS, NOW) == "refit: every 6 hours"
    assert refit_due(DAILY, Watched(), NOW - 4 * HOUR_MS, NOW) == ""
    assert refit_due(Batch(refit_every_h=0), Watched(), 0, NOW) == ""


def test_changes_rest_for_a_day_after_a_training():
    assert not may_look(Watched(), NOW - 23 * HOUR_MS, NOW)
    assert may_look(Watched(), NOW - DAY_MS, NOW)
    assert not may_look(Watched(triggers=[Trigger(NOW - HOUR_MS, "drop", "")]), NOW - 9 * DAY_MS, NOW)


TOLD = Lineage(categories={"tea": 0.6, "pie": 0.4}, kinds={"bought": 0.5, "viewed": 0.5})
SAME = {"tea": 0.6, "pie": 0.4}


def test_drift_names_what_has_changed():
    assert "categories" in drifted(TOLD, {"soap": 0.5, "tea": 0.3, "pie": 0.2}, TOLD.kinds, 2000)
    assert "kinds of contact" in drifted(TOLD, SAME, {"bought": 0.05, "viewed": 0.95}, 2000)


@pytest.mark.parametrize(
    ("told", "shares", "contacts"),
    [(TOLD, SAME, 2000), (TOLD, {"soap": 1.0}, 999), (Lineage(), {"soap": 1.0}, 2000)],
    ids=["same", "too few", "trained by an earlier release"],
)
def test_no_drift_without_a_change_and_enough_to_see_it(told, shares, contacts):
    assert drifted(told, shares, TOLD.kinds, contacts) == ""


def test_a_drop_needs_to_be_sure_and_large():
    assert dropped("CTR", wilson(500, 5000), wilson(350, 5000)).startswith("drop: CTR fell")
    assert dropped("CTR", wilson(50, 500), wilson(35, 500)) == ""  # chance
    assert dropped("CTR", wilson(50_000, 500_000), wilson(48_000, 500_000)) == ""  # sure, and small
    assert dropped("CTR", wilson(0, 0), wilson(0, 10)) == ""


def test_only_the_last_triggers_are_kept():
    watched = Watched()
    for at in range(60):
        watched = watched.with_trigger(Trigger(at, "schedule", ""))
    assert (len(watched.triggers), watched.last("schedule"), watched.last("drop")) == (50, 59, 0)
    assert msgspec.json.decode(msgspec.json.encode(watched), type=Watched) == watched
