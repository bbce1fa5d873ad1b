"""Events that a command sends: into the log as a server would, folded here if none is running."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import clock

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines

SOURCE = "cli"
_AT_ONCE = 500


class Sent(NamedTuple):
    """What became of the events."""

    taken: int
    refused: int


def send(engines: "Engines", calls: Iterable[bytes]) -> Sent:
    """Send them all; durable, and folded, when it returns, unless a running server does the folding.

    `engines` are opened with `writes_state`. Raises LogUnavailable with the rest not sent.
    """
    from tailorbird.shell.importing.catch_up import fold_and_seal
    from tailorbird.shell.importing.sink import LogSink, plan_of

    sink = LogSink(engines.log, engines.keys, plan_of(engines.definitions), engines.site_key, SOURCE, clock)
    taken = refused = 0
    for some in _slices(calls):
        sent = sink.send(some)
        taken, refused = taken + sent.taken, refused + len(sent.refused)
    if taken and not fold_and_seal(engines, lambda offset, end: None):
        say.note("A server runs on this folder: it counts them within milliseconds.")
    return Sent(taken, refused)


def _slices(calls: Iterable[bytes]) -> Iterator[list[bytes]]:
    waiting = iter(calls)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some
