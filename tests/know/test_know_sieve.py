"""A sieve lets nothing pass that was counted."""

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.know import sieve as of
from tailorbird.know.sieve import Sieve
from tailorbird.know.tables import seen_table
from tailorbird.testing.memory_state import MemoryState

DIGESTS = st.lists(st.binary(min_size=16, max_size=16), max_size=30, unique=True)
MANY = [bytes([number]) * 16 for number in range(100)]


def state_of(day, digests):
    state = MemoryState()
    state.commit({seen_table(day): dict.fromkeys(digests, b"")}, 1)
    return state


@given(stored=DIGESTS, put=DIGESTS, asked=DIGESTS)
def test_whatever_was_counted_is_under_suspicion(stored, put, asked):
    sieve = Sieve()
    with state_of(9, stored).snapshot() as snapshot:
        sieve.suspects(snapshot, (9,), asked)
        sieve.put(put)
        for day in range(400):
            sieve.suspects(snapshot, (day,), asked)
        assert set(sieve.suspects(snapshot, (9,), [*stored, *put, *asked])) >= {*stored, *put}


def test_a_digest_nobody_counted_is_mostly_let_pass():
    with state_of(9, MANY[:50]).snapshot() as snapshot:
        assert Sieve().suspects(snapshot, (9, 8, 10), MANY) == MANY[:50]
        assert Sieve().suspects(snapshot, (10,), MANY) == []


def test_a_full_one_begins_anew_once_days_are_over_and_reads_what_is_asked_for(monkeypatch):
    monkeypatch.setattr(of, "FULL", 40)
    sieve = Sieve()
    with state_of(9, MANY[:50]).snapshot() as snapshot:
        sieve.suspects(snapshot, (9,), MANY)
        sieve.put(MANY[50:])
        sieve.put(MANY[50:60])
        sieve.begin()
        assert sieve.suspects(snapshot, (9,), MANY) == MANY
        sieve.suspects(snapshot, (12,), MANY)
        sieve.begin()
        assert sieve.suspects(snapshot, (12,), MANY) == []
        assert sieve.suspects(snapshot, (9,), MANY) == MANY[:50]


def test_days_that_every_batch_asks_for_are_not_read_in_every_batch(monkeypatch):
    monkeypatch.setattr(of, "FULL", 40)
    sieve, read = Sieve(), []

    class Counting:
        def scan(self, table):
            read.append(table)
            return iter([(key, b"") for key in MANY[:50]])

    for _ in range(10):
        sieve.begin()
        sieve.suspects(Counting(), (1, 9), MANY)
        sieve.put(MANY[60:65])
    assert len(read) == 2
