"""What every live statistic promises (`know.statistics.statistic`), of all of them."""

from copy import deepcopy
from dataclasses import dataclass
from math import isclose
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tailorbird.know.statistics.absence import Absence
from tailorbird.know.statistics.chain import Chain
from tailorbird.know.statistics.count import Count
from tailorbird.know.statistics.ends import First, Last, WindowFirst, WindowLast
from tailorbird.know.statistics.extreme import Largest, WindowLargest
from tailorbird.know.statistics.held import Held
from tailorbird.know.statistics.leaning import Leaning
from tailorbird.know.statistics.periods import Periods
from tailorbird.know.statistics.restart import Restart
from tailorbird.know.statistics.statistic import Statistic, of
from tailorbird.know.statistics.tally import Tally
from tailorbird.know.statistics.total import Total
from tailorbird.know.statistics.visits import Visits
from tailorbird.know.statistics.window_count import WindowCount
from tailorbird.know.statistics.window_tally import WindowDistinct, WindowTally
from tailorbird.know.statistics.window_total import WindowTotal
from tailorbird.know.statistics.word import Consent, Word

TEXT, NUMBER = st.sampled_from(("jam", "milk", "tea")), st.sampled_from((-2.0, 0.5, 3.0, 1e6))
KEYED = st.tuples(st.booleans(), TEXT)
LONGEST = 200  # no window, deadline or period below is longer


@dataclass(frozen=True)
class Case:
    make: type[Statistic]
    values: st.SearchStrategy[Any]

    def of(self, pairs: list[tuple[int, Any]]) -> Statistic:
        made = self.make()
        for at, value in pairs:
            made.update(at, value)
        return made


WINDOW = {"granule": 10, "span": 4}
ANY_ORDER = {
    "count": Case(Count, st.none()),
    "window count": Case(of(WindowCount, granule=10, spans=(2, 5)), st.none()),
    "total": Case(Total, NUMBER),
    "window total": Case(of(WindowTotal, granule=10, spans=(2, 5)), NUMBER),
    "largest": Case(Largest, NUMBER),
    "smallest": Case(of(Largest, smallest=True), TEXT),
    "window largest": Case(of(WindowLargest, **WINDOW), NUMBER),
    "window smallest": Case(of(WindowLargest, smallest=True, **WINDOW), NUMBER),
    "first": Case(First, TEXT),
    "last": Case(Last, TEXT),
    "window first": Case(of(WindowFirst, **WINDOW), TEXT),
    "window last": Case(of(WindowLast, **WINDOW), TEXT),
    "tally": Case(Tally, TEXT),
    "window distinct": Case(of(WindowDistinct, **WINDOW), TEXT),
    "window tally": Case(of(WindowTally, **WINDOW), TEXT),
    "leaning": Case(of(Leaning, half_life=40, asked=("jam", "tea")), st.tuples(TEXT, st.just(2.0))),
    "periods": Case(of(Periods, **WINDOW), st.none()),
    "word": Case(Word, TEXT),
    "consent": Case(Consent, st.booleans()),
}
IN_ORDER = {
    "restart": Case(of(Restart, after=30, within=20), st.none()),
    "chain": Case(of(Chain, steps=3, within=40), st.tuples(st.integers(0, 2), TEXT)),
    "absence": Case(of(Absence, within=20, until_ms=None), KEYED),
    "absence until": Case(of(Absence, within=20, until_ms=50), KEYED),
    "visits": Case(Visits, st.none()),
    "held": Case(of(Held, granule=10, edges=3), st.booleans()),
}
ALL = {**ANY_ORDER, **IN_ORDER}


def happened(case: Case, most: int = 12) -> st.SearchStrategy[list[tuple[int, Any]]]:
    return st.lists(st.tuples(st.integers(0, LONGEST // 2), case.values), max_size=most)


def same(a: Any, b: Any) -> bool:
    """Equal, but for the last digits of floats that were added in another order."""
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return isclose(a, b, abs_tol=1e-9) if isinstance(a, float) else a == b


@pytest.mark.parametrize("name", ANY_ORDER)
@given(data=st.data(), later=st.integers(0, LONGEST))
def test_the_order_of_updates_does_not_matter(name: str, data: st.DataObject, later: int) -> None:
    case = ANY_ORDER[name]
    pairs = data.draw(happened(case))
    now = max((at for at, _ in pairs), default=0) + later
    shuffled = data.draw(st.permutations(pairs))
    assert same(case.of(pairs).get(now), case.of(shuffled).get(now))


@pytest.mark.parametrize("name", ANY_ORDER)
@given(data=st.data(), later=st.integers(0, LONGEST))
def test_adding_equals_counting_what_both_counted(name: str, data: st.DataObject, later: int) -> None:
    case = ANY_ORDER[name]
    mine, theirs = data.draw(happened(case)), data.draw(happened(case))
    now = max((at for at, _ in [*mine, *theirs]), default=0) + later
    both = case.of(mine)
    both += case.of(theirs)
    assert same(both.get(now), case.of([*mine, *theirs]).get(now))


@pytest.mark.parametrize("name", ANY_ORDER)
@given(data=st.data())
def test_revert_undoes_an_update_or_says_that_it_cannot(name: str, data: st.DataObject) -> None:
    case = ANY_ORDER[name]
    pairs = data.draw(happened(case))
    assume(pairs)
    gone = data.draw(st.integers(0, len(pairs) - 1))
    statistic = case.of(pairs)
    now = max(at for at, _ in pairs)
    if statistic.revert(*pairs[gone]):
        assert same(statistic.get(now), case.of(pairs[:gone] + pairs[gone + 1 :]).get(now))


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.make.timed])
@given(data=st.data(), later=st.integers(0, LONGEST))
def test_the_answer_stays_until_it_says(name: str, data: st.DataObject, later: int) -> None:
    statistic = ALL[name].of(sorted(data.draw(happened(ALL[name])), key=lambda pair: pair[0]))
    now = LONGEST // 2 + later
    answer = statistic.get(now)
    statistic.roll(now)
    assert statistic.until > now
    for instant in range(now, min(statistic.until, now + LONGEST)):
        assert same(deepcopy(statistic).get(instant), answer)


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.make.timed])
@given(data=st.data(), looks=st.lists(st.integers(0, LONGEST), max_size=3))
def test_looking_in_between_changes_no_later_answer(name: str, data: st.DataObject, looks: list[int]) -> None:
    looked = ALL[name].of(sorted(data.draw(happened(ALL[name])), key=lambda pair: pair[0]))
    untouched = deepcopy(looked)
    for instant in sorted(looks):
        looked.get(LONGEST // 2 + instant)
    assert same(looked.get(2 * LONGEST), untouched.get(2 * LONGEST))


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_it_is_the_same_after_being_stored(name: str, data: st.DataObject) -> None:
    statistic = ALL[name].of(sorted(data.draw(happened(ALL[name])), key=lambda pair: pair[0]))
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(statistic), type=ALL[name].make)
    assert stored == statistic


@pytest.mark.parametrize("name", [name for name in IN_ORDER if name != "held"])
@given(data=st.data())
def test_those_that_need_order_say_when_they_do_not_get_it(name: str, data: st.DataObject) -> None:
    case = IN_ORDER[name]
    statistic = case.of([(3_600_000, data.draw(case.values))])
    assert not statistic.update(0, data.draw(case.values))


@pytest.mark.parametrize("name", IN_ORDER)
def test_those_that_need_order_do_not_join(name: str) -> None:
    assert not IN_ORDER[name].make.joins


def test_of_one_window_nothing_is_kept_for_shorter_ones() -> None:
    seen = of(WindowCount, granule=10, spans=(3,))()
    seen.update(5)
    seen.roll(1000)
    assert seen.before is None
