"""The page "segments in ten minutes", typed in from top to bottom by a newcomer who never makes a mistake."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tailorbird.testing.live import LiveServer

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "guide" / "segments-in-ten-minutes.md"
BLOCK = re.compile(r"^```(yaml|sh) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = {
    "tailorbird apply site --author anna": "5 changed.",
    "tailorbird person userId:42": "count('Product Viewed', '30 minutes') is 3, >= 3",
    "/v1/people/userId:42": '"holds_until":"20',
    "moves?segment=abandoned_cart": '"because":"time passed"',
    "tailorbird segment moves": "Left     abandoned_cart",
    "preview": "people of 1",
    "history": "cli:ben",
    "snapshot": "1 person.",
    "--dialect snowflake": "per event, in Python",
}
REFUSED = "Did you mean 'orders_90d'?"


def typed(text: str, folder: Path, server: LiveServer) -> subprocess.CompletedProcess[str]:
    here = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": here, "KEY": server.key, "API": server.url, "COLUMNS": "200"}
    return subprocess.run(
        ["bash", "-e", "-c", text], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_every_command_of_the_page_does_what_the_page_says(tmp_path):
    (tmp_path / "site").mkdir()
    left = dict(SAID)
    with LiveServer(tmp_path / "data") as server:
        for kind, name, text in BLOCK.findall(PAGE.read_text()):
            if kind == "yaml":
                (tmp_path / name).write_text(text)
                continue
            done = typed(text, tmp_path, server)
            printed = done.stdout + done.stderr
            assert (done.returncode, REFUSED in printed) == ((5, True) if name == "refused" else (0, False)), printed
            for words in [words for words in left if words in text]:
                assert left.pop(words) in printed, printed
    assert not left


def test_page_shows_the_files_that_it_talks_about():
    kinds = [(kind, name) for kind, name, _ in BLOCK.findall(PAGE.read_text())]
    assert kinds[:2] == [("yaml", "site/traits.yaml"), ("yaml", "site/segments.yaml")]
    assert ("sh", "refused") in kinds
