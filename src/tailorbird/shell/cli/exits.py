"""Exit codes that mean something (docs/guide/cli.md), and the errors that lead to them."""

from tailorbird.errors import (
    BadDefinition,
    BadRequest,
    MissingExtra,
    NotAllowed,
    TailorbirdError,
    Unavailable,
)

OK = 0
FAILED = 1  # something broke; the message says what
USAGE = 2  # the command line is wrong
REJECTED = 3  # done, but some rows were not taken, or `doctor` found something; the list says which
UNAVAILABLE = 4  # try again: the disk is full, another process is at work
REFUSED = 5  # a definition, file or value is wrong; nothing was done
MISSING = 6  # an optional part is not installed
NOT_FOUND = 7  # no such person, key, model or folder
INTERRUPTED = 130  # Ctrl-C; 143 for SIGTERM


class NotFound(TailorbirdError):
    """What was asked for is not there; the message says where it was looked for."""


_BY_ERROR: tuple[tuple[type[TailorbirdError], int], ...] = (
    (NotFound, NOT_FOUND),
    (Unavailable, UNAVAILABLE),
    (BadDefinition, REFUSED),
    (BadRequest, REFUSED),
    (NotAllowed, REFUSED),
    (MissingExtra, MISSING),
)


def code_of(error: TailorbirdError) -> int:
    """The exit code for an error.

    >>> code_of(MissingExtra("The demo", "demo")), code_of(TailorbirdError("?"))
    (6, 1)
    """
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), FAILED)
