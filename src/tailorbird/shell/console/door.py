"""Who may enter the console: whoever has the token that lies in the data folder, once; then a cookie.

The link with `?token=...` is printed at start. It sets the cookie and sends the browser on to the same page without the
token, so that it stays in no history and in no `Referer`. Everything is behind the door, the websocket and the static
files too. There is no password, so there is no default one.
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tailorbird.shell.console.markup import div, tag

_MONTH_S = 30 * 86_400
# What Starlette's middleware raises when a browser left before its answer.
_GONE = "No response returned."


class Door:
    """ASGI middleware that lets in by token or cookie, and nobody else."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        # Cookies know no ports: two consoles on one host must not collide.
        self._cookie = f"tailorbird_console_{port}"
        # Made of the token: with a new token all cookies of before are worth nothing.
        self._pass = hashlib.sha256(f"console cookie {token}".encode()).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._knows(Headers(scope=scope)):
            await self._pass_on(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope)(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:
            if str(error) != _GONE:
                raise

    def _knows(self, headers: Headers) -> bool:
        shown = cookie_parser(headers.get("cookie", "")).get(self._cookie, "")
        return hmac.compare_digest(shown.encode(), self._pass.encode()) and _same_site(headers)

    def _answer(self, scope: Scope) -> HTMLResponse | RedirectResponse:
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        offered = dict(query).get("token", "")
        if not hmac.compare_digest(offered.encode(), self._token.encode()):
            return HTMLResponse(_CLOSED, status_code=401)
        rest = urlencode([pair for pair in query if pair[0] != "token"])
        response = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), status_code=303)
        response.set_cookie(self._cookie, self._pass, max_age=_MONTH_S, httponly=True, samesite="lax")
        return response


def _same_site(headers: Headers) -> bool:
    """Whether the request comes from our own page: another site's script must not use this browser's cookie."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


_CLOSED = (
    "<!doctype html><meta charset=utf-8><title>Tailorbird</title>"
    "<style>body{font:16px/1.6 system-ui;background:#f7f4ec;color:#23261f;display:grid;place-items:center;height:90vh}"
    "div{max-width:30em}code{background:#f1ece0;padding:2px 6px;border-radius:5px}</style>"
) + div(
    tag("h1", "This console needs its token"),
    "Open the link that ",
    tag("code", "tailorbird serve"),
    " printed at start; it ends in ",
    tag("code", "?token=..."),
    ". The token also lies in ",
    tag("code", "run/console.token"),
    " below the data folder.",
)
