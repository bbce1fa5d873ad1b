"""The console over a running engine, seen through a real browser."""

from collections.abc import Iterator

import pytest

from tailorbird.shell.console.token import console_link
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import LiveServer, free_port

playwright = pytest.importorskip("playwright.sync_api")
PORT = free_port()
EMAIL = "anna.schmidt@example.com"
ITEMS = [
    {"id": f"p{n}", "name": f"Shoe {n}", "category": "shoes", "price": 10.0 + n, "currency": "EUR"} for n in range(8)
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("shop"), console_port=PORT) as server:
        send(server, "/v1/items", {"items": ITEMS})
        send(server, "/v1/batch", {"batch": [{"userId": "anna", **call} for call in _morning()]})
        decided = send(server, "/v1/decide", {"person": "userId:anna", "placements": ["home"]})["decisions"]["home"]
        seen = {"decision_id": decided["id"], "placement": "home", "items": [one["id"] for one in decided["items"]]}
        item = decided["items"][0]["id"]
        after = [
            track("Recommendation Viewed", **seen),
            track("Recommendation Clicked", product_id=item, **seen),
            track("Order Completed", order_id="o1", revenue=12.0, products=[{"product_id": item, "price": 12.0}]),
        ]
        send(server, "/v1/batch", {"batch": [{"userId": "anna", **call} for call in after]})
        yield server


def send(server: LiveServer, path: str, body: dict) -> dict:
    status, answer = server.post(path, body)
    assert status == 200, answer
    return answer


def track(event: str, **properties: object) -> dict:
    return {"type": "track", "event": event, "properties": properties}


def _morning() -> list[dict]:
    views = [track("Product Viewed", product_id=f"p{n}", name=f"Shoe {n}", category="shoes") for n in range(3)]
    return [{"type": "identify", "traits": {"email": EMAIL, "name": "Anna Schmidt"}}, *views, {"type": "teleport"}]


@pytest.fixture
def page(server, chromium) -> Iterator[object]:
    """A tab that has entered by the printed link; it fails the test if the page logs an error."""
    context = chromium.new_context(viewport={"width": 1360, "height": 900})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(console_link(Layout(server.data), PORT))
    yield page
    context.close()
    assert errors == []


def open_page(page, path: str) -> None:
    page.goto(f"http://127.0.0.1:{PORT}{path}")


def sees(page, *texts: str) -> None:
    for text in texts:
        playwright.expect(page.locator("body")).to_contain_text(text, timeout=15_000)


def find_anna(page) -> None:
    open_page(page, "/people")
    page.get_by_placeholder("userId:42").fill("userId:anna")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/people/*")


def test_a_browser_without_the_token_sees_nothing(server, chromium):
    page = chromium.new_page()
    open_page(page, "/")
    sees(page, "This console needs its token")
    page.close()


def test_overview_says_what_came_in(page):
    sees(page, "Healthy", "Product Viewed", "No model has been trained yet")


def test_live_events_follow_and_open_on_a_click(page, server):
    open_page(page, "/live")
    sees(page, "Product Viewed", "decision")
    send(server, "/v1/track", {"userId": "anna", "event": "Shoe Polished", "properties": {"secret": "under the bed"}})
    sees(page, "Shoe Polished")
    page.get_by_text("Shoe Polished").first.click()
    playwright.expect(page.locator("body")).not_to_contain_text("under the bed")
    page.get_by_role("button", name="Open personal values").click()
    sees(page, "under the bed")


def test_a_persons_values_are_masked_until_somebody_opens_them(page):
    find_anna(page)
    sees(page, "a••••@e••••.com", "Shoe 2")
    assert EMAIL not in page.content() and "Anna Schmidt" not in page.content()
    page.get_by_role("button", name="Show personal values").click()
    sees(page, EMAIL, "Anna Schmidt")


def test_a_person_sees_recommendations_with_reasons(page):
    find_anna(page)
    sees(page, "because you", "Spoke:")


def test_a_placement_is_told_in_words_and_can_be_tried(page):
    open_page(page, "/placements?person=userId:anna")
    sees(page, "Buy it again", "never what is in the cart", "12 items, at most half of them of one category")
    page.get_by_placeholder("without: id, id").fill("p1")
    page.get_by_role("button", name="Ask", exact=True).click()
    sees(page, "because you", "Made of", "Left out", "Shoe 1", "the page shows it, or asked without it")


def test_a_placement_that_starts_from_an_item_asks_for_one(page):
    open_page(page, "/placements?placement=similar")
    page.get_by_role("button", name="Ask", exact=True).click()
    sees(page, "name at least one item")
    page.get_by_placeholder("page's items: id, id").fill("p1")
    page.get_by_role("button", name="Ask", exact=True).click()
    sees(page, "similar to Shoe 1", "context")


def test_a_withdrawn_consent_counts_at_once_and_nothing_else_changes_it(page, server):
    find_anna(page)
    sees(page, "personalization is granted until withdrawn")
    page.get_by_role("switch", name="personalization").click()
    sees(page, "the person withdrew personalization", "analytics is granted until withdrawn")
    consent = server.get("/v1/people/userId:anna")[1]["consent"]
    assert {purpose: word["granted"] for purpose, word in consent.items()} == {"personalization": False}


def test_kpi_joins_the_order_to_what_was_shown(page):
    page.wait_for_timeout(7000)  # the batch process seals every five seconds
    open_page(page, "/kpi")
    sees(page, "By placement", "home", "100.0 %", "12.00")


def test_rejected_calls_are_listed_and_can_be_tried_again(page):
    open_page(page, "/rejected")
    sees(page, "batch[4].type", "Use one of track, identify")
    page.get_by_role("button", name="Try these again").click()
    page.get_by_role("button", name="Try again", exact=True).click()
    sees(page, "Tried again")


def test_models_say_what_to_do_first(page):
    open_page(page, "/models")
    sees(page, "No model has been trained yet", "tailorbird train")


def test_health_knows_every_process(page):
    open_page(page, "/health")
    sees(page, "The API answers", "supervisor", "web", "stream", "batch", "console", "The fold keeps up")


def test_an_unknown_person_has_an_answer(page):
    open_page(page, "/people/" + "00" * 16)
    sees(page, "No such person")
    open_page(page, "/people/no-hex")
    sees(page, "No such person")
