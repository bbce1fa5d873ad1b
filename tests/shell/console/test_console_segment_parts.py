"""The parts of the segments' pages, without a browser: what they say, and that nothing in them becomes markup."""

import threading
import time

import pytest

from tailorbird.errors import BadDefinition, BadRequest
from tailorbird.know.language.program import read_condition
from tailorbird.know.language.schema import schema_of
from tailorbird.shell.audience import Audience, Example, Lift, Overlap
from tailorbird.shell.console.builder.choices import Choices
from tailorbird.shell.console.builder.condition import Condition, Group, Written
from tailorbird.shell.console.builder.draft import Draft
from tailorbird.shell.console.builder.forms import FORMS, blank
from tailorbird.shell.console.segments.held import computed_card, segments_card
from tailorbird.shell.console.segments.mistakes import told
from tailorbird.shell.console.segments.versions import changed
from tailorbird.testing import shop

views = pytest.importorskip("tailorbird.shell.console.segments.audience")
HOSTILE = "<img src=x onerror=alert(1)>"
SCHEMA = schema_of(seen=["Shoe Polished"])


def draft(text: str = "") -> Draft:
    return Draft(lambda sql: read_condition(sql, SCHEMA), text)


def test_a_changed_row_changes_the_text_and_what_it_means():
    one = draft("orders() >= 3")
    one.change(Group("all", (blank("orders"),)))
    assert (one.text, one.valid) == ("orders() >= 1", True)


def test_a_changed_text_changes_the_rows():
    one = draft()
    one.take("orders('30 days') > 2 or not orders() = 0")
    assert one.group.of == "any" and one.group.parts[0].given == {"window": "30 days"}


def test_rows_that_would_mean_something_else_are_not_shown():
    bent = Draft(lambda sql: sql, "orders() >= 1.0")  # a reader to whom no two texts are alike
    assert bent.group == Group("all", (Written("orders() >= 1.0"),))


def test_a_mistake_stays_in_the_text_with_a_mark_below_it():
    one = draft("count('Order Completd') >= 1")
    said = told(one.text, one.meant, one.trouble)
    assert "Did you mean &#39;Order Completed&#39;?" in said
    assert "\n      ^" in said and not one.valid


def test_what_is_right_is_told_in_english():
    one = draft("orders() >= 3 and orders('30 days') < 2")
    assert "the number of &#39;Order Completed&#39; is at least 3" in told(one.text, one.meant)


def test_events_with_declared_properties_come_first_and_seen_ones_are_there():
    offered = list(Choices(SCHEMA).of(FORMS["count"].fields[0], blank("count")))
    assert offered.index("Order Completed") < offered.index("Shoe Polished") and offered[-1] == "*"


def test_a_row_offers_the_properties_of_its_event_or_of_each_element():
    choices, row = Choices(SCHEMA), Condition("sum", {"event": "Order Completed"})
    assert choices.properties(row)["revenue"] == "number"
    each = choices.properties(row.with_given("each", "products"))
    assert each["price"] == "number" and "revenue" not in each


def test_the_kind_of_a_row_is_that_of_the_value_it_looks_at():
    choices = Choices(SCHEMA, {"tier": "text"})
    assert choices.kind_of(Condition("trait", {"trait": "tier"})) == "text"
    assert choices.kind_of(Condition("last", {"event": "Order Completed", "value": "coupon"})) == "text"
    assert choices.kind_of(Condition("last", {"event": "Order Completed", "value": "price * 2"})) is None


def audience() -> Audience:
    example = Example(b"p" * 16, shop.MORNING, [HOSTILE])
    return Audience(5, 10, [], [Lift(HOSTILE, HOSTILE, 0.8, 0.2)], [example], [Overlap("vip", 2, 0.25)], 0.1)


def test_nothing_that_people_sent_becomes_markup():
    found = audience()
    parts = [
        views.apart(found),
        views.examples(found, {b"p" * 16: HOSTILE}, shop.MORNING),
        changed(None, {"sql": HOSTILE}),
    ]
    assert not any("<img" in part for part in parts)


def test_an_audience_says_times_and_shares():
    assert "4.0 ×" in views.apart(audience())
    assert "40 %" in views.overlaps(audience()) and "0.25" in views.overlaps(audience())


def test_a_diff_marks_the_words_that_changed():
    said = changed({"sql": "spent > 50 and vip"}, {"sql": "spent > 60 and vip"})
    assert "<del>50 </del>" in said and "<ins>60 </ins>" in said


def test_a_person_is_shown_with_what_is_approximate():
    view = {
        "segments": {"vip": {"since": "2025-10-09T09:00:00.000Z", "because": ["orders() is 4, >= 3"]}},
        "computed": {"tags": 1000.0, "none": None},
        "approximate": ["tags"],
    }
    assert "orders() is 4, &gt;= 3" in segments_card(view, shop.TOMORROW)
    assert "approximate" in computed_card(view, {"tags": 0.9}) and "90 % sure" in computed_card(view, {"tags": 0.9})


def test_a_long_question_can_be_given_up(tmp_path):
    from tailorbird.shell.embedded.parquet_lake import ParquetLake

    lake, seen = ParquetLake(tmp_path), []

    def ask() -> None:
        seen.append(threading.get_ident())
        with pytest.raises(BadRequest, match="INTERRUPT"):
            lake.query("SELECT count(*) FROM range(10_000_000_000) AS a")
        seen.append("given up")

    asking = threading.Thread(target=ask)
    asking.start()
    until = time.monotonic() + 20
    while asking.is_alive() and time.monotonic() < until:
        time.sleep(0.05)
        lake.interrupt(seen[0] if seen else 0)
    asking.join(1)
    assert seen[-1] == "given up"


def test_a_definition_is_saved_beside_all_others_with_its_author(tmp_path):
    from tailorbird.shell.console.desk import Desk
    from tailorbird.shell.console.segments.saving import save, take_back
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.layout import Layout

    desk = Desk(Engines(Layout(tmp_path), writes_state=True), "http://127.0.0.1:1")
    save(desk, "segment", "vip", {"sql": "orders() >= 3"}, "Ada")
    save(desk, "segment", "vip", {"sql": "orders() >= 4"}, "")
    with pytest.raises(BadDefinition, match="Did you mean 'vip'"):
        save(desk, "segment", "vips", {"sql": "segment('vp')"}, "Ada")
    take_back(desk, "segment", "vip", 1, "Ada")
    history = desk.engines.definitions.history("segment", "vip")
    assert [(one.author, one.body["sql"][-1]) for one in history] == [
        ("console:Ada", "3"),
        ("console", "4"),
        ("console:Ada", "3"),
    ]
    desk.engines.close()
