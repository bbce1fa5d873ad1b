"""Law 3, compiled: the same log gives the same bytes, whether modules are compiled or not. Else a switch would show."""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from random import Random

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.events import Signal, encode_record
from tailorbird.flow import Fold
from tailorbird.know import seen
from tailorbird.know.force import compiled
from tailorbird.know.language.schema import schema_of
from tailorbird.shell.run import Worker, unsealer
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy
from tailorbird.testing.histories import OneKey
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

TOP = Path(__file__).parent.parent.parent
WORLDS = 6


def digests() -> Iterator[str]:
    """Of every table of each world."""
    schema = schema_of(plan(), policy(), UNDECLARED).plain()
    for seed in range(WORLDS):
        draw = Random(seed)
        lives, drawn = draw_lives(draw, 3), draw_definitions(draw, 6)
        said = {"traits": drawn.traits, "segments": drawn.segments, "schema": schema}
        worker = Worker(MemoryLog(), MemoryState(), OneKey(), Policy())
        worker.fold = Fold(unsealer(OneKey()), Policy(), compiled)
        start = Signal("definitions", lives.events[0].received_at, 1, said)
        worker.log.append(
            [encode_record(one) for one in (start, *lives.events, *(Signal("tick", at, 0) for at in lives.probes))]
        )
        while worker.offset < worker.log.end():
            worker.take(worker.log.read(worker.offset, 20_000))
        worker.finish()
        for name, rows in sorted(worker.state._tables.items()):
            yield f"{seed} {name} {blake2b(repr(sorted(rows.items())).encode(), digest_size=8).hexdigest()}"


@pytest.mark.skipif(seen.__file__.endswith(".py"), reason="nothing is compiled here: scripts/compiled pytest ...")
def test_compiled_modules_leave_the_bytes_of_python() -> None:
    told = subprocess.run([sys.executable, __file__], env={**os.environ, "PYTHONPATH": str(TOP / "src")},
                          check=True, capture_output=True, text=True).stdout.splitlines()  # fmt: skip
    assert told[0].endswith(".py") and len(told) > 10 * WORLDS
    assert list(digests()) == told[1:]


if __name__ == "__main__":
    print(seen.__file__, *digests(), sep="\n")
