import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.collect.frame import frame, frames

PAYLOADS = st.lists(st.binary(min_size=1, max_size=200), max_size=20)


@given(PAYLOADS, st.integers(0, 10**12))
def test_frames_give_back_what_was_framed(payloads: list[bytes], base: int) -> None:
    buffer = frame(payloads)
    assert [payload for _, payload in frames(buffer, base)] == payloads
    assert [end for end, _ in frames(buffer, base)][-1:] == ([base + len(buffer)] if payloads else [])


@given(PAYLOADS.filter(bool), st.data())
def test_a_torn_tail_ends_the_reading_before_it(payloads: list[bytes], data: st.DataObject) -> None:
    buffer = frame(payloads)
    cut = data.draw(st.integers(0, len(buffer) - 1))
    whole = [end for end, _ in frames(buffer) if end <= cut]
    assert [end for end, _ in frames(buffer[:cut])] == whole


@given(PAYLOADS.filter(bool), st.data())
def test_a_flipped_bit_ends_the_reading(payloads: list[bytes], data: st.DataObject) -> None:
    buffer = bytearray(frame(payloads))
    at = data.draw(st.integers(0, len(buffer) - 1))
    buffer[at] ^= 1 << data.draw(st.integers(0, 7))
    assert [payload for _, payload in frames(bytes(buffer))] == payloads[: _frame_of(payloads, at)]


def _frame_of(payloads: list[bytes], at: int) -> int:
    ends = [len(frame(payloads[: n + 1])) for n in range(len(payloads))]
    return next(n for n, end in enumerate(ends) if at < end)


def test_zeros_after_a_power_cut_are_no_records() -> None:
    assert zlib.crc32(b"") == 0
    assert list(frames(frame([b"one"]) + bytes(4096))) == [(11, b"one")]


def test_an_empty_record_is_refused() -> None:
    with pytest.raises(ValueError, match="empty record"):
        frame([b""])
