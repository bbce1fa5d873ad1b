"""What tests of several folders need: a real browser, and Hypothesis without a stopwatch."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no bug: speed is shown by `make bench`, never by a timed test.
settings.register_profile("tailorbird", deadline=None, print_blob=True)
settings.load_profile("tailorbird")

# Without these Chromium asks its maker's servers for this and that at every start.
CHROMIUM = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run"]
CHROMIUM += ["disable-background-networking", "disable-component-update", "disable-sync"]


@pytest.fixture(scope="module")  # no longer: its event loop would stand in the way of other tests
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless, driven by playwright."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[f"--{word}" for word in CHROMIUM])
        yield opened
        opened.close()
