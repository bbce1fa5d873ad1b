"""A sieve lets nothing pass that was counted."""

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.know.sieve import KEPT, Sieve
from tailorbird.know.tables import seen_table
from tailorbird.testing.memory_state import MemoryState

DIGESTS = st.lists(st.binary(min_size=16, max_size=16), max_size=30, unique=True)


def state_of(day, digests):
    state = MemoryState()
    state.commit({seen_table(day): dict.fromkeys(digests, b"")}, 1)
    return state


@given(stored=DIGESTS, put=DIGESTS, asked=DIGESTS)
def test_whatever_was_counted_is_under_suspicion(stored, put, asked):
    sieve = Sieve()
    with state_of(9, stored).snapshot() as snapshot:
        sieve.suspects(snapshot, 9, asked)
        sieve.put(9, put)
        assert set(sieve.suspects(snapshot, 9, [*stored, *put, *asked])) >= {*stored, *put}


def test_a_digest_nobody_counted_is_mostly_let_pass_and_other_days_do_not_matter():
    sieve, digests = Sieve(), [bytes([number]) * 16 for number in range(100)]
    with state_of(9, digests[:50]).snapshot() as snapshot:
        assert sieve.suspects(snapshot, 9, digests) == digests[:50]
        assert sieve.suspects(snapshot, 10, digests) == []


def test_old_days_go():
    sieve = Sieve()
    with state_of(1, [b"1" * 16]).snapshot() as snapshot:
        for day in range(1, KEPT + 3):
            sieve.suspects(snapshot, day, [b"1" * 16])
    assert len(sieve._days) == KEPT
