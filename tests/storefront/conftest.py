"""The shop as a process of its own, before a real Tailorbird server with a small catalogue, and a real browser."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tailorbird.testing.live import LiveServer, free_port

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SHELVES = {"Yogurt": "Yogurt", "Coffee": "Coffee", "Soft Drinks": "Soda", "Cheese": "Cheddar Cheese"}


def catalogue() -> list[dict[str, Any]]:
    """Ten of each shelf; "yogurt-3" is "Yogurt No 3, 6 oz"."""
    return [
        {"id": f"{kind.split()[0].lower()}-{n}", "name": f"{name} No {n}, 6 oz", "category": kind,
         "brand": "Homeward" if n % 2 else "Acme", "price": 1.0 + n / 4, "currency": "USD"}
        for kind, name in SHELVES.items() for n in range(10)
    ]  # fmt: skip


class Shop:
    """The storefront's process."""

    def __init__(self, api: str, key: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, str(STOREFRONT / "app.py"), "--api", api, "--key", key, "--browser-key", key]
        self.process = subprocess.Popen([*command, "--port", str(self.port)])
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                return urllib.request.urlopen(f"{self.url}/static/gable.svg").close()
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the shop did not open")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def tailorbird_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("data")) as server:
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
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


def known(server: LiveServer, page: Any, kind: str = "anonymousId", value: str = "") -> dict[str, Any]:
    """What Tailorbird knows of the tab's visitor."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    status, profile = server.get(f"/v1/people/{kind}:{value or cookies['tb_anonymous_id']}")
    return profile if status == 200 else {}


def recorded(server: LiveServer, page: Any) -> list[str]:
    """The names of the visitor's events, oldest first; page views are "page"."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    _, answer = server.get(f"/v1/people/anonymousId:{cookies['tb_anonymous_id']}/timeline?limit=1000")
    rows = answer.get("timeline", []) if isinstance(answer, dict) else []
    return [row.get("event") or row.get("type", "") for row in reversed(rows)]


def shelf(page: Any, placement: str = "home") -> list[dict[str, str]]:
    """What stands in a placement: id and reason of each card."""
    script = """name => [...document.querySelectorAll(`[data-placement=${name}] [data-product-id]`)].map(card => ({
        id: card.dataset.productId, reason: card.querySelector('.reason')?.textContent.trim() || ''}))"""
    found: list[dict[str, str]] = json.loads(json.dumps(page.evaluate(script, placement)))
    return found
