import os
import subprocess
import sys

import pytest

from tailorbird.errors import StateUnavailable
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.testing import StateContract


@pytest.fixture
def state(tmp_path):
    state = LmdbState(tmp_path / "state", writer=True)
    yield state
    state.close()


class TestLmdbState(StateContract):
    @pytest.fixture
    def engine(self, state):
        return state


def in_another_process(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


READ = """
import sys; from pathlib import Path
from tailorbird.shell.embedded.lmdb_state import LmdbState
with LmdbState(Path(sys.argv[1])).snapshot() as snapshot: print(snapshot.get("t", b"k"), snapshot.offset)
"""

WRITE_AND_DIE = """
import sys, os; from pathlib import Path
from tailorbird.shell.embedded.lmdb_state import LmdbState
LmdbState(Path(sys.argv[1]), writer=True).commit({"t": {b"k": b"v"}}, 7)
os.kill(os.getpid(), 9)
"""


def write_and_die(folder):
    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(folder)], check=False)


def test_reader_in_another_process_sees_the_commit(tmp_path, state):
    state.commit({"t": {b"k": b"v"}}, 3)
    assert in_another_process(READ, tmp_path / "state") == "b'v' 3"


def test_reader_before_the_first_writer_is_told_to_wait(tmp_path):
    with pytest.raises(StateUnavailable, match="No state in"):
        LmdbState(tmp_path / "state").offset()


def test_reader_opened_early_works_once_the_writer_is_there(tmp_path):
    folder = tmp_path / "state"
    child = in_another_process(
        """
import subprocess, sys; from pathlib import Path
from tailorbird.shell.embedded.lmdb_state import LmdbState
reader = LmdbState(Path(sys.argv[1]))
try: reader.offset()
except Exception: print("waits")
subprocess.run([sys.executable, "-c", sys.argv[2], sys.argv[1]])
print(reader.offset())
""",
        folder,
        WRITE_AND_DIE,
    )
    assert child.split() == ["waits", "7"]


def test_reader_and_writer_may_share_a_process(tmp_path, state):
    reader = LmdbState(tmp_path / "state")
    state.commit({"t": {b"k": b"v"}}, 3)
    with reader.snapshot() as snapshot:
        assert (snapshot.get("t", b"k"), snapshot.offset) == (b"v", 3)
    reader.close()
    state.commit({"t": {b"k": b"w"}}, 4)


def test_reader_of_this_process_must_close_before_it_writes(tmp_path):
    write_and_die(tmp_path / "state")
    reader = LmdbState(tmp_path / "state")
    assert reader.offset() == 7
    with pytest.raises(StateUnavailable, match="close that first"):
        LmdbState(tmp_path / "state", writer=True)
    reader.close()
    LmdbState(tmp_path / "state", writer=True).close()


def test_second_writer_is_refused(tmp_path, state):
    with pytest.raises(StateUnavailable, match="Another process writes"):
        LmdbState(tmp_path / "state", writer=True)


def test_commit_of_a_killed_writer_stays(tmp_path):
    write_and_die(tmp_path / "state")
    state = LmdbState(tmp_path / "state", writer=True)
    assert state.offset() == 7
    state.close()


def test_after_a_power_cut_an_unclosed_state_starts_over(tmp_path):
    write_and_die(tmp_path / "state")
    (tmp_path / "state" / "running").write_bytes(os.urandom(16))
    with pytest.raises(StateUnavailable, match="from before a power cut"):
        LmdbState(tmp_path / "state").offset()
    state = LmdbState(tmp_path / "state", writer=True)
    assert state.offset() == 0
    state.close()


def test_after_a_power_cut_a_closed_state_is_kept(tmp_path):
    state = LmdbState(tmp_path / "state", writer=True)
    state.commit({"t": {b"k": b"v"}}, 7)
    state.close()
    assert not (tmp_path / "state" / "running").exists()
    again = LmdbState(tmp_path / "state", writer=True)
    assert again.offset() == 7
    again.close()


def test_full_map_is_unavailable_and_changes_nothing(tmp_path):
    state = LmdbState(tmp_path / "state", writer=True, map_bytes=1 << 18)
    state.commit({"t": {b"k": b"v"}}, 1)
    with pytest.raises(StateUnavailable, match="largest size"):
        state.commit({"t": {os.urandom(16): bytes(1_000) for _ in range(1_000)}, "new": {b"k": b"v"}}, 2)
    assert state.offset() == 1
    state.commit({"t": {b"k": b"w"}, "new": {b"k": b"v"}}, 2)
    with state.snapshot() as snapshot:
        assert (snapshot.get("t", b"k"), snapshot.get("new", b"k"), snapshot.count("t")) == (b"w", b"v", 1)
    state.close()


def test_state_of_another_format_is_emptied_by_its_writer(tmp_path):
    old = LmdbState(tmp_path / "state", writer=True, format=1)
    old.commit({"profile": {b"anna": b"as it was"}, "node": {b"n": b"anna"}}, 7)
    old.close()
    new = LmdbState(tmp_path / "state", writer=True, format=2)
    with new.snapshot() as snapshot:
        assert (snapshot.offset, snapshot.count("profile"), snapshot.count("node")) == (0, 0, 0)
    new.commit({"profile": {b"anna": b"as it is"}}, 7)
    new.close()
    assert LmdbState(tmp_path / "state", format=2).offset() == 7


def test_reader_of_another_format_is_told_to_wait(tmp_path):
    LmdbState(tmp_path / "state", writer=True, format=1).commit({"profile": {b"anna": b"as it was"}}, 7)
    reader = LmdbState(tmp_path / "state", format=2)
    with pytest.raises(StateUnavailable, match="format 1, this version reads 2"):
        reader.offset()
    with pytest.raises(StateUnavailable, match="tailorbird rebuild"), reader.snapshot():
        pass


def test_store_that_cannot_be_opened_begins_anew(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "data.mdb").write_bytes(os.urandom(40_000))
    state = LmdbState(tmp_path / "state", writer=True)
    assert state.offset() == 0
    state.close()


def test_fresh_store_has_nothing_of_what_was_there(tmp_path):
    state = LmdbState(tmp_path / "state", writer=True)
    state.commit({"person": {b"p": b"Ann"}}, 10)
    state.close()
    fresh = LmdbState(tmp_path / "state", writer=True, fresh=True)
    with fresh.snapshot() as snapshot:
        assert (snapshot.offset, snapshot.get("person", b"p")) == (0, None)
    fresh.close()
