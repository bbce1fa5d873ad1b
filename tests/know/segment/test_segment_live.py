"""Segments per event, by time, and folded anew."""

import pytest
from segment_people import NOW, PERSON, Someone, event, program, someone

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, HOUR_MS, encode_record
from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.move import MERGED, TIME_PASSED, Cause
from tailorbird.know.segment.standing import decode_head, encode_standing


def test_an_event_lets_somebody_in_and_says_which_it_was():
    person = someone("count('Viewed') >= 2").does("Viewed").does("Viewed", NOW + 1)
    [move] = person.moves
    assert (move.segment, move.entered, move.at, move.because) == ("s", True, NOW + 1, "Viewed")
    assert move.message_id == f"Viewed {NOW + 1}"


def test_time_alone_moves_people_at_the_edge_of_the_window():
    person = someone("count('Viewed', '2 days', granularity => '1 day') > 0").does("Viewed")
    edge = (NOW // DAY_MS + 2) * DAY_MS
    assert person.standing.due == edge
    person.waits(edge - 1)
    assert person.is_in()
    person.waits(edge + HOUR_MS)
    assert person.told() == [("s", True, NOW), ("s", False, edge)]
    assert person.moves[-1].because == TIME_PASSED and person.standing.due == 0


def test_edges_that_fell_due_before_an_event_move_first_at_their_own_instants():
    person = someone("absent('Added', then => 'Bought', within => '1 hour')").does("Added").does("Viewed", NOW + DAY_MS)
    assert person.told() == [("s", True, NOW + HOUR_MS)]


def test_a_comparison_of_days_is_due_only_where_it_turns():
    person = someone("days_since('Bought') between 30 and 90").does("Bought")
    dues = []
    while person.standing.due:
        dues.append((person.standing.due - NOW) // DAY_MS)
        person.waits(person.standing.due)
    assert dues == [30, 91] and [at - NOW for _, _, at in person.told()] == [30 * DAY_MS, 91 * DAY_MS]


def test_an_abandoned_cart_is_none_once_it_is_bought():
    person = someone("absent('Added', then => 'Bought', within => '1 hour', key => 'cart_id')")
    person.does("Added", cart_id="a").does("Added", NOW + 5, cart_id="b").does("Bought", NOW + 9, cart_id="a")
    person.waits(NOW + 2 * HOUR_MS)
    assert person.told() == [("s", True, NOW + 5 + HOUR_MS)]


def test_a_segment_follows_another_within_the_same_event():
    person = someone(base="count('Viewed') > 0", above="segment('base') and count('Bought') = 0").does("Viewed")
    assert person.told() == [("base", True, NOW), ("above", True, NOW)]


def test_who_has_no_orders_is_in_from_the_first_event_on():
    assert someone("orders() = 0").does("page").told() == [("s", True, NOW)]


def test_a_late_event_counts_as_if_it_had_come_in_time():
    person = (
        someone("sequence('Viewed', 'Bought', within => '1 hour')").does("Bought", NOW + 60_000).does("Viewed", NOW)
    )
    assert person.told() == [("s", True, NOW + 60_000)]
    assert person.moves[0].because == "an event came late"


def test_a_late_event_of_a_plain_count_needs_no_refold():
    person = someone("count('Viewed', '7 days') = 2").does("Viewed", NOW + DAY_MS).does("Viewed", NOW)
    assert person.is_in() and person.moves[0].because == "Viewed"


def test_a_session_starts_more_than_thirty_minutes_behind_the_last_contact():
    person = someone("count('session') = 2").does("page").does("Viewed", NOW + 1_800_000)
    assert not person.is_in()
    assert person.does("page", NOW + 3_600_001).is_in()


def test_elements_of_a_list_count_one_by_one():
    person = someone("count('Bought', each => 'products', where => price >= 2) = 2")
    lines = [{"price": 2}, {"price": 1.0}, "no line", {"price": 3.5}, {"price": "4"}]
    assert person.does("Bought", products=lines).is_in()


def test_declared_traits_move_people_too():
    person = someone("country in ('DE', 'AT')").does("identify", traits={"country": "AT"})
    assert person.is_in() and not person.does("identify", NOW + 1, traits={"country": "FR"}).is_in()


def test_a_groups_traits_are_not_the_persons():
    assert not someone("country = 'AT'").does("group", traits={"country": "AT"}).is_in()


def test_a_yes_that_lasts_a_day_runs_out():
    person = someone("not consent('messaging')").does("page", consent={"messaging": False})
    assert person.is_in() and not person.does("page", NOW + 1, consent={"messaging": True}).is_in()


def test_held_counts_the_edges_before_the_first_event():
    assert someone("held(orders() = 0, for => '7 days')").does("page").is_in()


def test_held_becomes_true_when_its_last_false_edge_has_gone():
    person = someone("held(count('Viewed') > 0, for => '3 days')").does("Viewed")
    edge = NOW + 71 * HOUR_MS  # NOW is an edge itself, the first of 72
    person.waits(NOW + 9 * DAY_MS)
    assert person.told() == [("s", True, edge)]


def test_an_empty_standing_waits_for_nothing():
    person = someone("count('Viewed') = 0").waits(NOW)
    assert person.standing == person.live.new()


def test_a_standing_is_read_back_and_its_head_alone():
    person = someone("count('Viewed', '7 days') > 0").does("Viewed")
    stored = encode_standing(person.standing)
    assert person.live.decode(stored) == person.standing
    assert decode_head(stored).members == {"s": NOW}


def test_a_standing_of_another_program_is_not_read():
    person = someone("count('Viewed') > 0").does("Viewed")
    other = compile_live(program({"s": "count('Viewed') > 1"}))
    assert other.decode(encode_standing(person.standing)) is None


def test_broken_bytes_are_refused():
    person = someone("count('Viewed') > 0").does("Viewed")
    with pytest.raises(Corrupt, match="tailorbird rebuild"):
        person.live.decode(encode_standing(person.standing)[:-4] + b"\xc1")


def test_a_new_definition_moves_only_whom_it_changes():
    person = someone(a="count('Viewed') > 0", gone="count('Viewed') > 0").does("Viewed")
    live = compile_live(program({"a": "count('Viewed') > 0", "b": "count('Viewed') > 0"}))
    moves = []
    new = live.refold(
        person.standing, PERSON, person.events, NOW + 5, Cause(9, "the definition came into force"), moves
    )
    assert new.members == {"a": NOW, "b": NOW + 5}
    assert [(move.segment, move.entered, move.because) for move in moves] == [
        ("gone", False, "the definition was withdrawn"),
        ("b", True, "the definition came into force"),
    ]


def test_two_people_found_to_be_one_have_done_what_both_did():
    a, b = (someone("count('Viewed', '7 days') >= 2") for _ in "ab")
    a.does("Viewed"), b.does("Viewed", NOW + 1)
    moves = []
    assert a.live.merge(a.standing, b.standing, PERSON, Cause(3, MERGED), moves)
    assert [(move.segment, move.entered, move.at, move.because) for move in moves] == [("s", True, NOW + 1, MERGED)]


def test_a_member_of_either_stays_one_since_the_earlier():
    a, b = (someone("count('Viewed') >= 1") for _ in "ab")
    a.does("Viewed", NOW + 5), b.does("Viewed", NOW)
    moves = []
    assert a.live.merge(a.standing, b.standing, PERSON, Cause(3, MERGED), moves)
    assert (a.standing.members, moves) == ({"s": NOW}, [])


def test_what_depends_on_order_has_to_be_folded_anew_after_a_merge():
    a, b = (someone("sequence('Viewed', 'Bought', within => '1 hour')") for _ in "ab")
    a.does("Viewed"), b.does("Bought", NOW + 1)
    assert not a.live.merge(a.standing, b.standing, PERSON, Cause(), [])


def test_traits_are_told_for_any_later_instant_without_letting_time_pass():
    person = someone(traits={"views": "count('Viewed', '7 days')", "days": "days_since('Viewed')"}).does("Viewed")
    before = encode_standing(person.standing)
    later = NOW + 20 * DAY_MS
    assert person.live.values(person.standing, PERSON, NOW) == {"views": 1, "days": 0}
    assert person.live.values(person.standing, PERSON, later) == {"views": 0, "days": 20}
    assert encode_standing(person.standing) == before


def test_a_reason_names_each_true_condition_with_its_value():
    person = someone("count('Viewed', '7 days') >= 2 and (country = 'AT' or not last('Viewed', 'gift'))")
    person.does("Viewed", gift=False).does("Viewed", NOW + 1)
    assert person.live.why(person.standing, PERSON, "s", NOW + 1) == [
        "count('Viewed', '7 days') is 2, >= 2",
        "not last('Viewed', gift)",
    ]


def test_a_reason_calls_a_prediction_by_what_it_says():
    model = "likely('Order Completed', '14 days')"
    person = someone(f"{model} >= 0.5 and not {model} >= 0.9").does("Prediction Made", model=model, value=0.72)
    assert person.live.why(person.standing, PERSON, "s", NOW) == [
        "the chance of 'Order Completed' within 14 days is 0.72, >= 0.5",
        "the chance of 'Order Completed' within 14 days is 0.72, not >= 0.9",
    ]


def test_nobody_is_told_why_they_are_in_a_segment_that_they_are_not_in():
    person = someone("count('Viewed') > 1").does("Viewed")
    assert person.live.why(person.standing, PERSON, "s", NOW) == []


def test_what_passed_its_cap_is_marked_and_nothing_else():
    person = someone("distinct('Viewed', 'category') > 3", other="count('Viewed') > 3", traits={})
    for number in range(1_001):
        person.does("Viewed", NOW + number, category=f"category {number}")
    assert person.live.approximate(person.standing) == ["s"]


def test_a_sequence_of_too_many_keys_is_marked_too():
    person = someone("sequence('Viewed', 'Bought', within => '1 day', key => 'cart_id')")
    for number in range(201):
        person.does("Viewed", NOW, cart_id=f"cart {number}")
    assert person.live.approximate(person.standing) == ["s"]


def test_a_shift_of_the_baseline_moves_people_at_its_instant():
    person = someone("affinity('category', 'tea') > 0.5").does("Product Viewed", category="tea")
    assert person.is_in()
    live = compile_live(program({"s": "affinity('category', 'tea') > 0.5"}), {"category": {"tea": 1.5}}, 2)
    moves = []
    live.rebase(person.standing, PERSON, NOW + 5, Cause(4, "the baseline of everyone moved"), moves)
    assert [(move.entered, move.at) for move in moves] == [(False, NOW + 5)] and person.standing.baseline == 2


def test_reading_an_event_skips_what_no_definition_looks_at():
    live = someone("sum('Viewed', 'price') > 3").live
    act = live.read(encode_record(event("Viewed", NOW, price=2.5, category="tea")))
    assert act.plain_properties == {"price": 2.5} and live.needs == {"price"}


def test_ids_of_moves_do_not_depend_on_how_time_was_told():
    def stay(*instants: int) -> list[bytes]:
        person = someone("count('Viewed', '2 days', granularity => '1 day') > 0").does("Viewed")
        for to in instants:
            person.waits(to)
        return [move.id for move in person.moves]

    assert stay(NOW + 9 * DAY_MS) == stay(NOW + DAY_MS, NOW + 2 * DAY_MS, NOW + 3 * DAY_MS)


def test_members_do_not_depend_on_whether_ticks_come_between(tmp_path: object) -> None:
    def members(ticks: bool) -> Someone:
        person = someone("count('Viewed', '3 hours') >= 2", old="days_since('Viewed') >= 1")
        for hour in (0, 1, 30, 31, 90):
            person.does("Viewed", NOW + hour * HOUR_MS)
            if ticks:
                person.waits(NOW + hour * HOUR_MS + 60_000)
        return person

    assert members(True).told() == members(False).told()
