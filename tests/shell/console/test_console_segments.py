"""Segments in the console: seen, built, changed and taken back through a real browser, over a running engine."""

from collections.abc import Iterator

import pytest

from tailorbird.shell.console.token import console_link
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import LiveServer, free_port, tailorbird

playwright = pytest.importorskip("playwright.sync_api")
PORT = free_port()
SEGMENTS = """
buyers: {sql: "orders() >= 1", description: Whoever bought something.}
big_spenders: "spent > 50 and segment('buyers')"
lookers: count('Product Viewed', '1 hour') >= 2
"""
TRAITS = "spent: sum('Order Completed', 'revenue', '90 days')"
PEOPLE = 12

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "segments.yaml").write_text(SEGMENTS)
    (folder / "traits.yaml").write_text(TRAITS)
    with LiveServer(tmp_path_factory.mktemp("shop"), console_port=PORT) as server:
        tailorbird("apply", str(folder), "--data", str(server.data), "--author", "ben")
        send(server, [order(n, 10.0 * n) for n in range(1, PEOPLE + 1)])
        yield server


def send(server: LiveServer, calls: list[dict]) -> None:
    status, answer = server.post("/v1/batch", {"batch": calls})
    assert status == 200, answer


def order(person: int, revenue: float) -> dict:
    products = [{"product_id": "p", "category": "shoes" if revenue > 50 else "hats", "price": revenue, "quantity": 1}]
    properties = {"order_id": f"o{person}", "revenue": revenue, "products": products}
    return {"type": "track", "userId": f"household-{person}", "event": "Order Completed", "properties": properties}


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
        playwright.expect(page.locator("body")).to_contain_text(text, timeout=20_000)


def choose(page, label: str, text: str, at: int = 0) -> None:
    """Choose in a field as somebody without a mouse does: type, Enter."""
    field = page.get_by_role("combobox", name=label, exact=True).nth(at)
    field.focus()
    field.press_sequentially(text)
    page.get_by_role("option").filter(has_text=text).first.wait_for()
    field.press("Enter")


def sql_of(page) -> str:
    return page.get_by_label("SQL of the segment").input_value()


def says(page, sql: str) -> None:
    """The editor has this SQL, and finds nothing wrong with it."""
    playwright.expect(page.get_by_label("SQL of the segment")).to_have_value(sql, timeout=10_000)
    playwright.expect(page.locator(".tb-verdict-good")).to_be_visible(timeout=10_000)


def row(page, segment: str):
    return page.locator("tr", has=page.get_by_role("link", name=segment, exact=True))


def test_counts_follow_what_people_do(page, server):
    open_page(page, "/segments")
    playwright.expect(row(page, "buyers")).to_contain_text(f"{PEOPLE}100.0 %", timeout=20_000)
    playwright.expect(row(page, "lookers")).to_contain_text("00.0 %")
    view = {"type": "track", "userId": "household-1", "event": "Product Viewed", "properties": {"product_id": "p"}}
    send(server, [view, view])
    playwright.expect(row(page, "lookers")).to_contain_text("18.3 %", timeout=20_000)


def test_a_segment_tells_who_they_are_why_and_where_else(page):
    page.wait_for_timeout(7000)  # the batch process seals every five seconds
    open_page(page, "/segments/big_spenders")
    sees(page, "the sum of revenue over 'Order Completed' in the last 90 days is above 50", "Ten of them")
    sees(page, "spent is 120", "What sets them apart", "shoes", "buyers", "ben", "Version 1")
    playwright.expect(page.locator(".tb-stat").first).to_contain_text("7", timeout=20_000)


def test_the_builder_writes_the_sql_without_a_mouse(page):
    open_page(page, "/segment/new")
    says(page, "orders() >= 1")
    choose(page, "condition", "Sum")
    sees(page, "Not counted yet: choose an event.")
    choose(page, "event", "Order Completed")
    sees(page, "Not counted yet: choose a property.")
    choose(page, "of", "revenue")
    says(page, "sum('Order Completed', 'revenue') >= 100")
    page.get_by_label("value", exact=True).fill("75")
    says(page, "sum('Order Completed', 'revenue') >= 75")
    page.get_by_role("button", name="Condition", exact=True).press("Enter")
    choose(page, "condition", "In segment", 1)
    sees(page, "Not counted yet: choose a segment.")
    choose(page, "segment", "buyers")
    says(page, "sum('Order Completed', 'revenue') >= 75\nand segment('buyers')")


def test_the_keyboard_stays_where_it_was_when_a_row_is_drawn_anew(page):
    open_page(page, "/segment/new")
    choose(page, "condition", "Sum")
    sees(page, "Not counted yet: choose an event.")
    page.wait_for_function("document.activeElement.getAttribute('aria-label') === 'condition'")
    page.get_by_role("button", name="Condition", exact=True).press("Enter")
    page.wait_for_function("document.activeElement.closest('[data-part]')?.dataset.part === 'row 1'")


def test_what_is_saved_has_its_author_and_is_in_force_at_once(page):
    open_page(page, "/segment/new")
    page.get_by_label("Name", exact=True).fill("very_big")
    page.get_by_label("SQL of the segment").fill("orders() >= 1 and spent > 100")
    says(page, "orders() >= 1 and spent > 100")
    page.get_by_label("Name", exact=True).press("Control+s")
    page.get_by_label("Your name, for its history").fill("Ada")
    page.get_by_role("button", name="Put in force").click()
    page.wait_for_url("**/segments/very_big")
    sees(page, "console:Ada")
    playwright.expect(page.locator(".tb-stat").first).to_contain_text("2", timeout=20_000)


def test_sql_that_is_written_becomes_rows(page):
    open_page(page, "/segment/new")
    page.get_by_label("SQL of the segment").fill("(orders() >= 2 or spent > 9) and not segment('lookers') and 1 < 2")
    playwright.expect(page.get_by_label("condition", exact=True)).to_have_count(3, timeout=10_000)
    playwright.expect(page.get_by_label("condition as SQL")).to_have_value("1 < 2")
    playwright.expect(page.get_by_label("how many must hold").nth(1)).to_have_value("any")


def test_a_mistake_is_told_with_its_place_and_the_nearest_name(page):
    open_page(page, "/segment/new")
    page.get_by_label("SQL of the segment").fill("count('Order Completd') >= 1")
    sees(page, "line 1, column 7", "Did you mean 'Order Completed'?")
    page.get_by_role("button", name="Save").click()
    sees(page, "The SQL is not right yet.")


def test_a_preview_tells_how_many_there_would_be(page):
    open_page(page, "/segment/big_spenders/edit")
    says(page, "spent > 50 and segment('buyers')")
    page.get_by_label("value", exact=True).fill("80")
    says(page, "spent > 80\nand segment('buyers')")
    page.get_by_label("value", exact=True).press("Control+Enter")
    sees(page, "-3 beside what is in force", "Ten of them", "is 120")


def test_an_old_version_can_be_read_beside_the_new_one_and_taken_back(page, server):
    changed = {"sql": "spent > 60 and segment('buyers')"}
    status, answer = server.request("PUT", "/v1/segments/big_spenders", changed)
    assert status < 300, answer
    open_page(page, "/segments/big_spenders")
    playwright.expect(page.locator(".tb-diff .come ins").first).to_have_text("60 ", timeout=20_000)
    page.get_by_role("button", name="Revert to this").click()
    page.get_by_role("button", name="Revert", exact=True).click()
    sees(page, "Version 3", "spent > 50")


def test_a_person_shows_their_segments_with_since_and_why(page):
    open_page(page, "/people")
    page.get_by_placeholder("userId:42").fill("userId:household-12")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/people/*")
    sees(page, "Segments", "big_spenders", "is 120", "Computed traits", "spent")
    playwright.expect(page.locator(".tb-time")).to_contain_text("Entered buyers", timeout=20_000)


def test_clusters_say_what_to_do_first(page):
    open_page(page, "/clusters")
    sees(page, "No clustering is declared", "tailorbird clusters train")


def test_predictions_say_what_to_write_first(page):
    open_page(page, "/predictions")
    sees(page, "No definition asks for a prediction", "tailorbird predict")


CLUSTERS = """
shoppers:
  description: How households shop
  features:
    basket: {sql: "avg('Order Completed', 'revenue')", low: small baskets, high: big baskets}
    spent: {sql: "spent", low: low spending, high: high spending}
  k: [2, 3]
"""


def test_a_clusters_label_is_accepted_and_stays(page, server, tmp_path):
    pytest.importorskip("sklearn")
    (tmp_path / "clusters.yaml").write_text(CLUSTERS)
    send(server, [order(n, 5.0 + n % 3 if n % 2 else 200.0 + n % 5) for n in range(100, 160)])
    page.wait_for_timeout(7000)  # until the lake has them
    tailorbird("apply", str(tmp_path), "--data", str(server.data))
    tailorbird("clusters", "train", "--data", str(server.data))
    open_page(page, "/clusters")
    sees(page, "Silhouette", "proposed", "big baskets", "How many clusters")
    field = page.get_by_label("Label of c1")
    field.fill("Stock-up trips")
    field.press("Enter")
    sees(page, "c1 is 'Stock-up trips' from now on")
    open_page(page, "/segments")
    sees(page, "shoppers_c1")
