"""`tailorbird rebuild`: the state again, from the lake and the log."""

import time

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, existing


def rebuild(data: Data = DATA) -> None:
    """Fold the state anew from the lake and the log.

    The state of before is thrown away, damaged or not; nothing that happened is lost by it.

    \b
    Examples:
      tailorbird rebuild
      tailorbird rebuild --data /srv/shop

    Stop the server first (exit code 4 otherwise). Interrupted, it is begun again, or ended by the next `serve`.
    """
    from tailorbird.shell.declared import policy_of
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.rebuild import rebuild as run
    from tailorbird.shell.run import Worker

    engines = Engines(existing(data), writes_state=True, fresh_state=True)
    started = time.monotonic()
    try:
        worker = Worker(engines.log, engines.state, engines.keys, policy_of(engines.definitions), engines.lake.sealed)
        with say.progress("Rebuilding", "bytes") as step:
            count = run(worker, engines.lake, lambda offset, end: step(offset / max(end, 1), offset))
    finally:
        engines.close()
    took_s = time.monotonic() - started
    print(f"State rebuilt from {count:,} records in {say.seconds(took_s)} ({count / max(took_s, 0.001):,.0f}/s).")
