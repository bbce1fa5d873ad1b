"""The report: each part counts what it says, and the champion is judged on what it has not seen."""

import msgspec
import numpy as np
import pytest

from tailorbird.events import DAY_MS, Item
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.measured import EVERYONE, NEW_ITEMS, NEW_PEOPLE
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.train import train
from tailorbird.offer.shelf import Shelf

ITEMS = [f"i{n}" for n in range(12)]
SHELF = Shelf([Item(i, category="abc"[n % 3]) for n, i in enumerate([*ITEMS, "late"])])


def weeks(people=60, since=0, until=100):
    """Two items a week for everyone; every sixth person comes first in the last days, and buys a new item."""
    lines = []
    for n in range(people):
        new = n % 6 == 0
        for day in range(since + n % 7, until, 7):
            if not new or day > until - 8:
                items = (ITEMS[n % 12], ITEMS[(n + 1) % 12], "late") if new else (ITEMS[n % 12], ITEMS[(n + 1) % 12])
                lines += [(f"p{n}", item, "bought", day * DAY_MS + n) for item in items]
    ages = {"age": {f"p{n}": "old" if n % 2 else "young" for n in range(people)}}
    return Interactions.of(lines, ages)


@pytest.fixture(scope="module")
def model():
    return train(weeks(), SHELF, Manifest("1"))


def test_every_part_is_told_with_its_moments(model):
    parts = {part.name: part for part in model.manifest.report.parts}
    everyone = parts[EVERYONE]
    assert parts[NEW_PEOPLE].moments == parts[NEW_ITEMS].moments > 0
    assert everyone.moments > parts[NEW_PEOPLE].moments
    assert parts["age = old"].moments + parts["age = young"].moments == everyone.moments


def test_what_nobody_has_met_cannot_be_found_and_says_so(model):
    assert model.manifest.report.part(NEW_ITEMS).scores["popular"]["recall@20"] in (0.0, 1.0)  # 1: as a filler


def test_the_blend_beats_popularity_beyond_noise(model):
    assert model.manifest.report.part(EVERYONE).against["popular"]["ndcg@20"].better


def test_every_line_has_every_measure(model):
    wanted = {"recall", "ndcg", "precision", "map", "hr"}
    for line in model.manifest.evaluation:
        assert {f"{name}@{k}" for name in wanted for k in (10, 20)} | {"mrr", "coverage", "novelty", "diversity"} < set(
            line
        )
        assert all(np.isfinite(value) for value in line.values() if not isinstance(value, str))


def known_until(model, until):
    lineage = msgspec.structs.replace(
        model.manifest.lineage, data=msgspec.structs.replace(model.manifest.lineage.data, until=until)
    )
    return msgspec.structs.replace(model.manifest, lineage=lineage)


def test_a_champion_equal_to_the_challenger_differs_by_nothing(model):
    again = train(weeks(), SHELF, Manifest("2"), champion=model)
    report = again.manifest.report
    assert (report.champion, report.as_it_serves) == ("1", False)
    assert report.part(EVERYONE).against["champion"]["ndcg@20"].value == 0.0


def test_a_champion_that_has_not_seen_the_test_part_is_judged_as_it_serves():
    from dataclasses import replace

    old = train(weeks(until=80), SHELF, Manifest("1"))
    old = replace(old, manifest=known_until(old, 80 * DAY_MS))
    assert train(weeks(), SHELF, Manifest("2"), champion=old).manifest.report.as_it_serves


def test_the_report_survives_being_written(model):
    text = msgspec.json.encode(model.manifest)
    assert msgspec.json.decode(text, type=Manifest) == model.manifest
