"""What the grocery chain computes of its households, and whom it speaks to: `site/*.yaml` beside this file."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tailorbird.shell.cli.options import clock
from tailorbird.shell.engines import Engines

SITE = Path(__file__).with_name("site")
AUTHOR = "demo"
_PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.1


def define(engines: Engines) -> None:
    """Put the folder's definitions in force; a running server lets everybody meet them within seconds."""
    from tailorbird.shell.in_force import seen_events
    from tailorbird.shell.site import apply_checked, compare, read_site
    from tailorbird.shell.weighing import weigh

    # First what everyone leans to: without it whoever ever bought coffee would lean to coffee.
    weigh(engines, clock())
    changes = compare(engines.definitions, read_site(SITE))
    with engines.state.snapshot() as snapshot:
        seen = seen_events(snapshot)
    apply_checked(engines.definitions, changes, seen, AUTHOR)


def sizes(engines: Engines, check: Callable[[], None]) -> Mapping[str, int]:
    """segment -> people in it, once everybody has met all definitions and predictions; after a minute as it is then.

    `check` is called now and then, to raise if the server is gone.
    """
    from tailorbird.shell.standing import counts, told

    wanted = {one.name for one in engines.definitions.all("segment")}
    until, end = time.monotonic() + _PATIENCE_S, engines.log.end()
    while True:
        check()
        with engines.state.snapshot() as snapshot:
            work = told(snapshot)
            done = snapshot.offset >= end and wanted <= set(work.segments) and not work.reaching
            if done or time.monotonic() > until:
                people = counts(snapshot)
                return {name: people[name] for name in wanted}
        time.sleep(_LOOK_EVERY_S)
