"""Looking only at segments that an event can turn finds what looking at all of them finds."""

from benchmarks.fifty import SEGMENTS, TRAITS
from hypothesis import given
from hypothesis import strategies as st
from segment_people import NOW, PERSON, event, someone

from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.move import Cause
from tailorbird.know.segment.standing import encode_standing

BASELINE = {"category": {"coffee": 0.2, "tea": 0.1, "fruit": 0.1}, "brand": {"brand 7": 0.1}}
FIFTY = compile_live(check(TRAITS, SEGMENTS, schema_of(BUILT_IN_PLAN, Policy())), BASELINE, 1)
NEVER = 1 << 62

EVENTS = ("Product Viewed", "Product Clicked", "Product Added", "Order Completed", "Coupon Redeemed", "page")
STEPS = st.sampled_from((0, 1, 20_000, HOUR_MS, DAY_MS, 15 * DAY_MS, 31 * DAY_MS, -1, -HOUR_MS, -2 * DAY_MS))
FACTS = st.fixed_dictionaries(
    {
        "product_id": st.sampled_from(("p1", "p2", "p3")),
        "category": st.sampled_from(("coffee", "tea", "fruit", "soap", "milk")),
        "brand": st.sampled_from(("brand 7", "brand 8")),
        "price": st.sampled_from((2.0, 9.5)),
        "quantity": st.sampled_from((1, 4)),
        "position": st.sampled_from((1, 20)),
        "revenue": st.sampled_from((10.0, 600.0)),
    }
)
LIVES = st.lists(st.tuples(st.sampled_from(EVENTS), STEPS, FACTS), min_size=1, max_size=25)


@given(life=LIVES)
def test_fifty_segments_are_as_if_all_were_looked_at_each_time(life):
    standing, now, done = FIFTY.new(), NOW, []
    for number, (name, step, facts) in enumerate(life):
        now = max(NOW, now + step)
        done.append(event(name, now, **facts))
        if not FIFTY.apply(standing, PERSON, done[-1], number, []):
            acts = sorted(done, key=lambda act: act.timestamp)
            standing = FIFTY.refold(standing, PERSON, acts, standing.at, Cause(), [])
        all_anew = FIFTY.decode(encode_standing(standing))
        FIFTY.rebase(all_anew, PERSON, standing.at, Cause(), [])
        assert standing.members == all_anew.members
        # It may be looked at too early, and never too late.
        assert (standing.due or NEVER) <= (all_anew.due or NEVER)


def test_the_first_value_of_a_window_leaves_it_though_the_person_was_known_before():
    person = someone("last('Added', 'category', '7 days') = 'milk'").does("Viewed")
    person.does("Added", NOW + 1, category="milk").waits(NOW + 8 * DAY_MS)
    assert [entered for _, entered, _ in person.told()] == [True, False]


def test_a_value_that_comes_again_after_it_had_left_its_window_leaves_it_again():
    person = someone("last('Added', 'category', '7 days') = 'milk'").does("Added", category="milk")
    person.waits(NOW + 8 * DAY_MS).does("Added", NOW + 9 * DAY_MS, category="milk").waits(NOW + 20 * DAY_MS)
    assert [entered for _, entered, _ in person.told()] == [True, False, True, False]


def test_a_count_is_asked_at_the_numbers_where_it_turns_and_at_no_other():
    source = someone("count('Viewed') >= 3").live.source
    assert ".total == 2: d |= 1" in source and "if d & 1:" in source
