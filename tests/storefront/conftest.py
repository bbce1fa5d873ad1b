"""A real Tailorbird server, the shop before it, one without it, and a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from storefront_kit import Shop, catalogue

from tailorbird.testing.live import LiveServer, free_port

# `after` waits as long as it may, so that a busy machine does not look like a stale page.
PATIENT = ("--set", "decide.wait_ms=1000")


@pytest.fixture(scope="session")
def tailorbird_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("data"), options=PATIENT) as server:
        status, answer = server.post("/v1/items", {"items": catalogue()})
        assert status == 200, answer
        yield server


@pytest.fixture(scope="session")
def shop(tailorbird_server: LiveServer) -> Iterator[Shop]:
    opened = Shop(tailorbird_server.url, tailorbird_server.key)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def lonely_shop() -> Iterator[Shop]:
    """A shop whose API nobody serves."""
    opened = Shop(f"http://127.0.0.1:{free_port()}", "nobody")
    yield opened
    opened.close()


@pytest.fixture
def tab(chromium: Any, shop: Shop) -> Iterator[Any]:
    """A stranger's tab; addresses are relative to the shop. Nothing on its pages may throw."""
    context = chromium.new_context(base_url=shop.url, viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
