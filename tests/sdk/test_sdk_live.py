"""The SDK as a real server serves it, used from a page of another origin."""

import gzip
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tailorbird.sdk import PATH
from tailorbird.testing.live import LiveServer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    data: Path = tmp_path_factory.mktemp("data")
    with LiveServer(data) as server:
        items = [{"id": f"tea-{n}", "name": f"Tea {n}", "category": "Tea"} for n in range(8)]
        assert server.post("/v1/items", {"items": items})[0] == 200
        yield server


@pytest.fixture
def elsewhere(live: LiveServer, shop: Any, page: Any) -> Callable[[str], Any]:
    """A page on another origin than the API's."""

    def open_page(body: str) -> Any:
        source = f'<script src="{live.url}/tailorbird.js" data-key="{live.key}"></script>'
        shop.html = f"<!doctype html><title>Elsewhere</title><body>{body}{source}"
        page.goto(shop.url)
        return page

    return open_page


def test_served_file_is_the_source_and_under_six_kilobytes(live: LiveServer) -> None:
    request = urllib.request.Request(f"{live.url}/tailorbird.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        packed = answer.headers["Content-Encoding"] == "gzip"
    assert (gzip.decompress(body) if packed else body) == PATH.read_bytes()
    assert len(body if packed else gzip.compress(body)) < 6000


def test_event_is_on_the_profile_when_its_promise_resolves(live: LiveServer, elsewhere: Callable[[str], Any]) -> None:
    page = elsewhere("")
    offset = page.evaluate("tailorbird.track('Product Viewed', {product_id: 'tea-3', category: 'Tea'})")
    anonymous = page.evaluate("tailorbird.user().anonymousId")
    asked = f"/v1/people/anonymousId:{anonymous}?after={offset}"
    # The server waits for the token 20 ms at most, and a machine that runs all tests at once may need longer.
    status, profile = next(answer for _ in range(250) if (answer := live.get(asked))[0] == 200 and answer[1]["recent"])
    assert status == 200
    assert [touch["item"] for touch in profile["recent"]] == ["tea-3"]


def test_block_is_filled_across_origins_and_follows_the_click(
    live: LiveServer, elsewhere: Callable[[str], Any]
) -> None:
    page = elsewhere("<div data-placement='home' data-limit='4'></div>")
    page.wait_for_selector("[data-decision-id]")
    page.evaluate("tailorbird.track('Product Viewed', {product_id: 'tea-3', category: 'Tea'})")
    page.reload()
    page.wait_for_selector("[data-decision-id] i:has-text('because you viewed')")
    assert page.locator("[data-product-id]").count() == 4
