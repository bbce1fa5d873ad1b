"""Law 2: a message counts once per source, in state and in lake, whatever is retried, killed or resumed."""

from collections import Counter

from hypothesis import given
from law_histories import ANYTHING, LAW, made

from tailorbird.events import DAY_MS, HOUR_MS, encode_record
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import START, event, grown, tables
from tailorbird.testing.memory_lake import MemoryLake

ANNA = [("userId", "anna")]


def sealed(worker):
    lake = MemoryLake()
    seal_once(worker.log, worker.state, lake)
    return [record for rows in lake.read() for _, record in rows]


@LAW
@given(ANYTHING)
def test_no_message_is_twice_in_the_lake(history):
    found = Counter((record.source, record.message_id) for record in sealed(grown(made(history), batch_bytes=400)))
    assert set(found.values()) <= {1}


@LAW
@given(ANYTHING)
def test_lake_and_state_hold_the_same_events(history):
    worker = grown(made(history))
    in_state = set(tables(worker.state).get("event", {}).values())
    assert {encode_record(record) for record in sealed(worker)} == in_state


def test_repeat_across_midnight_counts_once():
    late = event(1, ANNA, message_id="m", received_at=START + DAY_MS - 1)
    early = event(2, ANNA, message_id="m", received_at=START + DAY_MS + 23 * HOUR_MS)
    assert len(sealed(grown([late, early], batch_bytes=1))) == 1


def test_web_worker_that_wrote_late_across_midnight_counts_once():
    later = event(1, ANNA, message_id="m", received_at=START + DAY_MS)
    before = event(2, ANNA, message_id="m", received_at=START + DAY_MS - 1)
    assert len(sealed(grown([later, before], batch_bytes=1))) == 1


def test_same_id_from_two_sources_are_two_messages():
    events = [event(1, ANNA, message_id="m", source="web"), event(2, ANNA, message_id="m", source="till")]
    assert len(sealed(grown(events))) == 2


def test_messages_of_days_ago_are_forgotten():
    worker = grown([event(1, ANNA), event(2, ANNA, received_at=START + 5 * DAY_MS)], batch_bytes=1)
    assert [name for name in tables(worker.state) if name.startswith("seen")] == [f"seen:{START // DAY_MS + 5}"]
