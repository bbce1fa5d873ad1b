import threading
import time
from contextlib import contextmanager

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.errors import StateUnavailable
from tailorbird.events import encode_record
from tailorbird.flow import Fold
from tailorbird.know.profile import decode_profile
from tailorbird.shell.run import Worker, opened, run
from tailorbird.testing.histories import START, OneKey, event, grown, tables
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

ANNA = [("userId", "anna")]


class FullState(MemoryState):
    """A state that refuses the next `refusals` commits, as a full disk would."""

    refusals = 0

    def commit(self, changes, offset):
        if self.refusals:
            self.refusals -= 1
            raise StateUnavailable("The state is full.")
        super().commit(changes, offset)


def put(worker, *events):
    return worker.log.append([encode_record(one) for one in events])


def worker_on(state):
    return Worker(MemoryLog(), state, OneKey(), Policy())


@contextmanager
def running(worker):
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(worker, stop.is_set))
    thread.start()
    yield
    stop.set()
    thread.join(5)


def until(claim):
    deadline = time.monotonic() + 5
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.01)
    return claim()


def test_turn_without_news_gives_none():
    assert worker_on(MemoryState()).turn(timeout_s=0.0) is None


def test_turn_folds_what_came_and_moves_on():
    worker = worker_on(MemoryState())
    end = put(worker, event(1, ANNA), event(2, ANNA))
    assert worker.turn().outcomes == {"kept": 2}
    assert worker.offset == worker.state.offset() == end


def test_commit_that_failed_leaves_nothing_behind():
    state = FullState()
    worker = worker_on(state)
    put(worker, event(1, ANNA))
    worker.turn()
    put(worker, event(2, ANNA, at=START + 1))
    state.refusals = 1
    with pytest.raises(StateUnavailable):
        worker.turn()
    worker.turn()
    [profile] = tables(state)["profile"].values()
    assert decode_profile(profile).version == 2


def test_loop_waits_for_a_state_that_is_full_and_goes_on():
    state = FullState()
    state.refusals = 2
    worker = worker_on(state)
    with running(worker):
        end = put(worker, event(1, ANNA))
        assert until(lambda: state.offset() == end)


def test_bytes_that_are_no_record_do_not_stop_the_stream():
    worker = worker_on(MemoryState())
    worker.log.append([b"\xc1 garbage", encode_record(event(1, ANNA))])
    assert worker.turn().outcomes == {"kept": 1, "foreign": 1}


def test_event_that_cannot_be_folded_is_stored_all_the_same():
    def unreadable(event):
        raise ValueError("not what was sealed")

    worker = worker_on(MemoryState())
    worker.fold = Fold(unreadable, Policy())
    put(worker, event(1, ANNA))
    assert worker.turn().outcomes == {"unfolded": 1}
    assert len(tables(worker.state)["event"]) == 1


def test_pruning_leaves_only_what_the_lake_still_needs():
    worker = grown([event(1, ANNA), event(1, ANNA), event(2, [("userId", "ben")])])
    first = worker.log.read(0).records[0][0]
    worker.sealed = lambda: first
    worker.prune(now=1e9)
    found = tables(worker.state)
    assert len(found["links"]) == 1
    assert len(found["dropped"]) == 1


def test_worker_that_never_rests_prunes_all_the_same():
    worker = worker_on(MemoryState())
    worker.sealed = worker.log.end
    put(worker, event(1, ANNA))
    worker.turn()
    worker._pruned_at = 0.0
    put(worker, event(2, ANNA, at=START + 1))
    worker.turn()
    assert "links" not in tables(worker.state)


def test_event_sealed_under_a_key_that_was_replaced_stays_closed():
    keys = MemoryKeys()
    one = event(1, ANNA)
    assert opened(keys, one) is None
    keys.ensure([one.leaf])
    assert opened(keys, one) is None
    assert opened(OneKey(), one).identifiers == ANNA
