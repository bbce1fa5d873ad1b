"""What each of our exceptions is in HTTP: one table, used by the hot routes and the others alike."""

from tailorbird.errors import (
    BadDefinition,
    BadRequest,
    LogUnavailable,
    MissingExtra,
    NotAllowed,
    StateUnavailable,
    TailorbirdError,
    TooLarge,
    Unavailable,
)
from tailorbird.shell.http.wire import Header, Response


class TooSlow(TailorbirdError):
    """The body did not arrive in time (HTTP 408)."""


# (exception, status, stable code), the first that fits speaks.
ANSWERS: tuple[tuple[type[TailorbirdError], int, str], ...] = (
    (TooLarge, 413, "too_large"),
    (TooSlow, 408, "too_slow"),
    (BadRequest, 400, "bad_request"),
    (BadDefinition, 422, "bad_definition"),
    (LogUnavailable, 503, "log_unavailable"),
    (StateUnavailable, 503, "state_unavailable"),
    (Unavailable, 503, "unavailable"),
    (MissingExtra, 501, "missing_extra"),
)


def status_and_code(error: TailorbirdError) -> tuple[int, str]:
    """The HTTP status and the stable code of an exception.

    >>> status_and_code(LogUnavailable("disk full")), status_and_code(NotAllowed("no key"))
    ((503, 'log_unavailable'), (401, 'unauthorized'))
    """
    if isinstance(error, NotAllowed):
        return (403, "forbidden") if error.known else (401, "unauthorized")
    for kind, status, code in ANSWERS:
        if isinstance(error, kind):
            return status, code
    return 500, "internal"


def extra_headers(error: TailorbirdError) -> tuple[Header, ...]:
    """What the status asks for besides."""
    if isinstance(error, Unavailable):
        return ((b"retry-after", b"%d" % error.retry_after),)
    if isinstance(error, NotAllowed) and not error.known:
        # Basic would open the browser's dialog.
        return ((b"www-authenticate", b'Bearer realm="tailorbird"'),)
    return ()


def refusal(error: TailorbirdError) -> Response:
    """The answer to a call that raised `error`."""
    status, code = status_and_code(error)
    return Response.of(failure(code, str(error)), status, extra_headers(error))


def failure(code: str, message: str) -> dict[str, object]:
    """The one shape of every error answer.

    >>> failure("not_found", "No item 'p9'.")
    {'success': False, 'error': 'not_found', 'message': "No item 'p9'."}
    """
    return {"success": False, "error": code, "message": message}
