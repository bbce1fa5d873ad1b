"""Rules of `prove/exposure.py`, one a test."""

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, Decided
from tailorbird.prove.exposure import Shown, Signal, Windows, join

OFFER = Decided("d1", 10 * DAY_MS, b"L", "home", ["a", "b"], ["popular"] * 2, [1.0, 0.5], "popular", 1.0, "")
NOON = OFFER.at


def view(at: int, offset: int = 1) -> Signal:
    return Signal("d1", "", b"P", at, offset)


def click(at: int, item: str = "a", offset: int = 2) -> Signal:
    return Signal("d1", item, b"P", at, offset)


def test_a_decision_that_nobody_saw_is_no_impression():
    assert join([OFFER], []).shown == []


def test_repeated_views_are_one_impression_at_the_first():
    shown = join([OFFER], [view(NOON + 9), view(NOON + 5, 2), view(NOON + 7, 3)]).shown
    assert shown == [Shown("d1", "home", b"P", NOON + 5, ("a", "b"), {})]


def test_a_click_proves_that_it_was_seen():
    assert join([OFFER], [click(NOON + 5)]).shown[0].at == NOON + 5


def test_a_click_before_the_view_makes_the_click_the_exposure():
    shown = join([OFFER], [view(NOON + 9), click(NOON + 5)]).shown
    assert (shown[0].at, shown[0].clicked) == (NOON + 5, {"a": NOON + 5})


def test_an_item_clicked_twice_counts_at_its_first_click():
    shown = join([OFFER], [view(NOON), click(NOON + 9), click(NOON + 4, offset=3)]).shown
    assert shown[0].clicked == {"a": NOON + 4}


def test_a_click_on_an_item_that_was_not_offered_is_a_fault():
    assert join([OFFER], [click(NOON, "z")]) == ([], {"item not offered": 1})


def test_a_signal_for_an_unknown_decision_is_a_fault():
    assert join([], [view(NOON)]) == ([], {"unknown decision": 1})


def test_an_empty_decision_cannot_be_seen():
    empty = Decided("d1", NOON, b"L", "home", [], [], [], "empty", 1.0, "")
    assert join([empty], [view(NOON)]).shown == []


def test_a_view_in_a_forgotten_tab_is_outside_the_window():
    assert join([OFFER], [view(NOON + DAY_MS + 1)]) == ([], {"outside the window": 1})


def test_a_clock_a_little_behind_is_forgiven_and_a_lot_is_not():
    early = Windows().early_ms
    assert join([OFFER], [view(NOON - early)]).shown
    assert join([OFFER], [view(NOON - early - 1)]).shown == []


def test_a_late_click_counts_from_the_exposure_and_not_from_the_decision():
    seen, late = view(NOON + 20 * 3_600_000), click(NOON + 30 * 3_600_000)
    assert join([OFFER], [seen, late]).shown[0].clicked == {"a": late.at}


def test_a_click_after_its_window_is_a_fault_but_the_view_stays():
    shown, faults = join([OFFER], [view(NOON), click(NOON + 2 * DAY_MS)])
    assert shown[0].clicked == {} and faults == {"outside the window": 1}


signals = st.lists(
    st.builds(
        Signal,
        st.sampled_from(["d1", "d2"]),
        st.sampled_from(["", "a", "b", "z"]),
        st.sampled_from([b"P", b"Q"]),
        st.integers(NOON - DAY_MS, NOON + 3 * DAY_MS),
        st.integers(1, 10**6),
    ),
    max_size=12,
    unique_by=lambda signal: signal.offset,
)


@given(signals, st.randoms())
def test_order_and_repeats_of_signals_change_nothing(heard, chance):
    again = heard + heard
    chance.shuffle(again)
    assert join([OFFER], again).shown == join([OFFER], heard).shown
