import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.collect.times import corrected, iso, parse_time

MOMENT = 1795294396964


@pytest.mark.parametrize(
    "value",
    ["2026-11-21T20:53:16.964Z", "2026-11-21T20:53:16.964+00:00", "2026-11-21T21:53:16.964+01:00",
     "2026-11-21T20:53:16.964", "2026-11-21 20:53:16.964123", "2026-11-21T20:53:16.964000+00:00", MOMENT,
     MOMENT * 1_000, MOMENT * 1_000_000, 1795294396.964, "1795294396964", "1795294396.964"],
)  # fmt: skip
def test_every_way_to_write_a_time_is_read(value: object) -> None:
    assert parse_time(value) == MOMENT


def test_seconds_and_dates_are_read() -> None:
    assert parse_time(1795294396) == parse_time("1795294396") == MOMENT - 964
    assert parse_time("2026-11-21") == parse_time("2026-11-21T00:00:00Z")


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2026-13-01", "2026-02-30T00:00:00Z", "0001-01-01", "1969-12-31T23:59:59Z", "-5", -5, None, True,
     [], {}, float("nan"), float("inf"), 10**30, "9" * 5000, "nan", "1e400", "\ud800-\ud800"],
)  # fmt: skip
def test_what_is_no_time_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError):
        parse_time(value)


@given(st.integers(0, 253_402_300_799_999))
def test_iso_text_reads_back_as_the_same_moment(ms: int) -> None:
    assert parse_time(iso(ms)) == ms


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_a_wrong_clock_does_not_matter(at: int, waited: int, travelled: int, wrong_by: int) -> None:
    received_at = at + waited + travelled
    by_device = at + wrong_by
    assert corrected(by_device, by_device + waited, received_at) == at + travelled


def test_nothing_happens_after_it_was_received() -> None:
    assert corrected(original=9_000, sent_at=None, received_at=5_000) == 5_000
    assert corrected(original=9_000, sent_at=1_000, received_at=5_000) == 5_000
