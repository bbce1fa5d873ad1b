"""Vectors beside attributes in one table."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tailorbird.errors import BadRequest
from tailorbird.shell.evaluating import trials
from tailorbird.shell.evaluating.attributes import words_by_item
from tailorbird.shell.evaluating.vectors import vectors_by_item


def written(path, **columns):
    parquet.write_table(pa.table(columns), path)
    return path


def test_a_trial_has_the_vectors_of_its_items(tmp_path):
    train = written(tmp_path / "t.parquet", user=[1, 1, 2], item=[10, 11, 10])
    test = written(tmp_path / "u.parquet", user=[1, 2], item=[12, 11])
    table = written(tmp_path / "a.parquet", item=[10, 12], vector=[[1.0, 0.0], [0.0, 1.0]])
    found = trials.collaborative(train, test, 20, table)
    np.testing.assert_array_equal(found.known.vectors, [[1, 0], [0, 0], [0, 1]])
    assert found.known.attributes is None  # no column holds words
    assert trials.collaborative(train, test, 20, None).known.vectors is None


def test_vectors_are_no_words(tmp_path):
    table = written(tmp_path / "a.parquet", item=["x"], brand=["own"], vector=[[0.5]])
    assert words_by_item(table) == {"x": ["brand=own"]}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([[1.0], [1.0, 2.0]], "vectors of 1 and of 2 numbers"),
        ([[1.0], [float("nan")]], "item 2"),
        (["a", "b"], "item 1"),
    ],
)
def test_what_is_no_vector_is_refused_by_name(tmp_path, cells, told):
    with pytest.raises(BadRequest, match=told):
        vectors_by_item(written(tmp_path / "a.parquet", item=[1, 2], vector=cells))


def test_a_table_without_vectors_has_none(tmp_path):
    assert vectors_by_item(written(tmp_path / "a.parquet", item=[1], brand=["own"])) is None
