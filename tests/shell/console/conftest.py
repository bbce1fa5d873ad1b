"""Tests like all others: the option that keeps doctest from importing the console must not leave them out."""

from pathlib import Path


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return False if collection_path.parent == Path(__file__).parent else None
