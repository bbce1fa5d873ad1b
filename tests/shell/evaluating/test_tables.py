from pathlib import Path

import pytest

from tailorbird.errors import BadRequest
from tailorbird.shell.evaluating.attributes import words_by_item
from tailorbird.shell.evaluating.tables import read


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_columns_are_found_by_their_common_names(tmp_path: Path) -> None:
    file = written(tmp_path / "log.csv", "SessionId,ItemId,Time\n1,a,2026-01-01T00:00:02\n1,b,2026-01-01T00:00:04\n")
    columns = read(file, ("session", "item", "position"), ("time",))
    assert columns["item"].tolist() == ["a", "b"]
    assert (columns["position"][1] - columns["position"][0], columns["time"].tolist()) == (
        2.0,
        columns["position"].tolist(),
    )


def test_a_missing_column_is_named_with_what_is_there(tmp_path: Path) -> None:
    file = written(tmp_path / "log.jsonl", '{"who": 1, "item": 2}\n')
    with pytest.raises(BadRequest, match=r"log.jsonl has no column 'user'. It has who, item. Needed: user, item; also"):
        read(file, ("user", "item"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("log.csv", "user,item\n1,2\n1,\n", "row 2: 'item' is empty"),
        ("log.csv", "user,item\n", "holds no rows"),
        ("log.xls", "user,item\n", "Known: .parquet, .csv"),
        ("log.parquet", "user,item\n1,2", "cannot be read"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read(written(tmp_path / name, text), ("user", "item"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="There is no file"):
        read(tmp_path / "none.parquet", ("user", "item"))


def test_attributes_are_words_from_json_or_a_table(tmp_path: Path) -> None:
    json = written(tmp_path / "items.json", '{"1": [5, 6], "2": []}')
    table = written(tmp_path / "items.csv", "item,brand,kind\n1,acme,tea\n2,,tea\n")
    assert words_by_item(json) == {"1": ["5", "6"], "2": []}
    assert words_by_item(table) == {"1": ["brand=acme", "kind=tea"], "2": ["brand=", "kind=tea"]}
