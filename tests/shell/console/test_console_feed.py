"""The feed follows the log, keeps the tail, and shows nothing personal."""

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.events import Decided, Rejected, Signal, encode_record
from tailorbird.shell.console import feed as feed_module
from tailorbird.shell.console.feed import KEPT, Feed, entry_of
from tailorbird.shell.console.pulse import pulse
from tailorbird.shell.run import Worker
from tailorbird.testing import MemoryKeys, MemoryLog, MemoryState
from tailorbird.testing.shop import MORNING, events

DECIDED = Decided("d1", MORNING, b"", "home", ["a", "b"], ["popular"] * 2, [1.0, 0.5], "popular", 1.0, "blend 1")


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def state() -> MemoryState:
    return MemoryState()


def fold(log: MemoryLog, state: MemoryState) -> None:
    worker = Worker(log, state, MemoryKeys(), Policy())
    while worker.turn(0):
        pass


def names(feed: Feed) -> list[str]:
    feed.advance()
    return [entry.name for entry in feed.after(0, KEPT)]


def test_what_was_folded_before_is_there_at_the_start(log, state):
    log.append([encode_record(event) for event in events()])
    fold(log, state)
    assert len(names(Feed(log, state))) == len(events())


def test_what_comes_in_later_follows_without_the_fold(log, state):
    feed = Feed(log, state)
    assert names(feed) == []
    log.append([encode_record(events()[0]), encode_record(DECIDED)])
    assert names(feed) == ["Product Viewed", "home"]


def test_only_the_tail_is_kept(log, state):
    feed = Feed(log, state)
    feed.advance()
    log.append([encode_record(events()[0])] * (KEPT + 50))
    assert len(names(feed)) == KEPT


def test_a_feed_far_behind_goes_on_where_the_fold_is(log, state):
    feed = Feed(log, state)
    feed.advance()
    log.append([encode_record(events()[0])] * (feed_module._BEHIND // 200))
    fold(log, state)
    assert names(feed) == []
    assert log.append([encode_record(DECIDED)]) and names(feed) == ["home"]


def test_rates_count_events_by_the_second_of_receipt(log, state):
    feed = Feed(log, state)
    feed.advance()
    log.append([encode_record(events()[0])] * 30)
    feed.advance()
    at = events()[0].received_at
    assert dict(feed.rates(at + 20_000))[at // 10_000 * 10_000] == 3.0


def test_a_rejected_call_is_a_row_with_its_reason():
    refused = Rejected("web", "identifier", "batch[2]", "The event names nobody.", b"L", MORNING, b"")
    entry = entry_of(9, refused)
    assert (entry.kind, entry.name, entry.summary) == ("rejected", "identifier", "batch[2]: The event names nobody.")


def test_the_pulse_counts_people_events_and_decisions(log, state):
    tick = Signal("tick", MORNING, 0)
    log.append([encode_record(event) for event in events()] + [encode_record(DECIDED), encode_record(tick)])
    fold(log, state)
    taken = pulse(log, state, MORNING)
    assert (taken.events, taken.decisions, taken.people, taken.behind) == (7, 1, 3, 0)
    assert taken.by_source == {"shop": 7}
