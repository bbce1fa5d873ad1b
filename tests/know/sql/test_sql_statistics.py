"""Each statistic over a history small enough to count by hand, as DuckDB answers."""

from hashlib import md5

import pytest
from sql_case import ANN, BEN, NOW, did, said, segments, told

from tailorbird.events import DAY_MS

SCORES = [did("Quiz Done", 40, score=1), did("Quiz Done", 3, score=5), did("Quiz Done", 2, score=2.5)]
TOPICS = [
    did("Quiz Done", 9, topic="tea"),
    did("Quiz Done", 8, topic="milk"),
    did("Quiz Done", 7, topic="tea"),
    did("Quiz Done", 6, topic=None),
    did("Quiz Done", 5, topic="milk"),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count('Quiz Done')", 3.0),
        ("count('Quiz Done', '30 days')", 2.0),
        ("count('Quiz Done', where => score > 2)", 2.0),
        ("count('*')", 4.0),
        ("sum('Quiz Done', score)", 8.5),
        ("sum('Quiz Done', score * 2, '30 days')", 15.0),
        ("avg('Quiz Done', score, '30 days')", 3.75),
        ("min('Quiz Done', score)", 1.0),
        ("max('Quiz Done', score)", 5.0),
        ("first('Quiz Done', score)", 1.0),
        ("last('Quiz Done', score)", 2.5),
        ("first_at('Quiz Done')", NOW - 40 * DAY_MS),
        ("last_at('Quiz Done')", NOW - 2 * DAY_MS),
        ("days_since('Quiz Done')", 2.0),
        ("recency('Quiz Done', half_life => '2 days')", 0.5),
        ("first_time('Quiz Done', '30 days')", False),
        ("first_time('Quiz Done', '60 days')", True),
        ("periods('Quiz Done', of => 7, every => '1 day')", 2.0),
        ("regular('Quiz Done', 3, of => 60, every => '1 day')", True),
        ("stopped('Quiz Done', after => '3 days')", False),
        ("restarted('Quiz Done', after => '30 days', within => '4 days')", True),
        ("restarted('Quiz Done', after => '30 days', within => '2 days')", False),
    ],
)
def test_numbers_over_three_quizzes(text: str, value: object) -> None:
    assert told(text, *SCORES) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("distinct('Quiz Done', topic)", 2.0),
        ("most_frequent('Quiz Done', topic)", "milk"),  # of equals the smallest
        ("most_frequent('Quiz Done', topic, '8 days')", "milk"),
        ("first('Quiz Done', topic)", "tea"),
        ("last('Quiz Done', topic)", "milk"),
        ("max('Quiz Done', topic)", "tea"),
        ("count('Quiz Done', where => topic is null)", 1.0),
    ],
)
def test_texts_leave_out_what_is_null(text: str, value: object) -> None:
    assert told(text, *TOPICS) == value


@pytest.mark.parametrize("function", ["sum", "avg", "min", "max", "first", "last", "most_frequent"])
def test_nothing_makes_null(function: str) -> None:
    assert told(f"{function}('Quiz Done', score)") is None


@pytest.mark.parametrize("text", ["count('Quiz Done')", "distinct('Quiz Done', score)", "recency('Quiz Done')",
                                  "periods('Quiz Done', of => 3, every => '1 day')",
                                  "sequences('A', 'B', within => '1 hour')"])  # fmt: skip
def test_nothing_counts_zero(text: str) -> None:
    assert told(text) == 0


def test_of_one_instant_first_is_the_smallest_and_last_the_largest() -> None:
    at_once = [did("Quiz Done", 1, score=score) for score in (4, 9, 2)]
    assert told("first('Quiz Done', score)", *at_once) == 2
    assert told("last('Quiz Done', score)", *at_once) == 9


def test_a_window_holds_whole_days_and_today() -> None:
    midnight = NOW - NOW % DAY_MS
    late, early = (did("A", (NOW - at) / DAY_MS) for at in (midnight - 2 * DAY_MS - 1, midnight - 2 * DAY_MS))
    assert told("count('A', '3 days', granularity => '1 day')", late, early) == 1


def test_sessions_part_after_more_than_half_an_hour() -> None:
    minutes = (0, 30, 60, 91)
    visits = [did("A", 1 - minute / 1440) for minute in minutes]
    assert told("count('session')", *visits) == 3  # the page of long ago, 0 to 60, and 91


def test_each_counts_the_elements_of_a_list() -> None:
    answers = [{"word": "yes", "points": 2}, {"word": "no", "points": "5"}, 7, {"word": 1}]
    quiz = did("Quiz Done", 1, answers=answers)
    assert told("count('Quiz Done', each => 'answers')", quiz) == 3
    assert told("count('Quiz Done', each => 'answers', where => word = 'yes')", quiz) == 1
    assert told("sum('Quiz Done', points, each => 'answers')", quiz) == 2  # nothing is bent to fit
    assert told("count('Quiz Done', each => 'answers')", did("Quiz Done", 1, answers="none")) == 0


def test_a_sequence_is_strictly_in_order_and_within_reach() -> None:
    steps = "sequences('A', 'B', 'C', within => '1 day')"
    assert told(steps, did("A", 2), did("B", 1.5), did("C", 1)) == 1
    assert told(steps, did("A", 2.001), did("B", 1.5), did("C", 1)) == 0
    assert told(steps, did("A", 2), did("B", 2), did("C", 1)) == 0
    assert told(steps, did("A", 2), did("B", 1.5), did("C", 1.2), did("C", 1.1)) == 2


def test_a_key_keeps_sequences_apart() -> None:
    keyed = "sequence('Product Added', 'Product Removed', within => '1 day', key => cart_id)"
    added = did("Product Added", 2, cart_id="c1")
    assert told(keyed, added, did("Product Removed", 1.5, cart_id="c1")) is True
    assert told(keyed, added, did("Product Removed", 1.5, cart_id="c2")) is False
    assert told(keyed, did("Product Added", 2), did("Product Removed", 1.5)) is False


def test_absence_matures_and_is_answered_in_the_same_instant() -> None:
    absent = "absent('A', then => 'B', within => '1 day', until => '3 days')"
    assert told(absent, did("A", 0.9)) is False
    assert told(absent, did("A", 1)) is True
    assert told(absent, did("A", 3)) is False
    assert told(absent, did("A", 2), did("B", 2)) is False
    assert told(absent, did("A", 2), did("B", 2.5)) is True


def test_affinity_halves_and_is_weighed_against_everyone() -> None:
    old, new = did("Product Viewed", 60, category="tea"), did("Product Viewed", 0, category="milk")
    tea = "affinity('category', 'tea', half_life => '30 days')"
    assert told(tea, old, new) == 1.0
    assert told(tea, old, new, baseline={"category": {"tea": 0.2}}) == pytest.approx(0.5)
    assert told(tea, new) == 0
    assert told(tea) is None


def test_every_product_of_an_order_is_bought() -> None:
    products = [{"category": "tea"}, {"category": "milk"}, {"category": "milk"}, {"category": ""}]
    bought = did("Order Completed", 0, category="none", products=products)
    assert told("affinity('category', 'tea')", bought, baseline={"category": {"tea": 1 / 3}}) == pytest.approx(0.5)
    alone = did("Order Completed", 0, category="tea")
    assert told("affinity('category', 'tea')", alone) == 1.0


def test_held_asks_at_every_edge() -> None:
    held = "held(count('A', '3 days', granularity => '1 day') >= 1, for => '4 days', granularity => '1 day')"
    assert told(held, *(did("A", days) for days in (6.6, 5, 3, 1))) is True
    assert told(held, *(did("A", days) for days in (3, 1))) is False


def test_the_last_word_about_a_trait_counts_and_kinds_are_not_bent() -> None:
    assert told("tier", said(3, tier="gold"), said(2, tier="silver"), said(1, tier=7)) == "silver"
    assert told("tier", said(2, tier="a"), said(2, tier="b")) == "b"
    assert told("visits + 1", said(2, visits=3)) == 4
    assert told("vip", said(2, vip=True), said(1, vip=False)) is False
    assert told("days_ago(renewed)", said(2, renewed="2024-10-01T00:00:00.000Z")) == 3
    assert told("tier") is None


def test_consent_is_the_last_word_and_of_two_at_once_the_no() -> None:
    yes, no = {"messaging": True}, {"messaging": False}
    assert told("consent('messaging')") is True
    assert told("consent('messaging')", said(2, no)) is False
    assert told("consent('messaging')", said(2, no), said(1, yes)) is True
    assert told("consent('messaging')", said(1, yes), said(1, no)) is False


def test_segments_name_segments_and_only_true_makes_a_member() -> None:
    texts = {"keen": "count('A') >= 2", "calm": "not segment('keen')", "unsure": "last('Quiz Done', score) > 1"}
    found = segments(NOW, did("A", 2), did("A", 1), did("A", 1, leaf=BEN), **texts)
    assert found == {did("A").leaf: {"keen"}, BEN: {"calm"}}


def test_a_bucket_is_the_same_for_ever() -> None:
    digest = md5(b"trial:" + ANN.hex().encode(), usedforsecurity=False).hexdigest()
    assert told("random_bucket('trial')") == int(digest[:8], 16) % 10_000 / 100


def test_what_comes_after_now_has_not_happened() -> None:
    assert told("count('A')", did("A", 2), did("A", 1), now=NOW - 36 * 3_600_000) == 1
