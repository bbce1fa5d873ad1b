"""After an import without a server: fold and seal what was appended, as stream and batch process would."""

from collections.abc import Callable

from tailorbird.errors import StateUnavailable
from tailorbird.shell.declared import policy_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.rebuild import catch_up, from_log
from tailorbird.shell.run import Worker
from tailorbird.shell.sealing import seal_once

Progress = Callable[[int, int], None]  # (offset so far, offset at the end)


def fold_and_seal(engines: Engines, progress: Progress) -> bool:
    """Fold the log into the state and seal it into the lake; False if a running server does that anyway.

    `engines` are opened with `writes_state`; that takes effect only here.
    """
    # A running server's stream worker holds the lock of the state: then it does all this.
    try:
        state = engines.state
    except StateUnavailable:
        return False
    worker = Worker(engines.log, state, engines.keys, policy_of(engines.definitions), engines.lake.sealed)
    catch_up(worker, engines.lake, progress)
    from_log(worker, progress)
    while state.offset() > engines.lake.sealed():
        seal_once(engines.log, state, engines.lake)
    return True
