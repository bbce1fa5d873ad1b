"""What every log must do, as tests to inherit: give an `engine` fixture that yields an empty log."""

import threading

import pytest

from tailorbird.errors import Corrupt
from tailorbird.shell.ports import Log


def read_all(log: Log, after: int = 0, max_bytes: int = 4_000_000) -> list[bytes]:
    """All payloads behind `after`, by as many reads as it takes."""
    payloads: list[bytes] = []
    while (batch := log.read(after, max_bytes)).records:
        payloads += [payload for _, payload in batch.records]
        after = batch.through
    return payloads


class LogContract:
    """Inherit, override `engine`, and pytest runs them all on your engine."""

    @pytest.fixture
    def engine(self) -> Log:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty log.")

    def test_log_gives_back_what_was_appended_in_order(self, engine: Log) -> None:
        engine.append([b"a", b"bb"])
        end = engine.append([b"ccc"])
        batch = engine.read(0)
        assert [payload for _, payload in batch.records] == [b"a", b"bb", b"ccc"]
        assert batch.through == batch.records[-1][0] == end == engine.end()

    def test_offset_names_the_end_of_a_record(self, engine: Log) -> None:
        first = engine.append([b"a"])
        second = engine.append([b"b"])
        assert engine.read(first).records == [(second, b"b")]

    def test_empty_log_reads_nothing(self, engine: Log) -> None:
        assert engine.read(0) == ([], 0)
        assert engine.end() == 0

    def test_reading_at_the_end_stays_there(self, engine: Log) -> None:
        end = engine.append([b"a"])
        assert engine.read(end) == ([], end)

    def test_small_reads_give_every_record_once(self, engine: Log) -> None:
        # Of every length below and above the 20 bytes of a read: what does not fit must neither be lost nor cut.
        payloads = [bytes([n]) * (n + 1) for n in range(50)]
        engine.append(payloads)
        assert read_all(engine, max_bytes=20) == payloads

    def test_record_larger_than_the_read_still_comes(self, engine: Log) -> None:
        engine.append([b"x" * 10_000, b"y"])
        assert engine.read(0, max_bytes=100).records[0][1] == b"x" * 10_000

    def test_appending_nothing_changes_nothing(self, engine: Log) -> None:
        end = engine.append([b"a"])
        assert engine.append([]) == end == engine.end()

    def test_empty_record_is_refused_and_nothing_kept(self, engine: Log) -> None:
        with pytest.raises(ValueError, match="empty record"):
            engine.append([b"a", b""])
        assert engine.end() == 0

    def test_wait_answers_whether_something_is_there(self, engine: Log) -> None:
        assert not engine.wait(0, timeout_s=0.01)
        engine.append([b"a"])
        assert engine.wait(0, timeout_s=0.01)

    def test_append_wakes_the_waiting_reader(self, engine: Log) -> None:
        threading.Timer(0.05, engine.append, [[b"a"]]).start()
        assert engine.wait(0, timeout_s=5)

    def test_what_is_appended_in_passing_is_read_in_its_place(self, engine: Log) -> None:
        engine.append([b"a"])
        engine.append([b"b"], durable=False)
        end = engine.append([b"c"])
        assert [payload for _, payload in engine.read(0).records] == [b"a", b"b", b"c"]
        assert engine.append([b"d"], durable=False) > end
        assert engine.wait(end, 0.01)
        assert [payload for _, payload in engine.read(end).records] == [b"d"]

    def test_threads_append_side_by_side(self, engine: Log) -> None:
        threads = [
            threading.Thread(target=lambda n=n: [engine.append([b"%d-%d" % (n, i)] * 3) for i in range(20)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        payloads = read_all(engine)
        assert len(payloads) == 240
        # A batch lies together.
        assert all(len(set(payloads[i : i + 3])) == 1 for i in range(0, 240, 3))

    def test_offset_beyond_the_end_is_corrupt(self, engine: Log) -> None:
        engine.append([b"a"])
        with pytest.raises(Corrupt):
            engine.read(1_000)

    def test_newest_record_survives_dropping(self, engine: Log) -> None:
        end = engine.append([b"a"])
        engine.drop_through(end)
        assert engine.read(end).records == []
        assert engine.append([b"b"]) > end
