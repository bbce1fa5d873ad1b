"""Which pages may call from a browser. No cookies are used, so `*` gives away nothing but what the key gives."""

from tailorbird.shell.http.wire import Header, Request, Response

_METHODS = b"GET, POST, PUT, DELETE, OPTIONS"
_HEADERS = b"authorization, content-type, content-encoding, x-api-key"
_SHOWN = b"x-tailorbird-offset, retry-after"


class Cors:
    """The CORS headers for the allowed origins."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._any = "*" in origins
        self._origins = {origin.encode() for origin in origins}

    def headers(self, request: Request) -> tuple[Header, ...]:
        """What lets the calling page read the answer; () where no page calls or that page may not."""
        origin = request.header(b"origin")
        if not origin or not (self._any or origin in self._origins):
            return ()
        allowed = ((b"access-control-allow-origin", b"*" if self._any else origin),)
        shown = ((b"access-control-expose-headers", _SHOWN),)
        # An answer that differs by origin must not be kept by a cache for another one.
        return allowed + shown if self._any else allowed + shown + ((b"vary", b"origin"),)

    def preflight(self) -> Response:
        """The answer to OPTIONS; who may call is said by `headers`, as for any answer."""
        headers = [
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _HEADERS),
            (b"access-control-max-age", b"86400"),
            (b"allow", _METHODS),
        ]
        return Response(204, b"", headers)
