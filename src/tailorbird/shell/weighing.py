"""What everyone leans to, computed anew once a day and told to the log: what affinities are measured against.

    python -m tailorbird.shell.weighing --data DIR

It asks the lake, in a process of its own, so that its memory goes back. One event never changes everyone; a `baseline`
signal does, at its place in the log and for ever (docs/why/090).
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.events import DAY_MS, HOUR_MS, Signal, encode_record
from tailorbird.know.force import BASELINE, Spoken
from tailorbird.know.tables import META
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.standing import decode_spoken

# A day is over when less than this is missing, so that hourly looks do not drift.
EARLY_MS = HOUR_MS


def weigh_if_due(engines: Engines, now: int, every_ms: int = DAY_MS) -> bool:
    """Weigh if the last time is so long ago; whether a signal was appended."""
    return now - last(engines).at >= every_ms - EARLY_MS and weigh(engines, now)


def weigh(engines: Engines, now: int) -> bool:
    """Append what everyone leans to now (ms), as far as the lake knows; False where nobody had any contact yet."""
    from tailorbird.shell.audience import baseline_of

    found = baseline_of(engines.lake, now)
    if not any(found.values()):
        return False
    version = last(engines).version + 1
    engines.log.append([encode_record(Signal("baseline", now, version, dict(found)))])
    return True


def last(engines: Engines) -> Spoken:
    """The baseline that the worker goes by; one of version 0 before the first."""
    with engines.state.snapshot() as snapshot:
        said = snapshot.get(META, BASELINE)
    return decode_spoken(said) if said else Spoken()


def main(argv: Sequence[str] | None = None) -> int:
    """Weigh if it is due; 1 if that failed."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.weighing")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    engines = Engines(Layout(parser.parse_args(argv).data))
    try:
        weigh_if_due(engines, time.time_ns() // 1_000_000)
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
