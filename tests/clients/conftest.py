"""A live server for the real clients."""

from collections.abc import Iterator
from typing import Any

import pytest

from tailorbird.testing.live import LiveServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("clients")) as live:
        yield live


@pytest.fixture
def timeline(server: LiveServer) -> Any:
    """What the server knows a person did, oldest first, once `count` of it has arrived."""
    import time

    def of(person: str, count: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for _ in range(200):
            status, answer = server.get(f"/v1/people/{person}/timeline?limit=1000")
            rows = answer["timeline"][::-1] if status == 200 else []
            if len(rows) >= count:
                break
            time.sleep(0.05)
        return rows

    return of
