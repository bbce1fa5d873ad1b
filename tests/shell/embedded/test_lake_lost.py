"""A lake that lost a part says so, and loses nothing more."""

from pathlib import Path

import pytest

from tailorbird.errors import Corrupt
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.testing import shop
from tailorbird.testing.lake_contract import numbered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lake = ParquetLake(tmp_path / "lake")
    lake.seal(numbered(shop.events()), [], through=100)
    lake.close()
    return tmp_path / "lake"


def test_lost_manifest_is_named_and_no_file_is_swept_away(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    before = sorted(folder.rglob("*.parquet"))
    with pytest.raises(Corrupt, match=r"manifest\.json"):
        ParquetLake(folder).seal([], [], through=200)
    assert sorted(folder.rglob("*.parquet")) == before != []


def test_lost_manifest_is_not_read_as_an_empty_lake(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(Corrupt, match="Restore it from a backup"):
        ParquetLake(folder).sealed()


def test_damaged_file_is_named(folder: Path) -> None:
    damaged = next((folder / "events").rglob("*.parquet"))
    damaged.write_bytes(b"hello")
    with pytest.raises(Corrupt, match=damaged.name):
        ParquetLake(folder).query("SELECT count(*) FROM events")


def test_damaged_file_ends_a_rebuild_with_its_reason(folder: Path) -> None:
    next((folder / "events").rglob("*.parquet")).write_bytes(b"hello")
    with pytest.raises(Corrupt, match="is damaged"):
        list(ParquetLake(folder).read())
