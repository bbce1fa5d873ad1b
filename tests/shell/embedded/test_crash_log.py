"""Law 1 on the log: what was acknowledged survives kill -9 of any writer at any instant, in order, whole."""

import random
import threading
from collections import defaultdict

import pytest

from tailorbird.shell.embedded.segment_log import SegmentLog

pytestmark = pytest.mark.slow

# Each batch is [header, filler, filler, ...]; the header names writer, number and size, so a torn batch shows.
WRITER = """
import os, random, sys
from pathlib import Path
from tailorbird.shell.embedded.segment_log import SegmentLog
folder, name = Path(sys.argv[1]), sys.argv[2]
log, chance = SegmentLog(folder / "log", segment_bytes=300_000), random.Random(name)
print("ready", flush=True)
with (folder / f"acknowledged-{name}").open("a", buffering=1) as acknowledged:
    for number in range(1_000_000):
        sizes = [chance.choice((1, 600, 600, 40_000)) for _ in range(chance.randrange(8))]
        fillers = [bytes([chance.randrange(256)]) * size for size in sizes]
        end = log.append([b"%s %d %d" % (name.encode(), number, len(fillers)), *fillers])
        acknowledged.write(f"{number} {end}\\n")
"""


def batches(records):
    """(writer, number) of each whole batch, in order, and where it ends; fails on one that is torn."""
    found, rest = [], list(reversed(records))
    while rest:
        end, header = rest.pop()
        name, number, size = header.split()
        for _ in range(int(size)):
            end, filler = rest.pop()
            assert len(set(filler)) == 1
        found.append(((name.decode(), int(number)), end))
    return found


def all_records(log):
    records = []
    while (batch := log.read(records[-1][0] if records else 0)).records:
        records += batch.records
    return records


def acknowledged(folder):
    lines = [
        (path.name.removeprefix("acknowledged-"), *map(int, line.split()))
        for path in folder.glob("acknowledged-*")
        for line in path.read_text().splitlines()
        if line.count(" ") == 1 and line[-1].isdigit()
    ]
    return {(name, number): end for name, number, end in lines}


def test_acknowledged_batches_survive_killed_writers(tmp_path, victim):
    chance, writers, names = random.Random(20), [], iter(range(1_000))
    for _ in range(50):
        while len(writers) < 3:
            writers.append(victim(WRITER, tmp_path, f"w{next(names)}").wait_ready())
        writers.pop(chance.randrange(3)).kill_within(chance, 0.1)
    for writer in writers:
        writer.kill()
    found = batches(all_records(SegmentLog(tmp_path / "log")))
    numbers = defaultdict(list)
    for (name, number), _ in found:
        numbers[name].append(number)
    assert all(of_one == list(range(len(of_one))) for of_one in numbers.values())
    assert acknowledged(tmp_path).items() <= dict(found).items()
    assert len(acknowledged(tmp_path)) > 100


# So large that the system itself takes a while to copy it: most kills land in the middle of the write.
LARGE_WRITER = """
import sys
from pathlib import Path
from tailorbird.shell.embedded.segment_log import SegmentLog
log = SegmentLog(Path(sys.argv[1]) / "log", segment_bytes=500_000)
print("ready", flush=True)
while True:
    log.append([b"large 0 3", *[b"x" * 10_000_000] * 3])
"""


def test_write_that_was_cut_short_leaves_no_trace(tmp_path, victim):
    log, chance = SegmentLog(tmp_path / "log", segment_bytes=500_000), random.Random(23)
    for number in range(12):
        victim(LARGE_WRITER, tmp_path).wait_ready().kill_within(chance, 0.12)
        log.append([b"small %d 0" % number])
    found = [batch for batch, _ in batches(all_records(log))]
    assert [number for name, number in found if name == "small"] == list(range(12))
    newest = max((tmp_path / "log").glob("*.log"))
    assert int(newest.stem) + newest.stat().st_size == log.end()


def test_reader_beside_killed_writers_sees_what_stays(tmp_path, victim):
    log, seen, done = SegmentLog(tmp_path / "log"), [], threading.Event()

    def follow():
        after = 0
        while not done.is_set():
            log.wait(after, 0.02)
            batch = log.read(after, max_bytes=100_000)
            seen.extend(batch.records)
            after = batch.through

    reader = threading.Thread(target=follow)
    reader.start()
    chance = random.Random(21)
    for name in range(15):
        victim(WRITER, tmp_path, f"w{name}").wait_ready().kill_within(chance, 0.1)
    done.set()
    reader.join()
    assert seen == all_records(log)[: len(seen)]
    assert len(seen) > 100
