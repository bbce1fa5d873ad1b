"""Lengths of time as text, and windows of whole granules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.know.language.lengths import DAY, HOUR, LONGEST, MINUTE, UNITS, read_length, spell_length, window
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.tree import Window

counts = st.integers(1, 36_500)
lengths = st.builds(lambda count, unit: count * UNITS[unit], counts, st.sampled_from(sorted(UNITS))).filter(
    lambda length: length <= LONGEST
)


@given(lengths)
def test_a_length_is_read_as_it_is_spelled(length: int) -> None:
    assert read_length(spell_length(length)) == length


@pytest.mark.parametrize("text", ["90 DAYS", " 90days ", "90 day", "3 months"])
def test_a_length_may_be_written_as_people_do(text: str) -> None:
    assert read_length(text) == 90 * DAY


@pytest.mark.parametrize(
    "text", ["", "days", "90", "-1 day", "1.5 hours", "1 fortnight", "0 days", "999999 years", "٣ days"]
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(Mistake):
        read_length(text)


@given(lengths, st.sampled_from([None, MINUTE, 7 * MINUTE, HOUR, 5 * HOUR, DAY, 7 * DAY]))
def test_a_refused_window_names_a_granularity_that_would_do(length: int, granule: int | None) -> None:
    try:
        found = window(length, granule)
    except Mistake as wrong:
        found = window(length, read_length(wrong.hint.split("'")[1]))
    assert found.length == length and length % found.granule == 0 and length // found.granule <= 1_000


def test_a_granularity_may_be_finer_or_coarser_than_the_usual_one() -> None:
    assert window(30 * DAY, HOUR) == Window(30 * DAY, HOUR)
    assert window(4 * HOUR, 2 * HOUR) == Window(4 * HOUR, 2 * HOUR)
