import subprocess
import sys
from itertools import pairwise

import msgspec
import pyarrow.parquet as pq
import pytest

from tailorbird.errors import BadRequest, StateUnavailable
from tailorbird.events import DAY_MS, Decided, Event, Rejected, Signal
from tailorbird.shell.embedded.lake_manifest import LakeFile, ManifestFile
from tailorbird.shell.embedded.lake_read import windows
from tailorbird.shell.embedded.lake_schema import RECORD_TABLES
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.ports import LinkChange
from tailorbird.testing import LakeContract, shop
from tailorbird.testing.lake_contract import CHANCE, DECIDED, everything, numbered


@pytest.fixture
def lake(tmp_path):
    lake = ParquetLake(tmp_path / "lake")
    yield lake
    lake.close()


class TestParquetLake(LakeContract):
    @pytest.fixture
    def engine(self, lake):
        return lake


def files_in(lake_folder):
    return {path.relative_to(lake_folder).as_posix() for path in lake_folder.rglob("*.parquet")}


def files_named(lake_folder):
    return {file.path for file in ManifestFile(lake_folder).load().files}


def test_every_field_of_every_record_is_stored():
    for record, table in zip((Event, Decided, Rejected, Signal), RECORD_TABLES, strict=True):
        own = {"plain_properties", "plain_context", "plain_traits"} & set(record.__struct_fields__)
        assert {column.field for column in table.columns if column.field} | own == set(record.__struct_fields__)


def test_files_lie_by_date_of_what_happened(tmp_path, lake):
    lake.seal(numbered(shop.events()), [], through=100)
    folders = {path.rsplit("/", 1)[0] for path in files_in(tmp_path / "lake")}
    assert folders == {"events/date=2025-10-09", "events/date=2025-10-10"}


def test_few_files_stay_after_many_seals(tmp_path, lake):
    event = shop.events()[0]
    for offset in range(1, 41):
        lake.seal([(offset, event)], [], through=offset)
        lake.compact()
    assert len(files_named(tmp_path / "lake")) <= 8
    assert files_in(tmp_path / "lake") == files_named(tmp_path / "lake")
    assert everything(lake) == [(offset, event) for offset in range(1, 41)]


def test_reader_goes_on_when_its_files_are_joined_under_it(tmp_path):
    lake, other = ParquetLake(tmp_path / "lake"), ParquetLake(tmp_path / "lake")
    rows = numbered(shop.events()[:2])
    for row in rows:
        lake.seal([row], [], through=row[0])
    reading = other.read()
    assert other.query("SELECT count(*) AS n FROM events") == [{"n": 2}]
    assert lake.compact() == 2
    assert [row for batch in reading for row in batch] == rows
    assert other.query("SELECT count(*) AS n FROM events") == [{"n": 2}]
    assert files_in(tmp_path / "lake") == files_named(tmp_path / "lake")


def test_leftovers_of_a_crash_are_swept_away(tmp_path, lake):
    lake.seal(numbered(shop.events()), [], through=100)
    lake.close()
    folder = tmp_path / "lake"
    for orphan in ("events/date=2025-10-09/0000000099.parquet", "links/0000000098.parquet", ".draft/1.parquet"):
        (folder / orphan).parent.mkdir(exist_ok=True)
        (folder / orphan).write_bytes(b"half a file")
    again = ParquetLake(folder)
    assert len(everything(again)) == 7
    again.compact()
    assert files_in(folder) == files_named(folder)
    again.close()


def test_second_sealer_is_refused_and_may_read(tmp_path, lake):
    lake.seal(numbered(shop.events()), [], through=100)
    other = ParquetLake(tmp_path / "lake")
    with pytest.raises(StateUnavailable, match="Another process seals"):
        other.seal([], [], through=200)
    assert len(everything(other)) == 7


def test_reader_sees_the_next_seal(tmp_path, lake):
    reader = ParquetLake(tmp_path / "lake")
    assert reader.query("SELECT count(*) AS n FROM events") == [{"n": 0}]
    lake.seal(numbered(shop.events()), [], through=100)
    assert reader.sealed() == 100
    assert reader.query("SELECT count(*) AS n FROM events") == [{"n": 7}]


def test_query_cannot_leave_the_lake(tmp_path, lake):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(BadRequest):
        lake.query(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")


def test_anybody_with_duckdb_can_read_the_views(tmp_path, lake):
    lake.seal(numbered(shop.events()), [LinkChange(b"anna-user-id----", b"anna", 1, 5)], through=100)
    code = (
        "import duckdb, sys; d = duckdb.connect(); d.execute(open(sys.argv[1]).read());"
        "print(d.sql('SELECT count(*) FROM people_events WHERE person IS NOT NULL').fetchall())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lake" / "views.sql")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[(2,)]"


def test_lake_with_a_quote_in_its_name_answers(tmp_path):
    lake = ParquetLake(tmp_path / "anna's lake")
    lake.seal(numbered(shop.events()), [], through=100)
    assert lake.query("SELECT count(*) AS n FROM events") == [{"n": 7}]


def test_windows_cover_everything_once_however_files_overlap():
    files = [LakeFile("", "events", "", 50 + n, n * 37 % 400 + 1, n * 37 % 400 + 300, 0) for n in range(40)]
    cut = list(windows(files, after=10, rows=100))
    assert (cut[0][0], cut[-1][1]) == (10, max(file.last for file in files))
    assert all(before[1] == behind[0] for before, behind in pairwise(cut))


def test_large_lake_is_read_in_bounded_windows(lake):
    event = shop.events()[0]
    rows = [(n, msgspec.structs.replace(event, timestamp=n % 3 * DAY_MS)) for n in range(1, 50_001)]
    lake.seal(rows[:45_000], [], through=45_000)
    lake.seal(rows[45_000:], [], through=50_000)
    batches = list(lake.read(after=100))
    assert [row for batch in batches for row in batch] == rows[100:]
    assert max(map(len, batches)) <= 25_000


def test_decisions_of_a_release_without_propensities_are_read_and_joined_with_new_ones(tmp_path, lake):
    old, new = (numbered([shaped], first) for shaped, first in ((DECIDED, 1), (CHANCE, 2)))
    lake.seal(old, [], through=1)
    [path] = (tmp_path / "lake").glob("decisions/*/*.parquet")
    pq.write_table(pq.ParquetFile(path).read().drop_columns("propensities"), path)
    assert everything(lake) == old
    lake.seal(new, [], through=2)
    assert lake.query("SELECT propensities[2] AS p FROM decisions ORDER BY id") == [{"p": None}, {"p": 0.1}]
    lake.compact()
    assert everything(lake) == old + new
