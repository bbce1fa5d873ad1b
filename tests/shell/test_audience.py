"""Who a predicate finds: over a real fold and a real lake."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird.events import DAY_MS
from tailorbird.know.language.program import read_condition
from tailorbird.shell.audience import Audience, Lift, baseline_of, instants, lifts, members, preview
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.agreement import SCHEMA, Site
from tailorbird.testing.drawn_definitions import Drawn
from tailorbird.testing.histories import START, event

PEOPLE = 20
NOW = START + 30 * DAY_MS + 12 * 3_600_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Twenty people; every fourth buys tea on five days, the others look at milk once."""
    found = Site(Path(tmp_path_factory.mktemp("lake")))
    found.define(Drawn({}, {"fans": "count('Order Completed') >= 3", "nobody": "count('Order Completed') > 99"}), START)
    number = 0
    for person in range(PEOPLE):
        who = [("userId", f"u{person}")]
        fan = person % 4 == 0
        for day in range(0, 20, 4) if fan else [person % 7]:
            number += 1
            name, category = ("Order Completed", "tea") if fan else ("Product Viewed", "milk")
            said = {"category": category, "revenue": 5.0}
            found.hear(event(number, who, name, at=START + day * DAY_MS + person, properties=said))
    found.tick(NOW)
    found.settle()
    while found.lake.sealed() < found.worker.offset:
        seal_once(found.log, found.state, found.lake)
    yield found
    found.close()


def asked(site: Site, predicate: str, now: int = NOW, name: str = "") -> Audience:
    condition = read_condition(predicate, SCHEMA, site.program)
    with site.state.snapshot() as snapshot:
        return preview(site.lake, snapshot, site.program, condition, now=now, name=name)


def test_it_counts_who_is_in_it_now_and_was_on_the_days_before(site: Site) -> None:
    found = asked(site, "count('Order Completed') >= 3")
    assert (found.members, found.people, found.share) == (5, PEOPLE, 0.25)
    assert len(found.days) <= 90
    assert found.days[-1] == (NOW, 5)
    # The third order is that of the ninth day; of the day before it nobody had three.
    by_day = dict(found.days)
    assert (by_day[START + 8 * DAY_MS - 1], by_day[START + 9 * DAY_MS - 1]) == (0, 5)


def test_examples_say_why_and_since_when(site: Site) -> None:
    found = asked(site, "orders('60 days') >= 3", name="fans")
    assert len(found.examples) == 5
    assert all(one.because and one.since is not None for one in found.examples)
    assert "5" in found.examples[0].because[0]


def test_overlaps_name_the_other_segments(site: Site) -> None:
    [overlap] = asked(site, "orders() >= 1").overlaps
    assert (overlap.segment, overlap.both, overlap.jaccard) == ("fans", 5, 1.0)
    assert asked(site, "orders() >= 1", name="fans").overlaps == []


def test_a_predicate_may_name_segments(site: Site) -> None:
    assert asked(site, "not segment('fans')").members == 15


def test_nobody_is_an_answer_too(site: Site) -> None:
    found = asked(site, "orders() > 1000")
    assert (found.members, found.lifts, found.examples, found.overlaps) == (0, [], [], [])


def test_what_is_rare_elsewhere_sets_apart(site: Site) -> None:
    first, *_ = asked(site, "orders() >= 1").lifts
    assert first == Lift("category", "tea", 1.0, 0.25)


def test_fewer_than_five_are_never_told_of(site: Site) -> None:
    with site.state.snapshot() as snapshot:
        some = set(members(site.lake, site.program, "fans", now=NOW)[:4])
        assert [lift for lift in lifts(snapshot, some, ()) if lift.value == "tea"] == []


def test_members_are_those_of_the_lake(site: Site) -> None:
    assert len(members(site.lake, site.program, "fans", now=NOW)) == 5
    assert members(site.lake, site.program, "fans", now=START) == []


def test_the_baseline_is_everyones_share_with_old_contacts_faded(site: Site) -> None:
    shares = baseline_of(site.lake, NOW)["category"]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["tea"] > shares["milk"]  # five fans bought five times each, fifteen looked once


def test_the_instants_are_the_ends_of_days_and_now() -> None:
    found = instants(NOW)
    assert found[-1] == NOW
    assert len(found) == 90
    assert all((instant + 1) % DAY_MS == 0 for instant in found[:-1])


def test_a_segment_may_have_the_name_that_a_predicate_had(site: Site) -> None:
    fans = next(one for one in site.program.segments if one.name == "fans")
    program = replace(site.program, segments=(*site.program.segments, replace(fans, name="it")))
    condition = read_condition("segment('it') or orders('60 days') > 99", SCHEMA, program)
    with site.state.snapshot() as snapshot:
        found = preview(site.lake, snapshot, program, condition, now=NOW)
    assert found.members == 5
    assert all(one.because == ["segment('it')"] for one in found.examples)
