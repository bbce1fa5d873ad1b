"""Processes to call."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from one_process import OneProcess


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneProcess]:
    """One process for the tests of a module: each test uses people and items of its own."""
    with OneProcess(tmp_path_factory.mktemp("shop")) as process:
        yield process


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[OneProcess]:
    """A process of this test's own."""
    with OneProcess(tmp_path) as process:
        yield process
