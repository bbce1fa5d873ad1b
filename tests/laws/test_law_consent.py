"""Law 7: no purpose, no use. Here: who does not want to be counted is not stored, linked or counted."""

from hypothesis import given
from law_histories import ANYTHING, LAW, made

from tailorbird.consent.purpose import Policy, Purpose
from tailorbird.know.profile import decode_profile
from tailorbird.testing.histories import START, event, grown, tables

ANNA = [("userId", "anna")]
NO = {"analytics": False}
YES = {"analytics": True}
ASK_FIRST = Policy({"analytics": Purpose(default="denied")})


def counted(worker):
    [value] = tables(worker.state)["profile"].values()
    return {name: counter.total for name, counter in decode_profile(value).counters.items()}


def test_after_a_no_nothing_is_counted_or_stored():
    refused = event(1, ANNA, "Consent Changed", consent=NO)
    worker = grown([refused, event(2, ANNA, at=START + 1), event(3, ANNA, at=START + 2)])
    assert counted(worker) == {}
    assert len(tables(worker.state)["event"]) == 1
    assert set(tables(worker.state)["dropped"].values()) == {b"consent"}


def test_a_yes_later_counts_from_then_on():
    history = [event(1, ANNA, "Consent Changed", consent=NO), event(2, ANNA, at=START + 1)]
    history += [event(3, ANNA, "Consent Changed", at=START + 2, consent=YES), event(4, ANNA, at=START + 3)]
    assert counted(grown(history)) == {"Consent Changed": 1, "Product Viewed": 1}


def test_refused_message_may_come_again_after_a_yes():
    history = [event(1, ANNA, "Consent Changed", consent=NO), event(2, ANNA, message_id="again")]
    history += [event(3, ANNA, "Consent Changed", at=START + 2, consent=YES), event(4, ANNA, message_id="again")]
    assert counted(grown(history))["Product Viewed"] == 1


def test_a_no_holds_for_every_identifier_that_joins():
    no = event(1, [("anonymousId", "a")], "Consent Changed", consent=NO)
    worker = grown([no, event(2, [("userId", "anna"), ("anonymousId", "a")], at=START + 1)])
    assert len(tables(worker.state)["node"]) == 1


def test_site_that_asks_first_stores_nobody_unasked():
    worker = grown([event(1, ANNA)], ASK_FIRST)
    assert "profile" not in tables(worker.state)
    assert "event" not in tables(worker.state)


def test_site_that_asks_first_counts_who_said_yes():
    worker = grown([event(1, ANNA, consent=YES), event(2, ANNA, at=START + 1)], ASK_FIRST)
    assert counted(worker) == {"Product Viewed": 2}


def test_the_later_word_counts_whatever_arrives_first():
    history = [event(1, ANNA, "Consent Changed", at=START + 5, consent=NO)]
    history += [event(2, ANNA, "Consent Changed", at=START, consent=YES), event(3, ANNA, at=START + 9)]
    assert "Product Viewed" not in counted(grown(history))


@LAW
@given(ANYTHING)
def test_every_record_is_kept_or_has_its_reason(history):
    worker = grown(made(history))
    found = tables(worker.state)
    assert len(found.get("event", {})) + len(found.get("dropped", {})) == len(history)
