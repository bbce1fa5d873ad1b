"""Each clustering of a site trained anew where that is due, and else brought up to date. One run, in its own process.

python -m tailorbird.shell.clustering.nightly --data DIR
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tailorbird.errors import TailorbirdError
from tailorbird.know.cluster.definition import Clustering
from tailorbird.shell.clustering.work import definitions_of, due, follow, retrain
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout


def main(argv: Sequence[str] | None = None) -> int:
    """Go through all clusterings; one that fails does not hold up the others. 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.clustering.nightly")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    engines = Engines(Layout(parser.parse_args(argv).data))
    try:
        now = int(time.time() * 1000)
        failed = [one.name for one in definitions_of(engines).values() if not turn(engines, one, now)]
    finally:
        engines.close()
    return 1 if failed else 0


def turn(engines: Engines, definition: Clustering, now: int) -> bool:
    """One clustering; whether it went well."""
    try:
        why = due(engines, definition, now)
        model = retrain(engines, definition.name, now) if why else follow(engines, definition.name, now)
    except TailorbirdError as error:
        print(f"{definition.name}: {error}", file=sys.stderr)
        return False
    done = f"trained, because {why}" if why else "followed"
    print(f"{definition.name} {model.manifest.version}: {done}", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main())
