import os

import pytest

from tailorbird.errors import Corrupt
from tailorbird.shell.embedded.segment_files import bases_in, path_of
from tailorbird.shell.embedded.segment_head import SegmentHead
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.testing.log_contract import LogContract, read_all


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def log(folder):
    log = SegmentLog(folder, segment_bytes=1_000)
    yield log
    log.close()


def cut_power(folder):
    """As the next boot finds it: the head is of another boot."""
    head = SegmentHead(folder / "head")
    head.begin(os.urandom(16), 0, 0)
    head.close()


class TestSegmentLog(LogContract):
    @pytest.fixture
    def engine(self, log):
        return log


def test_what_was_appended_is_there_for_another_process(folder, log):
    log.append([b"a"])
    assert read_all(SegmentLog(folder)) == [b"a"]


def test_files_roll_and_read_on_as_one(folder, log):
    written = [bytes([n]) * 400 for n in range(20)]
    for payload in written:
        log.append([payload])
    assert len(bases_in(folder)) > 5
    assert read_all(log) == read_all(SegmentLog(folder)) == written


def test_dropped_files_are_gone_and_reading_them_says_so(folder, log):
    for n in range(10):
        log.append([bytes([n]) * 400])
    log.drop_through(log.end())
    assert len(bases_in(folder)) == 1
    with pytest.raises(Corrupt, match="was dropped; the log begins at"):
        log.read(0)


def test_file_that_is_not_wholly_sealed_is_not_dropped(folder, log):
    ends = [log.append([b"x" * 400]) for _ in range(10)]
    log.drop_through(ends[2] - 1)
    assert bases_in(folder)[0] <= ends[1]
    assert len(read_all(log, ends[2])) == 7


def test_bytes_of_a_writer_that_died_are_cut_by_the_next(folder, log):
    end = log.append([b"whole"])
    with path_of(folder, 0).open("ab") as file:
        file.write(b"\x09\x00\x00\x00half")
    assert read_all(log) == [b"whole"]
    assert log.append([b"next"]) == end + 8 + 4 == path_of(folder, 0).stat().st_size
    assert read_all(log) == [b"whole", b"next"]


def test_whole_record_that_was_never_committed_is_cut_too(folder, log):
    log.append([b"a"])
    with path_of(folder, 0).open("ab") as file:
        file.write(path_of(folder, 0).read_bytes())
    log.append([b"b"])
    assert read_all(log) == [b"a", b"b"]


@pytest.mark.parametrize("tail", [b"\x09\x00\x00\x00half", bytes(64), b"\xff" * 40, b"\x01"])
def test_torn_tail_is_cut_after_a_power_cut(folder, log, tail):
    log.append([b"a", b"b"])
    log.close()
    with path_of(folder, 0).open("ab") as file:
        file.write(tail)
    cut_power(folder)
    again = SegmentLog(folder)
    again.append([b"c"])
    assert read_all(again) == [b"a", b"b", b"c"]


def test_lost_head_is_found_again(folder, log):
    for n in range(10):
        log.append([bytes([n]) * 400])
    end = log.end()
    log.close()
    (folder / "head").unlink()
    assert SegmentLog(folder).end() == end


def test_shortened_file_does_not_grow_zeros(folder, log):
    first = log.append([b"a"])
    log.append([b"b"])
    os.truncate(path_of(folder, 0), first)
    assert log.append([b"c"]) == first + 9
    assert read_all(log) == [b"a", b"c"]


def test_writer_killed_while_rolling_leaves_nothing_in_the_way(folder, log):
    log.append([b"a" * 1_200])
    path_of(folder, log.end()).touch()
    assert read_all(log) == [b"a" * 1_200]
    log.append([b"b"])
    log.close()
    cut_power(folder)
    assert read_all(SegmentLog(folder)) == [b"a" * 1_200, b"b"]


def test_file_that_could_not_be_synced_takes_no_more(folder, log):
    log.append([b"a"])
    head = SegmentHead(folder / "head")
    head.roll = True  # what a failed sync leaves behind
    head.close()
    log.append([b"b"])
    log.append([b"c"])
    assert bases_in(folder) == [0, 9]
    assert read_all(log) == [b"a", b"b", b"c"]


def test_foreign_files_do_no_harm(folder, log):
    log.append([b"a"])
    (folder / "copy.log").write_bytes(b"?")
    log.drop_through(log.end())
    assert read_all(SegmentLog(folder)) == [b"a"]


def test_damaged_record_is_an_error_and_not_the_end(folder, log):
    log.append([b"a", b"b", b"c"])
    with path_of(folder, 0).open("r+b") as file:
        file.seek(17)
        file.write(b"X")
    assert log.read(0).records == [(9, b"a")]
    with pytest.raises(Corrupt, match="no whole record at offset 9"):
        log.read(9)


def test_lost_log_goes_on_behind_the_lake(folder):
    log = SegmentLog(folder, start=5_000)
    assert log.end() == 5_000
    end = log.append([b"a"])
    assert end == 5_009
    assert log.read(5_000).records == [(end, b"a")]


def test_older_copy_of_the_log_goes_on_behind_the_lake(folder, log):
    log.append([b"a"])
    log.close()
    (folder / "head").unlink()
    again = SegmentLog(folder, start=5_000)
    assert again.append([b"b"]) == 5_009
    assert read_all(again, after=5_000) == [b"b"]


def test_forked_child_writes_beside_its_parent(folder, log):
    log.append([b"parent"])
    child = os.fork()
    if child == 0:
        log.append([b"child"])
        os._exit(0)
    os.waitpid(child, 0)
    log.append([b"parent again"])
    assert read_all(log) == [b"parent", b"child", b"parent again"]
