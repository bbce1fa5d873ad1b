"""@segment/analytics-node as its users run it, against a live server."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tailorbird.testing.live import LiveServer

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The client, installed beside its package.json; skipped where that cannot be done."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed: apt-get install nodejs npm")
    installed = HERE / "node_modules" / "@segment" / "analytics-node"
    if not installed.is_dir():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=180)
        if done.returncode or not installed.is_dir():
            pytest.skip(f"npm cannot install @segment/analytics-node: {done.stderr.strip()[-200:]}")
    return installed


def test_every_call_of_the_node_client_is_understood(server: LiveServer, timeline: Any, node_modules: Path) -> None:
    command = ["node", "send.mjs", server.url, server.key, "node-1"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    rows = timeline("userId:node-1", 7)
    kinds = ["alias", "group", "identify", "page", "screen", "track", "track"]
    assert sorted(row["type"] for row in rows) == kinds
    person = server.get("/v1/people/userId:node-1")[1]
    assert person["identifiers"]["email"] == ["node-1@example.com"]
    assert sorted(touch["item"] for touch in person["recent"]) == ["p1", "p2"]
