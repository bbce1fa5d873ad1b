"""Who calls, as a decision sees them: profile and segments, in one read of the state."""

from tailorbird.events import Signal, encode_record
from tailorbird.shell.http.lookup import Lookup
from tailorbird.shell.in_force import program_body
from tailorbird.shell.run import Worker
from tailorbird.testing.histories import SITE_KEY, START, event, grown

CURIOUS = {"segment": {"curious": {"sql": "count('Product Viewed') >= 2"}}}


def said(worker: Worker, *records: object) -> None:
    worker.log.append([encode_record(one) for one in records])
    while worker.offset < worker.log.end():
        worker.take(worker.log.read(worker.offset))
    worker.finish()


def segments(lookup: Lookup, who: str) -> frozenset[str]:
    found = lookup.find(lookup.identifiers(who))
    return found.known.segments if found.known else frozenset({"unknown"})


def test_decision_sees_the_segments_of_this_very_moment():
    worker = grown([])
    said(worker, Signal("definitions", START, 1, program_body(CURIOUS)), event(1, [("userId", "ann")]))
    lookup = Lookup(worker.state, SITE_KEY)
    assert segments(lookup, "userId:ann") == frozenset()
    said(worker, event(2, [("userId", "ann")], at=START + 1))
    assert segments(lookup, "userId:ann") == {"curious"}


def test_site_without_segments_reads_no_standing():
    worker = grown([event(1, [("userId", "ann")])])
    lookup = Lookup(worker.state, SITE_KEY)
    assert segments(lookup, "userId:ann") == frozenset()
    assert not lookup._stood
