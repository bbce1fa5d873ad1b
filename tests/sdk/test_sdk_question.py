"""A block that asks: each answer is a button, and goes out as a trait."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow
BLOCK = "<div data-placement='about_you'></div>"
ASK = {"trait": "household_size", "text": "How many are you <b>?", "options": [1, 2, "3+"], "skip": "Not now"}


@pytest.fixture(autouse=True)
def question(shop: Any) -> None:
    answered = {"id": "d1", "placement": "about_you", "items": [], "link": "question", "ask": ASK}
    shop.decision = lambda placement: answered


def test_answer_goes_out_as_a_trait_of_its_own_type(visit: Callable[..., Any], shop: Any) -> None:
    page = visit(BLOCK)
    page.click("fieldset >> text=2")
    assert shop.wait_for("identify")["traits"] == {"household_size": 2}
    assert page.locator("[data-placement]").is_hidden()


def test_question_is_text_and_says_all_its_answers(visit: Callable[..., Any]) -> None:
    page = visit(BLOCK)
    page.wait_for_selector("fieldset")
    assert page.locator("button").all_inner_texts() == ["1", "2", "3+", "Not now"]
    assert "How many are you <b>?" in page.locator("fieldset").inner_text()


def test_not_now_is_told_and_says_nothing_of_the_person(visit: Callable[..., Any], shop: Any) -> None:
    visit(BLOCK).click("text=Not now")
    assert shop.wait_for("Question Skipped")["properties"] == {"trait": "household_size"}
    assert shop.named("identify") == []


def test_question_that_was_seen_counts_as_seen(visit: Callable[..., Any], shop: Any) -> None:
    visit(BLOCK)
    assert shop.wait_for("Recommendation Viewed")["properties"]["decision_id"] == "d1"


def test_page_may_draw_the_question_itself(visit: Callable[..., Any]) -> None:
    draw = "({ask}) => Object.assign(document.createElement('h4'), {textContent: ask.text})"
    page = visit(f"<script>tailorbird = [['init', {{render: {{about_you: {draw}}}}}]]</script>{BLOCK}")
    page.wait_for_selector("h4")
    assert page.locator("h4").inner_text() == "How many are you <b>?"


def test_visitor_who_is_not_to_be_tracked_tells_nothing(visit: Callable[..., Any], shop: Any) -> None:
    page = visit(BLOCK, 'data-consent="required"')
    page.click("fieldset >> text=2")
    page.wait_for_timeout(300)
    assert shop.events == []
