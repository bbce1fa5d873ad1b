"""The shop as a process, a small catalogue for it, and looks at what a visitor left behind."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tailorbird.testing.live import LiveServer, free_port

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
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
    found: list[dict[str, str]] = page.evaluate(script, placement)
    return found
