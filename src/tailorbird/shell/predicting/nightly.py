"""Every model that definitions ask for trained where that is due, and everyone scored. One run, in its own process.

python -m tailorbird.shell.predicting.nightly --data DIR
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.predicting.asking import asked_in
from tailorbird.shell.predicting.work import Outcome, predict


def main(argv: Sequence[str] | None = None) -> int:
    """Train and score all; 1 if it failed. A model that has too little to learn from yet is told, and is no failure."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.predicting.nightly")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    engines = Engines(Layout(parser.parse_args(argv).data))
    try:
        questions = [one.question for one in asked_in(engines.definitions, engines.state)]
        for outcome in predict(engines, lambda: time.time_ns() // 1_000_000, questions):
            print(told(outcome), file=sys.stderr)
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    return 0


def told(outcome: Outcome) -> str:
    """What became of one model, in one line."""
    parts = [f"{outcome.question.model}:"]
    if outcome.trouble:
        parts.append(f"not trained: {outcome.trouble}")
    elif outcome.why:
        parts.append(f"trained, because {outcome.why};")
    if outcome.look:
        parts.append(f"{outcome.look.people:,} people scored, {outcome.look.said:,} of them anew.")
    return " ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
