from tailorbird.events import Rejected, encode_record
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import START, event, grown
from tailorbird.testing.memory_lake import MemoryLake

ANNA = [("userId", "anna")]
REFUSED = Rejected("web", "json", "body", "not JSON", b"d" * 16, START, b"...")


def in_lake(lake):
    return [record for rows in lake.read() for _, record in rows]


def test_what_was_kept_goes_in_and_repeats_stay_out():
    first, second = event(1, ANNA), event(2, ANNA)
    worker, lake = grown([first, first, second, REFUSED]), MemoryLake()
    assert seal_once(worker.log, worker.state, lake) == 3
    assert in_lake(lake) == [first, second, REFUSED]
    assert lake.sealed() == worker.offset


def test_what_is_not_folded_yet_waits():
    worker, lake = grown([event(1, ANNA)]), MemoryLake()
    worker.log.append([encode_record(event(2, ANNA))])
    assert seal_once(worker.log, worker.state, lake) == 1
    assert lake.sealed() == worker.offset < worker.log.end()


def test_small_steps_end_where_one_large_step_ends():
    worker, lake = grown([event(number % 3, ANNA) for number in range(9)]), MemoryLake()
    while lake.sealed() < worker.offset:
        seal_once(worker.log, worker.state, lake, max_bytes=300)
    assert [record.message_id for record in in_lake(lake)] == ["m0", "m1", "m2"]


def test_log_lets_go_of_what_the_lake_has():
    worker, lake = grown([event(1, ANNA), event(2, ANNA)]), MemoryLake()
    seal_once(worker.log, worker.state, lake)
    assert worker.log.read(worker.offset).records == []
    assert seal_once(worker.log, worker.state, lake) == 0


def test_links_go_into_the_lake_with_their_events():
    stranger, login = event(1, [("anonymousId", "a")]), event(2, [*ANNA, ("anonymousId", "a")])
    worker, lake = grown([stranger, login]), MemoryLake()
    seal_once(worker.log, worker.state, lake)
    people = lake.query("SELECT count(DISTINCT person) AS people, count(*) AS events FROM people_events")
    assert [dict(row) for row in people] == [{"people": 1, "events": 2}]
