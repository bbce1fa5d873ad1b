"""How long a question to the lake may take: what is not answered by then is given up, so that others get their turn."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tailorbird.errors import BadRequest
from tailorbird.shell.ports import Lake

PREVIEW_S = 60.0  # of a year of a shop most previews take a second or two, those of clusters ten
_AGAIN_S = 0.2


@contextmanager
def at_most(lake: Lake, seconds: float, what: str) -> Iterator[None]:
    """Let this thread's queries to the lake end after so many seconds; raises BadRequest that says so.

    A lake that cannot be interrupted answers in its own time.
    """
    interrupt = getattr(lake, "interrupt", None)
    done, late = threading.Event(), threading.Event()
    asking = threading.get_ident()

    def watch() -> None:
        if done.wait(seconds):
            return
        late.set()
        # Again and again: it may be between two queries.
        while interrupt is not None and not done.wait(_AGAIN_S):
            interrupt(asking)

    watcher = threading.Thread(target=watch, name="patience", daemon=True)
    watcher.start()
    try:
        yield
    except BadRequest:
        if late.is_set():
            raise BadRequest(f"{what} took more than {seconds:g} s and was given up. Ask for less.") from None
        raise
    finally:
        done.set()
        watcher.join()
