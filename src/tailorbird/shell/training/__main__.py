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
from tailorbird.shell.training.progress import telling
from tailorbird.shell.training.refitting import refit
from tailorbird.shell.training.run import AS_IT_COMES, Wish, train_and_promote


def main(argv: Sequence[str] | None = None) -> int:
    """Train once. Exit code 0 also when the model was not promoted: the log says why."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.training")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--why", default=AS_IT_COMES.why, help="what set it off")
    parser.add_argument("--refit", action="store_true", help="only new tables by the champion's recipe")
    given = parser.parse_args(argv)
    engines = Engines(Layout(given.data))
    now = int(time.time() * 1000)
    try:
        if given.refit:
            trained = refit(engines, now, given.why)
        else:
            with telling(engines.layout, _tell) as tell:
                trained = train_and_promote(engines, now, tell, Wish(why=given.why))
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    print(f"{trained.manifest.version} promoted={trained.promoted}: {trained.why}", file=sys.stderr)
    return 0


def _tell(step: str) -> None:
    print(step, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
