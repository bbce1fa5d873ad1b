"""Where people stand, read from the state: at the moment of the question, page by page, and as everybody's moves."""

import pytest

from tailorbird.events import Signal, encode_record
from tailorbird.know.tables import MOVED, offset_key
from tailorbird.shell.in_force import program_body
from tailorbird.shell.members import Sizes, named_members, page_of_members
from tailorbird.shell.people import find
from tailorbird.shell.run import Worker
from tailorbird.shell.standing import (
    Programs,
    counts,
    latest_moves,
    latest_number,
    members,
    moves_behind,
    person_of,
    told,
    view,
)
from tailorbird.testing.histories import SITE_KEY, START, event, grown

MINUTE = 60_000
DEFINITIONS = {
    "trait": {"views": {"sql": "count('Product Viewed')"}, "seen_at": {"sql": "last_at('Product Viewed')"}},
    "segment": {
        "curious": {"sql": "views >= 2"},
        "here": {"sql": "minutes_since('Product Viewed') < 10", "description": "within ten minutes"},
    },
}
PEOPLE = {"ann": 2, "ben": 1, "cis": 3}


def defined(worker: Worker, definitions=DEFINITIONS, at: int = START) -> Worker:
    said = Signal("definitions", at, 1, program_body(definitions))
    worker.log.append([encode_record(said)])
    while worker.offset < worker.log.end():
        worker.take(worker.log.read(worker.offset))
    worker.finish()
    return worker


@pytest.fixture(scope="module")
def worker() -> Worker:
    """Ann, Ben and Cis looked at products, one a minute, before anything was defined."""
    who = [name for name, times in PEOPLE.items() for _ in range(times)]
    return defined(grown([event(i, [("userId", name)], at=START + i * MINUTE) for i, name in enumerate(who)]))


def stands(worker: Worker, name: str, now: int) -> dict:
    with worker.state.snapshot() as snapshot:
        return view(snapshot, Programs(), find(snapshot, SITE_KEY, "userId", name), now)


def test_person_has_segments_with_since_and_why(worker):
    found = stands(worker, "ann", START + 5 * MINUTE)
    assert set(found["segments"]) == {"curious", "here"}
    assert found["segments"]["curious"]["because"] == ["views is 2, >= 2"]
    assert found["computed"]["views"] == 2


def test_times_are_told_as_times(worker):
    assert stands(worker, "ann", START + 5 * MINUTE)["computed"]["seen_at"] == "2024-10-04T00:01:00.000Z"


def test_what_the_clock_has_moved_is_moved_in_the_answer(worker):
    before, after = (stands(worker, "ann", START + minutes * MINUTE) for minutes in (10, 11))
    assert before["holds_until"] == "2024-10-04T00:11:00.000Z"
    assert ("here" in before["segments"], "here" in after["segments"]) == (True, False)
    assert [move["event"] for move in after["moves"]] == ["Segment Entered"] * 2  # looking moves nobody


def test_sizes_and_members_by_page(worker):
    with worker.state.snapshot() as snapshot:
        assert counts(snapshot) == {"curious": 2, "here": 3}
        first = page_of_members(snapshot, "curious", 1)
        second = page_of_members(snapshot, "curious", 1, first[0]["person"])
        assert {first[0]["identifier"], second[0]["identifier"]} == {"userId:ann", "userId:cis"}
        assert page_of_members(snapshot, "curious", 1, second[0]["person"]) == []
        assert [person for person, _ in members(snapshot, "nothing")] == []
    assert Sizes(worker.state).now() == {"curious": 2, "here": 3}


def test_snapshot_names_each_member_and_the_version(worker):
    with worker.state.snapshot() as snapshot:
        taken = named_members(snapshot, "curious", 4, START)
        assert (taken.list, len(list(taken.calls))) == ("curious@2024-10-04", 2)


def test_moves_are_read_from_either_end(worker):
    with worker.state.snapshot() as snapshot:
        found = moves_behind(snapshot, 0, 100)
        assert [number for number, _ in found] == list(range(1, 6))
        assert latest_number(snapshot) == 5
        assert moves_behind(snapshot, 5, 100) == []
        assert [move.id for move in latest_moves(snapshot, 2)] == [move.id for _, move in found[:-3:-1]]
        assert len(moves_behind(snapshot, 0, 100, "curious")) == 2


def test_latest_moves_end_where_older_ones_were_pruned(worker, monkeypatch):
    with worker.state.snapshot() as snapshot:
        numbers = [number for number, _ in moves_behind(snapshot, 0, 100)]
    worker.state.commit({MOVED: {offset_key(number): None for number in numbers[:3]}}, worker.offset)
    monkeypatch.setattr("tailorbird.shell.standing._PIECE", 1)
    with worker.state.snapshot() as snapshot:
        assert [number for number, _ in moves_behind(snapshot, 0, 100)] == numbers[3:]
        assert len(latest_moves(snapshot, 100)) == len(numbers) - 3


def test_worker_says_what_holds(worker):
    with worker.state.snapshot() as snapshot:
        work = told(snapshot)
    assert (work.at, set(work.traits), set(work.segments)) == (START, {"views", "seen_at"}, {"curious", "here"})
    assert (work.reaching, work.refused) == (False, "")


def test_nothing_defined_is_nothing_said():
    alone = grown([event(1, [("userId", "ann")])])
    assert stands(alone, "ann", START) == {"segments": {}, "computed": {}, "moves": []}


def test_somebody_who_did_nothing_since_has_traits_all_the_same():
    alone = defined(grown([event(1, [("userId", "ann")], "", type="identify")]))
    assert stands(alone, "ann", START)["computed"]["views"] == 0


def test_ids_of_persons_are_read_back():
    assert person_of("ab" * 16) == b"\xab" * 16
    assert [person_of(text) for text in ("", "zz" * 16, "ab")] == [None, None, None]
