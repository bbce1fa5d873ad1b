import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.offer.judge import plain

from tailorbird.offer.judge.protocols import trial
from tailorbird.offer.judge.ranks import ranked
from tailorbird.offer.retrievers.histories import Histories

LEVELS = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0])  # few, so that ties abound


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[list[float]], list[list[int]], list[list[int]]]:
    """Scores, histories and targets of some people over some items."""
    people, items = draw(st.integers(1, 3)), draw(st.integers(1, 12))
    row = st.lists(LEVELS, min_size=items, max_size=items)
    past = st.lists(st.integers(0, items - 1), max_size=items)
    wanted = st.lists(st.integers(-1, items - 1), max_size=5)
    return tuple(draw(st.lists(one, min_size=people, max_size=people)) for one in (row, past, wanted))  # type: ignore[return-value]


@given(questions(), st.booleans(), st.integers(1, 14))
def test_one_pass_equals_sorting_and_counting(drawn: tuple, masked: bool, width: int) -> None:
    rows, histories, targets = drawn
    items = len(rows[0])
    start = np.cumsum([0, *map(len, targets)]).astype(np.int64)
    wanted = np.array([t for some in targets for t in some], np.int32)
    kind = "collaborative" if masked else "next-item"
    asked = Histories.of(histories, items)
    best, ranks = ranked(np.array(rows, np.float32), trial(kind, asked, asked, start, wanted, 5), width)
    hidden = [set(past) if masked else set() for past in histories]
    assert best.tolist() == [plain.best(row, hide, width) for row, hide in zip(rows, hidden, strict=True)]
    expected = [plain.ranks(row, hide, some) for row, hide, some in zip(rows, hidden, targets, strict=True)]
    assert ranks.tolist() == [rank for some in expected for rank in some]


def test_a_constant_score_puts_every_target_in_the_middle() -> None:
    asked = Histories.of([[]], 9)
    some = trial("next-item", asked, asked, np.array([0, 1]), np.array([3], np.int32), 5)
    _, ranks = ranked(np.zeros((1, 9), np.float32), some, 5)
    assert ranks.tolist() == [5.0]
