"""Who is at the door: identifiers, basket, consent and the offset token, all from cookies; no session store."""

import json
import re
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from shop import signed

YEAR_S = 31_536_000
SESSION = "homeward"
MOST_LINES, MOST_PIECES = 60, 99  # a cookie holds 4 kB
_ID = re.compile(r"[\w.:-]{1,80}")


class Visitor:
    """One request's visitor. Changes are written back by `save`."""

    def __init__(self, request: Request, secret: bytes) -> None:
        cookies, self._secret = request.cookies, secret
        self._kept = signed.read(cookies.get(SESSION, ""), secret)
        self._offset_came = self.offset = cookies.get("tb_offset", "") if cookies.get("tb_offset", "").isdigit() else ""
        known = cookies.get("tb_anonymous_id", "")
        self._id_came = self.anonymous_id = known if _ID.fullmatch(known) else ""
        self.consent: dict[str, bool] = _consent(cookies.get("tb_consent", ""))
        self.private = request.headers.get("sec-gpc") == "1"  # Global Privacy Control
        self.user_agent = request.headers.get("user-agent", "")
        self.path = request.url.path
        self.looking = request.method != "HEAD" and "prefetch" not in request.headers.get("sec-purpose", "")
        self.cart: dict[str, int] = dict(self._kept.get("cart", {}))
        self.user_id: str = self._kept.get("user", "")
        self.order: dict[str, Any] = self._kept.get("order", {})
        if not self.anonymous_id:
            self.anonymous_id = str(uuid4())

    def may(self, purpose: str) -> bool:
        """What the visitor said; else no if the browser asks for privacy, else yes."""
        return self.consent.get(purpose, not self.private)

    @property
    def person(self) -> dict[str, str]:
        """How decisions know the visitor: not at all without consent."""
        return self.identifiers if self.may("personalization") else {}

    @property
    def identifiers(self) -> dict[str, str]:
        user = {"userId": self.user_id} if self.user_id else {}
        return {**user, "anonymousId": self.anonymous_id}

    @property
    def named(self) -> tuple[str, str]:
        """The strongest identifier, as GET /v1/people wants it."""
        return ("userId", self.user_id) if self.user_id else ("anonymousId", self.anonymous_id)

    @property
    def pieces(self) -> int:
        return sum(self.cart.values())

    def put(self, item_id: str, quantity: int) -> int:
        """Set how many of an item lie in the basket; the difference."""
        before = self.cart.pop(item_id, 0)
        after = max(0, min(MOST_PIECES, quantity))
        if after and (len(self.cart) < MOST_LINES or before):
            self.cart[item_id] = after
        return self.cart.get(item_id, 0) - before

    def sign_in(self, user_id: str) -> None:
        self.user_id = user_id

    def sign_out(self) -> None:
        """The next person at this screen is somebody else."""
        self.user_id, self.cart, self.order = "", {}, {}
        self.anonymous_id = str(uuid4())

    def reached(self, offset: str) -> None:
        """Remember the token of what was just stored, so that the next decision includes it."""
        if offset.isdigit() and int(offset) > int(self.offset or 0):
            self.offset = offset

    def save(self, response: Response) -> None:
        """Write what changed; nothing that identifies without consent to it."""
        if self.anonymous_id != self._id_came and (self.may("analytics") or self.may("personalization")):
            response.set_cookie("tb_anonymous_id", self.anonymous_id, YEAR_S, samesite="lax")
        if self.offset != self._offset_came:
            response.set_cookie("tb_offset", self.offset, 3600, samesite="lax")
        kept = {"cart": self.cart, "user": self.user_id, "order": self.order}
        kept = {name: value for name, value in kept.items() if value}
        if kept != self._kept:
            response.set_cookie(SESSION, signed.sign(kept, self._secret), YEAR_S, httponly=True, samesite="lax")

    def choose(self, choices: dict[str, bool], response: Response) -> None:
        """Keep a choice of purposes where the SDK finds it too."""
        self.consent = {**self.consent, **choices}
        response.set_cookie(
            "tb_consent", quote(json.dumps(self.consent, separators=(",", ":"))), YEAR_S, samesite="lax"
        )


def _consent(cookie: str) -> dict[str, bool]:
    try:
        data = json.loads(unquote(cookie))
    except ValueError:
        return {}
    return {str(name): said for name, said in data.items() if isinstance(said, bool)} if isinstance(data, dict) else {}
