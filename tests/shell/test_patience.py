"""A question to the lake that takes too long is given up; one in time is left alone."""

import pytest

from tailorbird.errors import BadRequest
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.patience import at_most

ENDLESS = "SELECT count(*) AS n FROM range(100000000000) a WHERE a.range % 7 = 3"


def test_what_takes_too_long_is_given_up_and_the_lake_goes_on(tmp_path):
    lake = ParquetLake(tmp_path / "lake")
    with pytest.raises(BadRequest, match=r"The preview took more than 0\.2 s"), at_most(lake, 0.2, "The preview"):
        lake.query(ENDLESS)
    with at_most(lake, 30, "The preview"):
        assert lake.query("SELECT 1 AS n") == [{"n": 1}]
    lake.close()


def test_other_mistakes_keep_their_words(tmp_path):
    lake = ParquetLake(tmp_path / "lake")
    with pytest.raises(BadRequest, match="SQL"), at_most(lake, 30, "The preview"):
        lake.query("SELECT nonsense")
    lake.close()
