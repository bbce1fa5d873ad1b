"""The engines of a data folder."""

import multiprocessing
from pathlib import Path

import pytest

from tailorbird.errors import Corrupt
from tailorbird.shell.engines import Engines, site_key
from tailorbird.shell.layout import Layout


def test_all_processes_agree_on_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(site_key, [tmp_path / "data" / "secret"] * 8)
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32


def test_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    site_key(tmp_path / "secret")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_damaged_secret_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(Corrupt, match="Restore it"):
        site_key(tmp_path / "secret")


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    engines = Engines(Layout(tmp_path / "data"))
    engines.close()
    assert not (tmp_path / "data").exists()


def test_new_log_goes_on_behind_an_old_lake(tmp_path: Path) -> None:
    old = Engines(Layout(tmp_path))
    old.lake.seal([], [], 1_000)
    assert Engines(Layout(tmp_path)).log.end() == 1_000


def test_lost_secret_is_not_replaced_where_people_are_known(tmp_path: Path) -> None:
    engines = Engines(Layout(tmp_path))
    _ = engines.site_key
    engines.keys.ensure([b"L" * 16])
    engines.layout.secret.unlink()
    with pytest.raises(Corrupt, match="is missing"):
        Engines(Layout(tmp_path)).look_over()
    assert not engines.layout.secret.exists()


def test_whole_folder_and_new_folder_pass_the_look_over(tmp_path: Path) -> None:
    Engines(Layout(tmp_path / "new")).look_over()
    Engines(Layout(tmp_path / "new")).look_over()


def test_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    Engines(Layout(tmp_path / "new")).look_over()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
