"""The person's page, part by part."""

from tailorbird.know.profile import Counter, Prediction, Profile
from tailorbird.shell.console.portrait import counters
from tailorbird.shell.console.someone import Someone

DAY = 86_400_000
NOW = 20_000 * DAY


def portrait(**predictions):
    words = {model.replace("_of", "('14 days')"): word for model, word in predictions.items()}
    profile = Profile(b"p", counters={"page": Counter(1, NOW, NOW, {20_000: 1})}, predictions=words)
    return str(counters(Someone(profile, [], {}, {}, 0, NOW, {}, (), {}, None)))


def test_predictions_stand_with_their_date_and_version():
    page = portrait(
        likely_to_leave_of=Prediction(0.253, "", "20251009-120000", NOW - DAY),
        expected_value_of=Prediction(41.5, "", "20251009-120000", NOW - DAY),
        next_category_of=Prediction(0.6, "<b>tea</b>", "20251009-120000", NOW - DAY),
        likely_of=Prediction(0.9, "", "1", NOW - 15 * DAY),
    )
    page = page.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert ">25 %<" in page and "41.50" in page and "&lt;b&gt;tea&lt;/b&gt;, 60 %" in page
    assert "20251009-120000" in page and "90 %" not in page


def test_who_has_none_has_no_such_part():
    assert "Predictions" not in portrait()
