"""What the log keeps of a decision."""

from tailorbird.events import Choice, Decision, Question, decode_record, encode_record
from tailorbird.shell.http.decide import decided_of


def page(*chances, probability):
    items = [Choice(f"i{n}", 2.0 - n, [], probability=chance) for n, chance in enumerate(chances)]
    return Decision("d", "home", items, "history", probability, "blend 1")


def test_a_page_with_chance_in_it_keeps_the_propensity_of_each_item():
    record = decided_of(page(0.9, 0.05, probability=0.01), b"L" * 16, 5)
    assert (record.propensities, record.probability, record.link) == ([0.9, 0.05], 0.01, "history")
    assert decode_record(encode_record(record)) == record


def test_a_page_without_chance_pays_one_byte_for_it():
    certain, by_chance = (decided_of(page(1.0, 1.0, probability=p), b"L" * 16, 5) for p in (1.0, 0.5))
    assert certain.propensities == []
    assert len(encode_record(by_chance)) - len(encode_record(certain)) == 2 * 9


def test_a_question_has_no_chance_in_it():
    asked = Question("pets", "Any pets?", ["yes", "no"], "not now")
    assert decided_of(Decision("d", "ask", [], "question", 1.0, "", ask=asked), b"", 5).propensities == []


def test_a_decision_that_an_earlier_release_logged_is_read():
    record = decided_of(page(1.0, probability=1.0), b"L" * 16, 5)
    old = encode_record(record)[:-1]  # without its last field
    assert decode_record(bytes([old[0] - 1]) + old[1:]) == record
