import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.errors import Corrupt
from tailorbird.events import encode_record
from tailorbird.shell.rebuild import catch_up, rebuild
from tailorbird.shell.run import Worker
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import START, OneKey, event, grown, tables
from tailorbird.testing.memory_lake import MemoryLake
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

ANNA = [("userId", "anna")]


def shop(count=3):
    """A worker and a lake that has all the log had."""
    worker, lake = grown([event(number, ANNA, at=START + number) for number in range(count)]), MemoryLake()
    seal_once(worker.log, worker.state, lake)
    return worker, lake


def test_worker_that_lost_its_state_takes_it_from_the_lake():
    live, lake = shop()
    again = Worker(live.log, MemoryState(), OneKey(), Policy(), lake.sealed)
    assert catch_up(again, lake) == 3
    assert again.offset == live.offset
    assert tables(again.state)["profile"] == tables(live.state)["profile"]


def test_worker_that_is_ahead_of_the_lake_leaves_its_state_alone():
    live, lake = shop()
    live.log.append([encode_record(event(9, ANNA, at=START + 9))])
    live.turn()
    assert catch_up(live, lake) == 0


def test_rebuild_tells_how_far_it_is():
    live, lake = shop()
    live.log.append([encode_record(event(9, ANNA, at=START + 9))])
    told = []
    assert rebuild(live, lake, lambda offset, end: told.append((offset, end))) == 4
    assert told[-1] == (live.log.end(), live.log.end())


def test_last_records_that_were_repeats_are_not_read_again():
    live, lake = grown([event(1, ANNA), event(1, ANNA)]), MemoryLake()
    seal_once(live.log, live.state, lake)
    assert rebuild(live, lake) == 1
    assert live.offset == lake.sealed() == live.log.end()


def test_log_that_lacks_what_the_lake_never_had_is_said_to_be_corrupt():
    lost = Worker(MemoryLog(start=500), MemoryState(), OneKey(), Policy())
    lost.log.append([encode_record(event(1, ANNA))])
    with pytest.raises(Corrupt):
        rebuild(lost, MemoryLake())
