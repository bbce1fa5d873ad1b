"""Law 4 for as long as one likes: drawn definitions and lives, live beside DuckDB over a sealed lake, and the words.

python -m benchmarks equivalence              45 seconds, another stretch of seeds each day
EQUIVALENCE_SECONDS=3600 python -m benchmarks equivalence
"""

import os
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.table import Row, row
from tailorbird.testing.trials import Trial, try_one

SECONDS = float(os.environ.get("EQUIVALENCE_SECONDS", "45"))
PEOPLE, DEFINITIONS = 16, 24


def trials(seconds: float, seed: int) -> list[Trial]:
    """As many trials as fit; what differs is printed with the seed that draws it again."""
    done, end = list[Trial](), time.monotonic() + seconds
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            done.append(try_one(Path(folder) / "lake", Random(seed), DEFINITIONS, PEOPLE))
        for example in done[-1].examples:
            print(f"\nseed {seed}: {example}", flush=True)
        seed += 1
    return done


def run() -> list[Row]:
    # Another stretch each day: a fixed one would only ever find what it has found.
    done = trials(SECONDS, seed=int(time.time() // 86_400) * 1_000_000)
    cases, doubted = sum(trial.cases for trial in done), sum(trial.doubted for trial in done)
    differences = sum(trial.differences for trial in done)
    asked = f"of {cases:,} cases in {len(done)} drawn sites"
    return [
        row(f"live == batch disagreements, {asked}", differences, "answers", "0", differences == 0),
        row("  left out because rounding may turn them (to know)", 100 * doubted / max(cases, 1), "%", "< 5",
            doubted < 0.05 * cases),
    ]  # fmt: skip
