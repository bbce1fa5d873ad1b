"""Measure every promised number: `make bench`, or `python -m benchmarks NAME ...` for some of them.

How good recommendations are on the open sets takes hours and is apart: `make bench QUALITY=1`, see `quality.py`.
"""

import importlib
import os
import sys
import time
import traceback
from pathlib import Path

from benchmarks.table import Row, row, save, show

# In this order: what needs a quiet machine first.
NAMES = (
    "fold",
    "timers",
    "trees",
    "vectors",
    "item_to_item",
    "scorers",
    "als",
    "replay",
    "leaf",
    "batch_traits",
    "equivalence",
    "ingest",
    "visible",
    "decide",
    "swap",
    "freshness",
    "fresh_clicks",
    "together",
    "year",
    "idle",
    "kills",
)
RESULTS = Path(__file__).parent / "results.json"


def measured(name: str) -> list[Row]:
    """The rows of one benchmark; one that fails is a row that does not hold, never a gap in the table."""
    started = time.monotonic()
    print(f"{name} ...", end=" ", flush=True)
    try:
        rows: list[Row] = importlib.import_module(f"benchmarks.{name}").run()
    except Exception:
        traceback.print_exc()
        rows = [row(f"{name}: failed, see above", 0.0, "", "runs", False)]
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    return rows


def main() -> int:
    # As `tailorbird evaluate` does, before anybody imports numpy: threads that wait must sleep.
    os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}
    names = sys.argv[1:] or NAMES
    if unknown := [name for name in names if not (RESULTS.parent / f"{name}.py").exists()]:
        asked = unknown[0] in ("-h", "--help")
        print(__doc__ if asked else f"There is no benchmark {unknown[0]!r}.\n" + f"Known: {', '.join(NAMES)}.")
        return 0 if asked else 1
    rows = [r for name in names for r in measured(name)]
    print(show(rows))
    if not sys.argv[1:]:
        save(rows, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
