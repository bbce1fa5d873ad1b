"""kill -9 at random instants: state moves as a whole, a key handed out stays, the lake has each record once."""

import random

import msgspec
import pytest

from tailorbird.events import DAY_MS
from tailorbird.shell.embedded.lake_manifest import ManifestFile
from tailorbird.shell.embedded.lmdb_keys import LmdbKeys
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.testing import shop

pytestmark = pytest.mark.slow

COMMITTER = """
import sys
from pathlib import Path
from tailorbird.shell.embedded.lmdb_state import LmdbState
folder = Path(sys.argv[1])
state = LmdbState(folder / "state", writer=True)
print("ready", flush=True)
with (folder / "acknowledged").open("a", buffering=1) as acknowledged:
    while True:
        n = state.offset() + 1
        value = n.to_bytes(8, "big") * 20
        gone = {b"gone-%d" % (n - 1): None, b"gone-%d" % n: value}
        state.commit({"a": {b"%d" % i: value for i in range(300)}, f"day:{n // 50}": {b"k": value}, "b": gone}, n)
        state.clear([f"day:{n // 50 - 1}"])
        acknowledged.write(f"{n}\\n")
"""


def test_state_and_offset_move_together(tmp_path, victim):
    chance, last = random.Random(30), 0
    for _ in range(25):
        victim(COMMITTER, tmp_path).wait_ready().kill_within(chance, 0.08)
        with LmdbState(tmp_path / "state").snapshot() as snapshot:
            value = snapshot.offset.to_bytes(8, "big") * 20
            assert {v for _, v in snapshot.scan("a")} <= {value}
            assert [key for key, _ in snapshot.scan("b")] == [b"gone-%d" % snapshot.offset][: snapshot.offset]
            assert snapshot.get(f"day:{snapshot.offset // 50}", b"k") in (value, None if not snapshot.offset else value)
            assert snapshot.offset >= last
            last = snapshot.offset
    stored = (tmp_path / "acknowledged").read_text().split("\n")[:-1]
    assert last >= int(stored[-1]) > 100


KEY_MAKER = """
import os, sys
from pathlib import Path
from tailorbird.shell.embedded.lmdb_keys import LmdbKeys
folder, name = Path(sys.argv[1]), sys.argv[2]
keys = LmdbKeys(folder / "keys")
print("ready", flush=True)
with (folder / f"handed-out-{name}").open("a", buffering=1) as file:
    while True:
        for leaf, key in keys.ensure([os.urandom(16) for _ in range(20)]).items():
            file.write(f"{leaf.hex()} {key.hex()}\\n")
"""


def test_key_that_was_handed_out_stays(tmp_path, victim):
    chance, makers = random.Random(31), []
    for name in range(20):
        makers.append(victim(KEY_MAKER, tmp_path, name).wait_ready())
        if len(makers) == 3:
            makers.pop(chance.randrange(3)).kill_within(chance, 0.1)
    for maker in makers:
        maker.kill()
    keys = LmdbKeys(tmp_path / "keys")
    pairs = [line.split() for path in tmp_path.glob("handed-out-*") for line in path.read_text().split("\n")[:-1]]
    assert len(pairs) > 1_000
    assert all(keys.get(bytes.fromhex(leaf)) == bytes.fromhex(key) for leaf, key in pairs)
    assert len(keys.ensure([b"still works" + bytes(5)])) == 1
    keys.close()


SEALER = """
import sys
from pathlib import Path
from tempfile import mkdtemp
sys.path.insert(0, sys.argv[2])
from test_crash_stores import record_at
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.ports import LinkChange
lake = ParquetLake(Path(sys.argv[1]) / "lake")
ParquetLake(Path(mkdtemp(dir=sys.argv[1]))).seal([(1, record_at(1))], [], 1)  # all imports are done
lake.compact()
print("ready", flush=True)
while True:
    begin = lake.sealed()
    rows = [(offset, record_at(offset)) for offset in range(begin + 1, begin + 1 + begin % 7 * 3)]
    lake.seal(rows, [LinkChange(b"L" * 16, b"P%015d" % begin, begin, 5)], begin + 30)
    if begin % 4 == 0:
        lake.compact()
"""


def record_at(offset):
    """The one record that may stand at an offset, on one of four days."""
    at = shop.MORNING + offset * 7919 % 4 * DAY_MS
    return msgspec.structs.replace(shop.events()[1], message_id=f"m{offset}", timestamp=at)


def expected(through):
    return [(offset, record_at(offset)) for begin in range(0, through, 30) for offset in _offsets(begin)]


def _offsets(begin):
    return range(begin + 1, begin + 1 + begin % 7 * 3)


def test_lake_has_every_record_once_and_nothing_else(tmp_path, victim):
    chance, lake, last = random.Random(32), ParquetLake(tmp_path / "lake"), 0
    for _ in range(25):
        victim(SEALER, tmp_path, __file__.rsplit("/", 1)[0]).wait_ready().kill_within(chance, 0.2)
        through = lake.sealed()
        assert through >= last
        last = through
        assert [row for rows in lake.read() for row in rows] == expected(through)
        counted = lake.query("SELECT count(*) AS n, count(DISTINCT message_id) AS m FROM events")
        assert counted == [{"n": len(expected(through)), "m": len(expected(through))}]
        assert lake.query("SELECT count(*) AS n FROM links") == [{"n": through // 30}]
    again = ParquetLake(tmp_path / "lake")
    again.compact()
    on_disk = {path.relative_to(tmp_path / "lake").as_posix() for path in (tmp_path / "lake").rglob("*.parquet")}
    manifest = ManifestFile(tmp_path / "lake").load()
    assert on_disk == {file.path for file in manifest.files}
    assert last > 300
