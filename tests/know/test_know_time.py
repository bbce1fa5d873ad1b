"""What moves people although they did nothing: ticks, definitions, and being found to be one."""

from tailorbird.consent.purpose import Policy
from tailorbird.events import HOUR_MS, Signal, encode_record
from tailorbird.know.language.schema import schema_of
from tailorbird.know.moves import history, stream
from tailorbird.know.segment.standing import decode_head
from tailorbird.shell.run import Worker
from tailorbird.testing.histories import START, OneKey, event, tables
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

ANNA = [("userId", "anna")]
STRANGER = [("anonymousId", "a1")]
BUSY = {"busy": "count('Product Viewed', '1 hour', granularity => '1 minute') >= 1"}
MINUTE = 60_000


def defined(segments, at=START):
    body = {"segments": {name: {"sql": sql} for name, sql in segments.items()}, "schema": schema_of().plain()}
    return Signal("definitions", at, 1, body)


def told(*records):
    """A worker that was told all this."""
    worker = Worker(MemoryLog(), MemoryState(), OneKey(), Policy())
    return tell(worker, *records)


def tell(worker, *records):
    worker.log.append([encode_record(one) for one in records])
    worker.take(worker.log.read(worker.offset))
    worker.finish()
    return worker


def moves(worker):
    with worker.state.snapshot() as snapshot:
        return [(move.segment, move.entered, move.at - START) for _, move in stream(snapshot)]


def members(worker):
    return [decode_head(value).members for value in tables(worker.state).get("standing", {}).values()]


def test_window_closes_at_its_own_instant_whenever_the_tick_comes():
    worker = told(defined(BUSY), event(1, ANNA, at=START + 5 * MINUTE), Signal("tick", START + 9 * HOUR_MS, 0))
    assert moves(worker) == [("busy", True, 5 * MINUTE), ("busy", False, HOUR_MS + 5 * MINUTE)]


def test_nobody_moves_before_the_tick():
    worker = told(defined(BUSY), event(1, ANNA), Signal("tick", START + HOUR_MS - 1, 0))
    assert members(worker) == [{"busy": START}]


def test_timers_fire_after_a_restart():
    before = told(defined(BUSY), event(1, ANNA))
    after = tell(Worker(before.log, before.state, OneKey(), Policy()), Signal("tick", START + HOUR_MS, 0))
    assert members(after) == [{}]


def test_tick_that_fell_before_a_restart_is_finished_after_it():
    before = told(defined(BUSY), event(1, ANNA))
    before.log.append([encode_record(Signal("tick", START + HOUR_MS, 0))])
    after = Worker(before.log, before.state, OneKey(), Policy())
    after.turn()
    assert members(after) == [{}]


def test_new_definition_counts_what_was_done_before_it():
    worker = told(event(1, ANNA), defined({"known": "count('Product Viewed') >= 1"}, at=START + 7))
    assert moves(worker) == [("known", True, 7)]


def test_definition_that_stays_moves_nobody_again():
    known = {"known": "count('Product Viewed') >= 1"}
    worker = told(event(1, ANNA), defined(known), defined({**known, **BUSY}, at=START + 7))
    assert moves(worker) == [("known", True, 0), ("busy", True, 7)]


def test_withdrawn_definition_lets_its_members_leave_and_their_timers_go():
    worker = told(defined(BUSY), event(1, ANNA), defined({}, at=START + 7))
    assert moves(worker) == [("busy", True, 0), ("busy", False, 7)]
    assert not {"standing", "due"} & tables(worker.state).keys()


def test_definitions_that_cannot_be_read_leave_the_last_good_ones_in_force():
    worker = told(defined(BUSY), defined({"odd": "no_such_function() > 1"}), event(1, ANNA))
    assert moves(worker) == [("busy", True, 0)]
    assert "odd" in worker.fold.force.refused


def test_two_found_to_be_one_keep_the_earlier_since():
    known = {"known": "count('Product Viewed') >= 1"}
    worker = told(defined(known), event(1, STRANGER, at=START + 1), event(2, ANNA, at=START + 9))
    tell(worker, event(3, [*ANNA, *STRANGER], at=START + 20))
    assert members(worker) == [{"known": START + 1}]


def test_history_of_both_is_the_history_of_the_one():
    known = {"known": "count('Product Viewed') >= 1"}
    worker = told(defined(known), event(1, STRANGER, at=START + 1), event(2, ANNA, at=START + 9))
    tell(worker, event(3, [*ANNA, *STRANGER], at=START + 20))
    [person] = tables(worker.state)["standing"]
    with worker.state.snapshot() as snapshot:
        assert [move.at - START for move in history(snapshot, person)] == [1, 9]


def test_what_is_not_kept_moves_nobody():
    no = event(1, ANNA, "Consent Changed", consent={"analytics": False})
    worker = told(defined(BUSY), no, event(2, ANNA, at=START + 1))
    assert moves(worker) == []


def test_late_event_counts_as_if_it_had_come_in_time():
    chain = {"followed": "sequence('Product Viewed', 'Product Added', within => '1 hour')"}
    late = event(2, ANNA, at=START, received_at=START + 2 * HOUR_MS)
    worker = told(defined(chain), event(1, ANNA, "Product Added", at=START + MINUTE), late)
    assert [(segment, entered) for segment, entered, _ in moves(worker)] == [("followed", True)]


def test_site_without_definitions_stores_nothing_of_this():
    worker = told(event(1, ANNA), Signal("tick", START + HOUR_MS, 0))
    assert not {"standing", "due", "moves"} & tables(worker.state).keys()
