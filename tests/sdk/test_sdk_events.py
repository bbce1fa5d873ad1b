"""What the SDK says about a visit."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow
TALL = "<div style='height:3000px'></div>"


def test_page_view_carries_key_identity_session_and_context(visit: Callable[..., Any], shop: Any) -> None:
    visit(path="/shoes?utm_source=mail&utm_campaign=spring")
    event = shop.wait_for("page")
    assert shop.batches[0]["writeKey"] == "K"
    assert shop.content_types[0].startswith("text/plain")
    assert event["anonymousId"]
    assert event["context"]["sessionId"]
    assert event["context"]["page"]["path"] == "/shoes"
    assert event["context"]["campaign"] == {"source": "mail", "name": "spring"}


def test_same_visitor_keeps_id_and_session_across_pages(visit: Callable[..., Any], shop: Any) -> None:
    visit().wait_for_timeout(200)
    visit(path="/next").wait_for_timeout(200)
    first, second = shop.named("page")
    assert first["anonymousId"] == second["anonymousId"]
    assert first["context"]["sessionId"] == second["context"]["sessionId"]


def test_session_ends_after_thirty_minutes(visit: Callable[..., Any], shop: Any) -> None:
    visit().wait_for_timeout(200)
    shop_page = visit(path="/later")
    shop_page.evaluate("localStorage.tb_session = JSON.stringify(['old', Date.now() - 31 * 60000])")
    shop_page.evaluate("tailorbird.track('Late')")
    assert shop.wait_for("Late")["context"]["sessionId"] not in ("old", shop.named("page")[0]["context"]["sessionId"])


def test_marked_elements_report_their_clicks(visit: Callable[..., Any], shop: Any) -> None:
    visit("<button data-track='Banner Clicked' data-track-campaign='spring'><b>Go</b></button>").click("b")
    assert shop.wait_for("Banner Clicked")["properties"] == {"campaign": "spring"}


def test_scroll_depth_is_told_once_a_quarter(visit: Callable[..., Any], shop: Any) -> None:
    page = visit(TALL)
    for top in (700, 500, 3000):
        page.evaluate(f"scrollTo(0, {top})")
        page.wait_for_timeout(150)
    shop.wait_for("Page Scrolled")
    page.wait_for_timeout(200)
    assert [event["properties"]["depth"] for event in shop.named("Page Scrolled")] == [25, 50, 75, 100]


def test_time_on_page_is_told_by_beacon_on_leave(visit: Callable[..., Any], shop: Any) -> None:
    visit().wait_for_timeout(1300)
    visit(path="/next")
    event = shop.wait_for("Page Engaged")
    assert event["properties"]["path"] == "/"
    assert 1 <= event["properties"]["seconds"] < 3


def test_form_submit_names_the_form_and_never_its_values(visit: Callable[..., Any], shop: Any) -> None:
    page = visit("<form id='newsletter' onsubmit='return false'><input name='email'><button>Join</button></form>")
    page.fill("input", "secret@example.com")
    page.click("button")
    assert shop.wait_for("Form Submitted")["properties"] == {"form": "newsletter"}
    assert "secret" not in str(shop.batches)


def test_video_reports_start_pause_and_completion(visit: Callable[..., Any], shop: Any) -> None:
    page = visit("<video id='clip'></video>")
    for name in ("play", "pause", "ended"):
        page.evaluate(f"document.querySelector('video').dispatchEvent(new Event('{name}'))")
    shop.wait_for("Video Playback Completed")
    assert shop.named("Video Playback Started")[0]["properties"]["video"] == "clip"
    assert shop.named("Video Playback Paused")


def test_identify_alias_and_reset_move_between_people(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    before = page.evaluate("tailorbird.user().anonymousId")
    page.evaluate("tailorbird.identify('42', {plan: 'gold'}); tailorbird.alias('43'); tailorbird.group('g1')")
    after = page.evaluate("tailorbird.reset(), tailorbird.user()")
    shop.wait_for("group")
    assert shop.named("identify")[0]["userId"] == "42"
    assert shop.named("identify")[0]["traits"] == {"plan": "gold"}
    assert (shop.named("alias")[0]["userId"], shop.named("alias")[0]["previousId"]) == ("43", "42")
    assert after["anonymousId"] not in (before, None) and after["userId"] is None


def test_calls_made_before_the_file_came_are_kept(visit: Callable[..., Any], shop: Any) -> None:
    visit("<script>tailorbird = []; tailorbird.push(['track', 'Early', {n: 1}])</script>")
    assert shop.wait_for("Early")["properties"] == {"n": 1}


def test_server_rendered_page_says_who_is_signed_in(visit: Callable[..., Any], shop: Any) -> None:
    visit(options='data-user="42"').wait_for_timeout(200)
    visit(options='data-user=""', path="/out").wait_for_timeout(200)
    assert [event.get("userId") for event in shop.named("page")] == ["42", None]


def test_second_script_tag_counts_nothing_twice(visit: Callable[..., Any], shop: Any) -> None:
    visit("<script src='/tailorbird.js' data-key='K'></script>").wait_for_timeout(300)
    assert len(shop.named("page")) == 1
