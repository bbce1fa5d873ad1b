"""From a definition that asks to people in a segment: trained, calibrated, said, folded, and true in every reading."""

import numpy as np
import pytest

from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS
from tailorbird.know.language.program import load
from tailorbird.know.predict.question import question_of
from tailorbird.know.segment.live import compile_live
from tailorbird.know.tables import PROFILE
from tailorbird.shell.engines import Engines
from tailorbird.shell.history import ask
from tailorbird.shell.importing.catch_up import fold_and_seal
from tailorbird.shell.importing.sink import LogSink, plan_of
from tailorbird.shell.in_force import program_body, read_in_force
from tailorbird.shell.layout import Layout
from tailorbird.shell.on_behalf import track
from tailorbird.shell.people import find, read_profile
from tailorbird.shell.predicting.asking import asked_by_name
from tailorbird.shell.predicting.asking import asked_in as every
from tailorbird.shell.predicting.nightly import main as nightly
from tailorbird.shell.predicting.nightly import told
from tailorbird.shell.predicting.registry import registry, shown
from tailorbird.shell.predicting.saying import last_words
from tailorbird.shell.predicting.work import due, predict, roll_back
from tailorbird.testing.foreseen import world

pytestmark = pytest.mark.slow
PEOPLE, DAYS = 600, 160
START = 1_760_000_000_000 // DAY_MS * DAY_MS
NOW = START + DAYS * DAY_MS
ORDERS = "likely('Order Completed', '14 days')"
TRAITS = {
    "soon": ORDERS,
    "leaving": "likely_to_leave('30 days')",
    "worth": "expected_value('30 days')",
    "taste": "next_category()",
    "baskets": "orders('60 days')",
}


def asked_in(engines):
    return every(engines.definitions, engines.state)


def at(now):
    return lambda: now


def said(engines, calls, times):
    """Everything through the door at its own time, then folded and sealed."""
    clock = iter(times)
    sink = LogSink(
        engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, "shop", lambda: next(clock)
    )
    for call in calls:
        sink.send([call])
    fold_and_seal(engines, lambda offset, end: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder in which the models are trained and everyone is scored; with the world it was made from."""
    engines = Engines(Layout(tmp_path_factory.mktemp("foreseen")), writes_state=True)
    drawn = world(PEOPLE, DAYS, START)
    for name, sql in TRAITS.items():
        engines.definitions.put("trait", name, {"sql": sql}, "test")
    engines.definitions.put("segment", "keen", {"sql": "soon >= 0.7"}, "test")
    no = track(
        "userId:p3",
        "Consent Changed",
        type="track",
        context={"consent": {"categoryPreferences": {"personalization": False}}},
    )
    said(engines, [*drawn.calls, no], [*drawn.times, NOW - 1])
    engines.outcomes = predict(engines, at(NOW), [one.question for one in asked_in(engines)])
    fold_and_seal(engines, lambda offset, end: None)
    yield engines, drawn
    engines.close()


def people_of(engines):
    with engines.state.snapshot() as snapshot:
        return {number: find(snapshot, engines.site_key, "userId", f"p{number}") for number in range(PEOPLE)}


def test_what_is_said_comes_close_to_the_true_chance(made):
    engines, drawn = made
    words, truth = last_words(engines.lake, ORDERS), drawn.chance(DAYS, 14)
    told_and_true = [
        (words[person].value, truth[number])
        for number, person in people_of(engines).items()
        if person in words and drawn.stopped[number] > DAYS
    ]
    told_of, true = np.array(told_and_true).T
    assert len(true) > 150
    # Nobody can see yet who has just stopped, so it lies a little below; it tells the three kinds of people apart.
    assert np.abs(told_of - true).mean() < 0.17
    assert np.corrcoef(told_of, true)[0, 1] > 0.8


def test_the_trees_or_the_rule_serve_and_never_what_is_worse(made):
    engines, _ = made
    for outcome in engines.outcomes:
        measures = outcome.manifest.measures
        assert outcome.trouble == "" and outcome.why == "it never was"
        assert measures[outcome.manifest.serves].loss <= measures["everyone"].loss
        assert outcome.manifest.serves != "trees" or outcome.manifest.gain > outcome.manifest.gain_half
    orders = registry(engines.layout, question_of(ORDERS)).serving().manifest
    assert orders.measures[orders.serves].auc > 0.8 and orders.measures[orders.serves].off < 0.1


def test_the_segment_holds_whom_the_model_names_in_both_readings(made):
    engines, _ = made
    words = last_words(engines.lake, ORDERS)
    program = load(program_body(read_in_force(engines.definitions).bodies))
    rows = ask(engines.lake, program, ["keen", "soon"], now=NOW + DAY_MS)
    inside = {bytes(row["person"]) for row in rows if row["segment_keen"]}
    assert inside == {person for person, word in words.items() if word.value >= 0.7} and len(inside) > 40
    live = compile_live(program)
    assert "Prediction Made" in live.source


def test_the_next_category_is_the_one_they_mostly_buy(made):
    engines, _ = made
    words = last_words(engines.lake, "next_category()")
    wine = {person: number % 2 == 0 for number, person in people_of(engines).items() if person in words}
    labels = [(words[person].label, fond) for person, fond in wine.items()]
    # Wine lovers have wine in four of five baskets and bread in nine of ten; others bread or milk, as it falls.
    assert {label for label, _ in labels} <= {"Bread", "Wine", "Milk"}
    assert all(label != "Wine" for label, fond in labels if not fond)
    assert np.mean([label == "Bread" for label, fond in labels if fond]) > 0.6


def test_a_prediction_is_no_visit(made):
    engines, drawn = made
    with engines.state.snapshot() as snapshot:
        profile = read_profile(snapshot, find(snapshot, engines.site_key, "userId", "p0"))
    assert profile.counters["Prediction Made"].total >= 2
    assert profile.last_seen_at <= drawn.times[-1]
    assert profile.last_order_at == profile.last_seen_at


def test_who_withdrew_consent_is_neither_learned_from_nor_scored(made):
    engines, _ = made
    person = people_of(engines)[3]
    assert all(person not in last_words(engines.lake, one.question.model) for one in asked_in(engines))
    assert all(outcome.manifest.left_out == 1 for outcome in engines.outcomes)


def test_nothing_is_said_again_before_it_is_news(made):
    engines, _ = made
    again = predict(engines, at(NOW + 60_000), [one.question for one in asked_in(engines)])
    assert [(one.why, one.look.said) for one in again] == [("", 0)] * 4
    week = predict(engines, at(NOW + 8 * DAY_MS), [question_of(ORDERS)])[0]
    assert week.why == "7 days have passed" and week.look.said == week.look.people


def test_the_same_lake_gives_the_same_model(made):
    engines, _ = made
    question = question_of("expected_value('30 days')")
    versions = registry(engines.layout, question)
    one = versions.serving()
    predict(engines, at(NOW + 120_000), [question], anew=True)
    other = versions.serving()
    assert one.manifest.version != other.manifest.version
    assert all((array == other.arrays()[name]).all() for name, array in one.arrays().items())
    assert roll_back(engines, question).version == one.manifest.version


def test_a_model_is_trained_anew_when_a_trait_it_goes_by_changes(made):
    from tailorbird.shell.predicting.table import world_of

    engines, _ = made
    question = question_of("likely_to_leave('30 days')")
    assert due(engines, question, world_of(engines, NOW + 1), NOW + 1) == ""
    engines.definitions.put("trait", "baskets", {"sql": "orders('70 days')"}, "test")
    assert due(engines, question, world_of(engines, NOW + 1), NOW + 1) == "the trait baskets changed"
    engines.definitions.put("trait", "baskets", {"sql": "orders('60 days')"}, "test")


def test_a_model_that_cannot_be_trained_yet_says_what_it_waits_for(made):
    engines, _ = made
    far, rare = question_of("likely('Order Completed', '90 days')"), question_of("likely('Product Viewed', '14 days')")
    long, none = predict(engines, at(NOW), [far, rare])
    assert "needs 298 days of history" in long.trouble and "the lake has 160" in long.trouble
    assert "has 0 people to learn from of whom it is true" in none.trouble
    assert told(long).startswith("likely('Order Completed', '90 days'): not trained: ")


def test_models_are_found_by_name_call_and_definition(made):
    engines, _ = made
    found = asked_in(engines)
    wanted = asked_by_name(found, "keen")
    assert wanted == asked_by_name(found, ORDERS) == asked_by_name(found, "likely_order_completed_14_days")
    with pytest.raises(BadRequest, match=r"asks for a prediction 'rain'\. Known: expected_value_30_days, likely_"):
        asked_by_name(found, "rain")
    data = shown(engines.layout, wanted.question)
    assert data["manifest"]["model"] == ORDERS and data["looks"]


def test_the_nightly_run_goes_through_all_that_is_asked(made, capsys):
    engines, _ = made
    with engines.state.snapshot() as snapshot:
        assert snapshot.get(PROFILE, people_of(engines)[0]) is not None
    assert nightly(["--data", str(engines.layout.root)]) in (0, 1)
    assert "people scored" in capsys.readouterr().err


def test_a_damaged_model_is_trained_anew_and_holds_up_no_other(made):
    engines, _ = made
    damaged, other = (asked_by_name(asked_in(engines), name).question for name in ("soon", "leaving"))
    versions = registry(engines.layout, damaged)
    (versions.folder / versions.current() / "manifest.json").write_text("{")
    found = predict(engines, at(NOW), [damaged, other])
    assert [(one.why, one.look is not None) for one in found] == [("what serves cannot be read", True), ("", True)]
