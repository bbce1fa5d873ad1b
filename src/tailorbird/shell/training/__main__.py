"""One training, as the batch process runs it:   python -m tailorbird.shell.training --data DIR

It runs in a process of its own, so that its memory goes back and a crash in it harms nothing. Killed midway, it leaves
the model in force as it was.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.training.run import train_and_promote


def main(argv: Sequence[str] | None = None) -> int:
    """Train once. Exit code 0 also when the model was not promoted: the log says why."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.training")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    engines = Engines(Layout(parser.parse_args(argv).data))
    try:
        trained = train_and_promote(engines, int(time.time() * 1000), lambda step: print(step, file=sys.stderr))
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    print(f"{trained.manifest.version} promoted={trained.promoted}: {trained.why}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
